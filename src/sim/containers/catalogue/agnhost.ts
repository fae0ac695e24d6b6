import type { CatalogueImage } from '../images/catalogue-registry.ts'
import { alpineBase } from './alpine.ts'

const image = alpineBase
  .copy(
    'agnhost 2.39',
    126_000_000,
    '/agnhost',
    ({ executable }) => [['agnhost', executable('agnhost', { size: 51_000_000 })]],
    'file',
  )
  .expose('80', '8080', '8081', '9376', '5000')
  .entrypoint('/agnhost')
  .cmd('pause')

const TAGS = { '2.39': image, '2.40': image, '2.43': image, '2.45': image, '2.47': image }

export const agnhost: readonly CatalogueImage[] = [
  { repository: 'registry.k8s.io/e2e-test-images/agnhost', tags: TAGS },
  { repository: 'k8s.gcr.io/e2e-test-images/agnhost', tags: TAGS },
]
