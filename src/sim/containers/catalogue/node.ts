import type { CatalogueImage } from '../images/catalogue-registry.ts'
import type { Recipe } from '../images/recipe.ts'
import { alpineBase } from './alpine.ts'
import { debianBase } from './debian.ts'

const ENTRYPOINT = `#!/bin/sh
set -e

# options, and names that are no command, are for node
if [ "\${1#-}" != "\${1}" ] || [ -z "$(command -v "\${1}")" ]; then
  set -- node "$@"
fi

exec "$@"
`

function node(base: Recipe, flavour: string, version: string, size: number): Recipe {
  return base
    .env('NODE_VERSION', version)
    .run(`node ${version} ${flavour}`, size, 'make install', ({ executable }) => [
      ['usr/local/bin/node', executable('node', { size: 97_000_000 })],
      ['usr/local/bin/npm', executable('npm', { size: 2_000 })],
      ['usr/local/bin/docker-entrypoint.sh', { content: ENTRYPOINT, mode: 0o755 }],
    ])
    .entrypoint('docker-entrypoint.sh')
    .cmd('node')
}

const latest = node(debianBase, 'full', '20.11.0', 1_050_000_000)
const slim = node(debianBase, 'slim', '20.11.0', 150_000_000)
const alpine = node(alpineBase, 'alpine', '20.11.0', 126_000_000)

export const nodejs: CatalogueImage = {
  repository: 'docker.io/library/node',
  tags: {
    latest,
    lts: latest,
    '20': latest,
    slim,
    '20-slim': slim,
    alpine,
    'lts-alpine': alpine,
    '20-alpine': alpine,
    '18-alpine': alpine,
  },
}
