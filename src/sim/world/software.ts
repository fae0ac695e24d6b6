import type { ProgramTable } from '../containers/engine.ts'
import type { Ingredients } from '../containers/images/recipe.ts'
import type { LayerEntry } from '../linux/fs/layer.ts'
import { executable } from '../linux/process/executable.ts'
import type { Program } from '../linux/process.ts'
import { programs } from '../programs/index.ts'
import { servers } from '../programs/servers.ts'
import { machineFiles, userland } from '../programs/userlands.ts'

/** Everything that machines and containers of a world can execute, and where their disks have it. */
export interface Software {
  readonly programs: ProgramTable
  /** Executables and settings of a machine's disk: paths without a leading slash. */
  readonly machineFiles: readonly (readonly [string, LayerEntry | string])[]
  readonly ingredients: Ingredients
}

type Installed = Pick<Software, 'machineFiles' | 'ingredients'>

/** What no world changes is made once: by the commands, and the time that images are from. */
const INSTALLED = new WeakMap<ProgramTable, Map<number, Installed>>()

/** `commands` are installed in /usr/local/bin of every machine; `more` are programs that only images have. */
export function makeSoftware(
  commands: ProgramTable,
  made: number,
  more: readonly (readonly [string, Program])[] = [],
): Software {
  const byTime = INSTALLED.get(commands) ?? new Map<number, Installed>()
  INSTALLED.set(commands, byTime)
  const installed = byTime.get(made) ?? install(commands, made)
  byTime.set(made, installed)
  return { ...installed, programs: new Map([...programs, ...servers, ...commands, ...more]) }
}

function install(commands: ProgramTable, made: number): Installed {
  const entry = (program: string, options?: { size?: number }): LayerEntry => ({
    content: executable(program, options?.size),
    mode: 0o755,
  })
  return {
    machineFiles: [
      ...machineFiles(),
      ...[...commands.keys()].map((name) => [`usr/local/bin/${name}`, entry(name)] as const),
    ],
    ingredients: { userland, executable: entry, made },
  }
}
