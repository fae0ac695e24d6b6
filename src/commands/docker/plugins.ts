import type { Process } from '../../sim/linux/process.ts'
import { buildx } from './buildx/buildx.ts'
import { compose } from './compose/compose.ts'

/** A program that adds a command to docker; it is there when its file is. */
export interface Plugin {
  readonly name: string
  readonly summary: string
  readonly version: string
  readonly path: string
  run(process: Process, argv: readonly string[]): Promise<number>
}

const FOLDER = '/usr/libexec/docker/cli-plugins'

const PLUGINS: readonly Plugin[] = [
  {
    name: 'buildx',
    summary: 'Docker Buildx',
    version: 'v0.24.0',
    path: `${FOLDER}/docker-buildx`,
    run: buildx,
  },
  {
    name: 'compose',
    summary: 'Docker Compose',
    version: 'v2.36.2',
    path: `${FOLDER}/docker-compose`,
    run: compose,
  },
]

export function installedPlugins(process: Process): Plugin[] {
  return PLUGINS.filter(({ path }) => process.files.exists(path))
}

/** The plugin that a command line is for: `docker compose up`, and `docker build` where buildx is installed. */
export function pluginCall(process: Process): { plugin: Plugin; argv: readonly string[] } | undefined {
  const argv = process.argv.slice(1)
  const installed = installedPlugins(process)
  const own = installed.find(({ name }) => name === argv[0])
  if (own) return { plugin: own, argv: argv.slice(1) }
  const buildxPlugin = installed.find(({ name }) => name === 'buildx')
  if (!buildxPlugin) return undefined
  const words = argv[0] === 'build' ? 1 : argv[1] === 'build' && ['image', 'builder'].includes(argv[0]!) ? 2 : 0
  const classic = /^(?:0|f|false)$/i.test(process.env.get('DOCKER_BUILDKIT') ?? '')
  if (words > 0) return classic ? undefined : { plugin: buildxPlugin, argv: ['build', ...argv.slice(words)] }
  if (argv[0] === 'builder' && argv.length > 1) return { plugin: buildxPlugin, argv: argv.slice(1) }
  return undefined
}
