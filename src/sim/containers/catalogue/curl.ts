import type { CatalogueImage } from '../images/catalogue-registry.ts'
import type { Ingredients } from '../images/recipe.ts'
import { alpineBase } from './alpine.ts'

const curlFile = ({ executable }: Ingredients) => [['usr/bin/curl', executable('curl', { size: 246_408 })]] as const

const image = alpineBase
  .run('curl 8.5.0', 9_800_000, 'apk add --no-cache curl', curlFile)
  .copy(
    'curl entrypoint',
    30,
    '/entrypoint.sh',
    () => [
      [
        'entrypoint.sh',
        {
          content:
            '#!/bin/sh\nset -e\nif [ "${1#-}" != "$1" ] || ! command -v "$1" > /dev/null; then\n  set -- curl "$@"\nfi\nexec "$@"\n',
          mode: 0o755,
        },
      ],
    ],
    'file',
  )
  .entrypoint('/entrypoint.sh')
  .cmd('curl')

export const curl: readonly CatalogueImage[] = [
  { repository: 'docker.io/curlimages/curl', tags: { latest: image, '8.5.0': image } },
  { repository: 'quay.io/curl/curl', tags: { latest: image, '8.5.0': image } },
  { repository: 'docker.io/radial/busyboxplus', tags: { latest: image, curl: image } },
]
