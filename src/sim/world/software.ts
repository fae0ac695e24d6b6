import type { ProgramTable } from '../containers/engine.ts'
import type { Ingredients } from '../containers/images/recipe.ts'
import { type LayerDirectory, type LayerEntry, makeLayer } from '../linux/fs/layer.ts'
import { executable } from '../linux/process/executable.ts'
import type { Program } from '../linux/process.ts'
import { ash, bash, dash } from '../linux/shell/main.ts'
import { nginx } from '../programs/nginx/index.ts'
import { redisCli, redisServer } from '../programs/redis/index.ts'

/** Everything that machines and containers of a world can execute, and where their disks have it. */
export interface Software {
  readonly programs: ProgramTable
  /** Executables of a machine's disk: paths without a leading slash. */
  readonly machineFiles: readonly (readonly [string, LayerEntry | string])[]
  readonly ingredients: Ingredients
}

const PROVISIONAL: [string, Program, string[]][] = [
  ['bash', bash, ['bin/bash']],
  ['dash', dash, ['bin/sh']],
  ['ash', ash, []],
  ['nginx', nginx, []],
  ['redis-server', redisServer, []],
  ['redis-cli', redisCli, []],
]

/** `commands` are installed in /usr/local/bin of every machine. */
export function makeSoftware(commands: ProgramTable, made: number): Software {
  const entry = (program: string, options?: { size?: number }): LayerEntry => ({
    content: executable(program, options?.size),
    mode: 0o755,
  })
  const machineFiles = [
    ...PROVISIONAL.flatMap(([name, , paths]) => paths.map((path) => [path, entry(name)] as const)),
    ...[...commands.keys()].map((name) => [`usr/local/bin/${name}`, entry(name)] as const),
  ]
  const busybox: LayerDirectory = makeLayer([
    ['etc/passwd', 'root:x:0:0:root:/root:/bin/sh\n'],
    ['etc/group', 'root:x:0:\n'],
    ['tmp', { directory: true, mode: 0o1777 }],
    ['root', { directory: true }],
    ['bin/sh', entry('ash')],
  ])
  return {
    programs: new Map([...PROVISIONAL.map(([name, program]) => [name, program] as const), ...commands]),
    machineFiles,
    ingredients: { userland: () => busybox, executable: entry, made },
  }
}
