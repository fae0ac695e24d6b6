import type { CatalogueImage } from '../images/catalogue-registry.ts'
import type { Recipe } from '../images/recipe.ts'
import { alpineBase } from './alpine.ts'
import { debianBase } from './debian.ts'

const ENTRYPOINT = `#!/bin/sh
set -e

# Run command with node if the first argument contains a "-" or is not a system command. The last
# part inside the "{}" is a workaround for the following bug in ash/dash:
# https://bugs.debian.org/cgi-bin/bugreport.cgi?bug=874264
if [ "\${1#-}" != "\${1}" ] || [ -z "$(command -v "\${1}")" ] || { [ -f "\${1}" ] && ! [ -x "\${1}" ]; }; then
  set -- node "$@"
fi

exec "$@"
`

function node(base: Recipe, flavour: string, version: string, size: number): Recipe {
  return base
    .env('NODE_VERSION', version)
    .env('YARN_VERSION', '1.22.22')
    .run(`node ${version} ${flavour}`, size, 'make install', ({ executable }) => [
      ['usr/local/bin/node', executable('node', { size: 97_000_000 })],
      ['usr/local/bin/nodejs', { target: '/usr/local/bin/node' }],
      ['usr/local/bin/npm', executable('npm', { size: 2_000 })],
      ['usr/local/bin/npx', executable('npx', { size: 2_000 })],
      ['usr/local/bin/docker-entrypoint.sh', { content: ENTRYPOINT, mode: 0o755 }],
      ['usr/local/lib/node_modules', { directory: true }],
      ['home/node', { directory: true, uid: 1000, gid: 1000 }],
    ])
    .entrypoint('docker-entrypoint.sh')
    .cmd('node')
}

/** The release of each line that the registry has. */
const RELEASES = { 18: '18.20.8', 20: '20.20.2', 22: '22.21.1', 24: '24.11.1' } as const
const LTS = 24

const tags: Record<string, Recipe> = {}
for (const [line, version] of Object.entries(RELEASES)) {
  const flavours = {
    '': node(debianBase, 'full', version, 1_050_000_000),
    '-slim': node(debianBase, 'slim', version, 150_000_000),
    '-alpine': node(alpineBase, 'alpine', version, 126_000_000),
  }
  for (const [flavour, recipe] of Object.entries(flavours)) {
    const names = [line, version, version.split('.').slice(0, 2).join('.')]
    if (Number(line) === LTS) names.push('lts', 'latest', 'current')
    for (const name of names)
      tags[name === 'latest' && flavour !== '' ? flavour.slice(1) : `${name}${flavour}`] = recipe
    for (const name of flavour === '' ? [line, ...(Number(line) === LTS ? ['lts'] : [])] : [])
      for (const debian of ['bookworm', 'bullseye']) tags[`${name}-${debian}`] = recipe
    if (flavour === '-slim') for (const debian of ['bookworm', 'bullseye']) tags[`${line}-${debian}-slim`] = recipe
  }
}

export const nodejs: CatalogueImage = { repository: 'docker.io/library/node', tags }
