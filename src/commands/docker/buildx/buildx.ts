import { humanDuration, humanSize } from '../../../sim/containers/units.ts'
import type { Process } from '../../../sim/linux/process.ts'
import { parseRfc3339 } from '../../../sim/time/date.ts'
import { confirm } from '../cli/confirm.ts'
import { DaemonError, EngineClient } from '../cli/engine-client.ts'
import { type Flag, flags } from '../cli/flag.ts'
import { FlagError, parseFlags } from '../cli/flag-values.ts'
import { CommandError, type Session } from '../cli/session.ts'
import { flagUsages } from '../cli/usage.ts'
import { buildWithBuildkit } from './build.ts'
import { BUILD_FLAGS } from './build-flags.ts'

const VERSION = 'v0.24.0'

interface BuildxCommand {
  names: readonly string[]
  usage: string
  summary: string
  flags: readonly Flag[]
  args: number
  run(session: Session): Promise<number>
}

interface CacheRecord {
  ID: string
  Size: number
  LastUsedAt: string
  Shared: boolean
}

const records = async (session: Session) =>
  (await session.client.get<{ BuildCache: CacheRecord[] }>('/system/df')).BuildCache

function recordTable(session: Session, list: readonly CacheRecord[], total: string): string {
  const rows = list.map(({ ID, Size, LastUsedAt }) => {
    const ago = `${humanDuration(session.process.wallClock() - parseRfc3339(LastUsedAt))} ago`
    return `${ID.padEnd(42)}\ttrue \t\t${humanSize(Size).padEnd(10)}\t${ago}\n`
  })
  return `ID\t\t\t\t\t\tRECLAIMABLE\tSIZE\t\tLAST ACCESSED\n${rows.join('')}${total}`
}

const sum = (list: readonly CacheRecord[]) => list.reduce((total, record) => total + record.Size, 0)

const BUILDERS = `NAME/NODE     DRIVER/ENDPOINT   STATUS    BUILDKIT   PLATFORMS
default*      docker
 \\_ default    \\_ default         running   v0.22.0    linux/amd64 (+3), linux/386
`

const COMMANDS: readonly BuildxCommand[] = [
  {
    names: ['build', 'b'],
    usage: '[OPTIONS] PATH | URL | -',
    summary: 'Start a build',
    flags: BUILD_FLAGS,
    args: 1,
    run: buildWithBuildkit,
  },
  {
    names: ['du'],
    usage: '',
    summary: 'Disk usage',
    flags: flags`
      --filter filter   Provide filter values
      --verbose         Provide a more verbose output
`,
    args: 0,
    async run(session) {
      const list = await records(session)
      const shared = list.filter((record) => record.Shared)
      const total = `Shared:\t\t${humanSize(sum(shared))}\nPrivate:\t${humanSize(sum(list) - sum(shared))}\nReclaimable:\t${humanSize(sum(list))}\nTotal:\t\t${humanSize(sum(list))}\n`
      await session.print(list.length > 0 ? recordTable(session, list, total) : 'Reclaimable:\t0B\nTotal:\t\t0B\n')
      return 0
    },
  },
  {
    names: ['ls'],
    usage: '',
    summary: 'List builder instances',
    flags: flags`
      --no-trunc   Don't truncate output
`,
    args: 0,
    async run(session) {
      await session.print(BUILDERS)
      return 0
    },
  },
  {
    names: ['prune'],
    usage: '',
    summary: 'Remove build cache',
    flags: flags`
  -a, --all             Include internal/frontend images
      --filter filter   Provide filter values (e.g., "until=24h")
  -f, --force           Do not prompt for confirmation
      --verbose         Provide a more verbose output
`,
    args: 0,
    async run(session) {
      const all = session.flags.bool('all')
      const warning = all ? 'This will remove all build cache.' : 'This will remove all dangling build cache.'
      if (!(await confirm(session, warning))) return 0
      const before = await records(session)
      await session.client.post('/build/prune', { all: all ? 1 : undefined })
      const left = new Set((await records(session)).map((record) => record.ID))
      const gone = before.filter((record) => !left.has(record.ID))
      const total = `Total:\t${humanSize(sum(gone))}\n`
      await session.print(gone.length > 0 ? recordTable(session, gone, total) : total)
      return 0
    },
  },
  {
    names: ['version'],
    usage: '',
    summary: 'Show buildx version information',
    flags: [],
    args: 0,
    async run(session) {
      await session.print(`github.com/docker/buildx ${VERSION} d0e5e86c8b88ae4865040bc96917c338f4dd673c\n`)
      return 0
    },
  },
]

/** Commands of buildx that nothing here stands for. */
const MISSING = ['bake', 'create', 'dial-stdio', 'history', 'imagetools', 'inspect', 'rm', 'stop', 'use']

/** docker buildx …, and docker build where the plugin is installed. */
export async function buildx(process: Process, argv: readonly string[]): Promise<number> {
  const fail = async (text: string, status = 1) => {
    await process.printError(`${text}\n`)
    return status
  }
  const [name, ...rest] = argv
  const command = COMMANDS.find((candidate) => candidate.names.includes(name ?? ''))
  if (!command) {
    if (name === undefined || name === 'help' || name === '--help') {
      await process.print(help())
      return 0
    }
    if (MISSING.includes(name)) return fail(`ERROR: not simulated: docker buildx ${name}`)
    return fail(
      `ERROR: docker: unknown command: docker buildx ${name}\n\nRun 'docker buildx --help' for more information`,
    )
  }
  const path = `docker buildx ${command.names[0]}`
  const usage = `Usage:  ${path}${command.usage === '' ? '' : ` ${command.usage}`}`
  try {
    const { values, args, help: wantsHelp } = parseFlags(command.flags, rest)
    if (wantsHelp) {
      const columns = (process.fds.get(1)?.tty?.size.columns ?? 80) - 1
      const options = command.flags.length > 0 ? `\nOptions:\n${flagUsages(command.flags, columns)}` : ''
      const aliases =
        command.names[0] === 'build'
          ? '\nAliases:\n  docker build, docker builder build, docker image build, docker buildx b\n'
          : ''
      await process.print(`${usage}\n\n${command.summary}\n${aliases}${options}`)
      return 0
    }
    if (args.length !== command.args) {
      const what = command.args === 0 ? 'accepts no arguments' : `requires ${command.args} argument`
      return await fail(`ERROR: docker: '${path}' ${what}\n\n${usage}\n\nRun '${path} --help' for more information`)
    }
    return await command.run({
      process,
      client: new EngineClient(process, undefined),
      flags: values,
      args,
      path: `buildx ${command.names[0]}`,
      print: (text) => process.print(text),
      printError: (text) => process.printError(text),
    })
  } catch (error) {
    if (error instanceof FlagError)
      return fail(`${error.message}\n\n${usage}\n\nRun '${path} --help' for more information`, 125)
    if (error instanceof DaemonError) return fail(`ERROR: ${error.text}`)
    if (!(error instanceof CommandError)) throw error
    return fail(error.message.startsWith('ERROR: ') ? error.message : `ERROR: ${error.message}`, error.status)
  }
}

function help(): string {
  const list = COMMANDS.map(({ names, summary }) => `  ${names[0]!.padEnd(11)} ${summary}\n`).join('')
  return `Usage:  docker buildx [OPTIONS] COMMAND\n\nExtended build capabilities with BuildKit\n\nCommands:\n${list}\nRun 'docker buildx COMMAND --help' for more information on a command.\n`
}
