import type { ProgramTable } from '../containers/engine.ts'
import type { Ingredients } from '../containers/images/recipe.ts'
import type { LayerEntry } from '../linux/fs/layer.ts'
import { executable } from '../linux/process/executable.ts'
import type { Program } from '../linux/process.ts'
import { programs } from '../programs/index.ts'
import { nginx } from '../programs/nginx/index.ts'
import { pause } from '../programs/pause/index.ts'
import { redisCli, redisServer } from '../programs/redis/index.ts'
import { registry } from '../programs/registry/index.ts'
import { setpriv, suExec } from '../programs/setpriv/index.ts'
import { machineFiles, userland } from '../programs/userlands.ts'

/** Everything that machines and containers of a world can execute, and where their disks have it. */
export interface Software {
  readonly programs: ProgramTable
  /** Executables of a machine's disk: paths without a leading slash. */
  readonly machineFiles: readonly (readonly [string, LayerEntry | string])[]
  readonly ingredients: Ingredients
}

/** What runs in containers only. */
const SERVERS: readonly [string, Program][] = [
  ['nginx', nginx],
  ['pause', pause],
  ['redis-server', redisServer],
  ['redis-cli', redisCli],
  ['registry', registry],
  ['setpriv', setpriv],
  ['su-exec', suExec],
]

/** `commands` are installed in /usr/local/bin of every machine. */
export function makeSoftware(commands: ProgramTable, made: number): Software {
  const entry = (program: string, options?: { size?: number }): LayerEntry => ({
    content: executable(program, options?.size),
    mode: 0o755,
  })
  return {
    programs: new Map([...programs, ...SERVERS, ...commands]),
    machineFiles: [
      ...machineFiles(),
      ...[...commands.keys()].map((name) => [`usr/local/bin/${name}`, entry(name)] as const),
    ],
    ingredients: { userland, executable: entry, made },
  }
}
