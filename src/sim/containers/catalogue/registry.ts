import type { CatalogueImage } from '../images/catalogue-registry.ts'
import { alpineBase } from './alpine.ts'

const CONFIG = `version: 0.1
log:
  fields:
    service: registry
storage:
  cache:
    blobdescriptor: inmemory
  filesystem:
    rootdirectory: /var/lib/registry
http:
  addr: :5000
  headers:
    X-Content-Type-Options: [nosniff]
health:
  storagedriver:
    enabled: true
    interval: 10s
    threshold: 3
`

const ENTRYPOINT = `#!/bin/sh

set -e

case "$1" in
    *.yaml|*.yml) set -- registry serve "$@" ;;
    serve|garbage-collect|help|-*) set -- registry "$@" ;;
esac

exec "$@"
`

const image = alpineBase
  .run('registry certificates', 554_000, 'apk add --no-cache ca-certificates')
  .copy(
    'registry 2.8',
    17_300_000,
    '/bin/registry',
    ({ executable }) => [['bin/registry', executable('registry', { size: 17_300_000 })]],
    'file',
  )
  .copy(
    'registry configuration',
    420,
    '/etc/docker/registry/config.yml',
    () => [['etc/docker/registry/config.yml', CONFIG]],
    'file',
  )
  .volume('/var/lib/registry')
  .expose('5000')
  .copy(
    'registry entrypoint',
    215,
    '/entrypoint.sh',
    () => [['entrypoint.sh', { content: ENTRYPOINT, mode: 0o755 }]],
    'file',
  )
  .entrypoint('/entrypoint.sh')
  .cmd('/etc/docker/registry/config.yml')

export const registry: CatalogueImage = {
  repository: 'docker.io/library/registry',
  tags: { latest: image, '2': image, '2.8': image, '2.8.3': image },
}
