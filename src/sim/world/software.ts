import type { ProgramTable } from '../containers/engine.ts'
import type { Ingredients } from '../containers/images/recipe.ts'
import { type LayerDirectory, type LayerEntry, makeLayer } from '../linux/fs/layer.ts'
import { executable } from '../linux/process/executable.ts'
import type { Program } from '../linux/process.ts'
import { ash, bash, dash } from '../linux/shell/main.ts'
import { asProgram } from '../programs/applet/applet.ts'
import { awk } from '../programs/awk/awk.ts'
import { cat } from '../programs/coreutils/cat.ts'
import { cut } from '../programs/coreutils/cut.ts'
import { head } from '../programs/coreutils/head.ts'
import { sort } from '../programs/coreutils/sort.ts'
import { tail } from '../programs/coreutils/tail.ts'
import { tr } from '../programs/coreutils/tr.ts'
import { uniq } from '../programs/coreutils/uniq.ts'
import { wc } from '../programs/coreutils/wc.ts'
import { nginx } from '../programs/nginx/index.ts'
import { pause } from '../programs/pause/index.ts'
import { redisCli, redisServer } from '../programs/redis/index.ts'
import { sed } from '../programs/sed/sed.ts'
import { grep } from '../programs/text/grep.ts'

/** Everything that machines and containers of a world can execute, and where their disks have it. */
export interface Software {
  readonly programs: ProgramTable
  /** Executables of a machine's disk: paths without a leading slash. */
  readonly machineFiles: readonly (readonly [string, LayerEntry | string])[]
  readonly ingredients: Ingredients
}

const APPLETS = { awk, cat, cut, head, sort, tail, tr, uniq, wc, grep, sed }

const sleep: Program = async (process) => {
  const unit = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
  for (const word of process.argv.slice(1)) {
    if (word === 'infinity') await process.sleep(1e12)
    const m = /^([\d.]+)([smhd]?)$/.exec(word)
    if (!m) {
      await process.printError(`sleep: invalid time interval '${word}'\n`)
      return 1
    }
    await process.sleep(Number(m[1]) * unit[(m[2] || 's') as 's'])
  }
  return 0
}

const PROVISIONAL: [string, Program, string[]][] = [
  ['bash', bash, ['bin/bash']],
  ['dash', dash, ['bin/sh']],
  ['ash', ash, []],
  ['sleep', sleep, ['bin/sleep']],
  ...Object.entries(APPLETS).map(
    ([name, applet]) => [name, asProgram(applet, 'gnu'), [`usr/bin/${name}`]] as [string, Program, string[]],
  ),
  ['nginx', nginx, []],
  ['pause', pause, []],
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
    ['bin/sleep', entry('sleep')],
    ...Object.keys(APPLETS).map((name) => [`bin/${name}`, entry(name)] as const),
  ])
  return {
    programs: new Map([...PROVISIONAL.map(([name, program]) => [name, program] as const), ...commands]),
    machineFiles,
    ingredients: { userland: () => busybox, executable: entry, made },
  }
}
