import type { CatalogueImage } from '../images/catalogue-registry.ts'
import { alpineBase } from './alpine.ts'

const image = alpineBase.run('stress 1.0.4', 4_000_000, 'apk add stress', ({ executable }) => [
  ['usr/local/bin/stress', executable('stress', { size: 60_000 })],
])

/** The image of the Kubernetes documentation's pages on CPU and memory. */
export const stress: CatalogueImage = {
  repository: 'docker.io/polinux/stress',
  tags: { latest: image, '1.0.4': image },
}
