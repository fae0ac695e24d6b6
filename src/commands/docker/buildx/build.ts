import type { SolveStatus, SourceExcerpt } from '../../../sim/containers/build/buildkit/status.ts'
import { InvalidReference, parseReference } from '../../../sim/containers/images/reference.ts'
import { buildPairs, makeContext } from '../cli/build-context.ts'
import { absolute } from '../cli/container-options.ts'
import { CommandError, type Session } from '../cli/session.ts'
import { type BuildProgress, PlainProgress } from './plain-progress.ts'
import { TerminalProgress } from './terminal-progress.ts'

const MODES = ['auto', 'plain', 'tty', 'quiet', 'rawjson']
/** Flags that BuildKit has and that nothing here stands for. */
const MISSING = ['secret', 'ssh', 'output', 'push', 'cache-to', 'build-context', 'attest', 'annotation', 'sbom']
/** How often a display on a terminal is drawn anew while a step runs, virtual ms. */
const REDRAW = 500

type Message = {
  id?: string
  aux?: SolveStatus & { ID?: string }
  error?: string
  errorDetail?: { source?: SourceExcerpt }
}

/** docker build with BuildKit: progress on standard error. Throws CommandError. */
export async function buildWithBuildkit(session: Session, options: { service?: string } = {}): Promise<number> {
  const { client, flags, process } = session
  const failed = (text: string) => new CommandError(`ERROR: failed to build: ${text}`)
  for (const name of MISSING)
    if (flags.has(name)) throw new CommandError(`ERROR: not simulated: docker build --${name}`)
  const mode = flags.string('progress') ?? process.env.get('BUILDKIT_PROGRESS') ?? 'auto'
  if (!MODES.includes(mode)) throw failed(`invalid progress mode ${mode}`)
  const tags = flags.list('tag')
  for (const tag of tags) checkTag(tag, failed)
  const sent = await makeContext(session, { lenient: true, ownIgnoreFile: true }).catch((error: unknown) => {
    if (!(error instanceof CommandError)) throw error
    throw error.message.startsWith('not simulated')
      ? new CommandError(`ERROR: ${error.message}`)
      : failed(error.message)
  })
  const wanted = flags.string('file')
  const dockerfilename =
    wanted === undefined || wanted === '-' ? 'Dockerfile' : wanted.slice(wanted.lastIndexOf('/') + 1)
  const quiet = flags.bool('quiet') || mode === 'quiet'
  const progress = makeProgress(session, mode, quiet)
  const stream = await client.stream('POST', '/build', {
    query: {
      version: 2,
      t: tags,
      dockerfile: sent.dockerfile,
      dockerfilename,
      buildargs: JSON.stringify(buildPairs(session, flags.list('build-arg'))),
      labels: JSON.stringify(buildPairs(session, flags.list('label'))),
      target: flags.string('target'),
      networkmode: flags.string('network'),
      nocache: flags.bool('no-cache') ? 1 : undefined,
      pull: flags.bool('pull') ? 1 : undefined,
      ignored: JSON.stringify(sent.ignored),
    },
    body: sent.archive,
  })
  process.on('SIGINT', () => {
    progress.trace.cancel(process.wallClock())
    stream.close()
  })
  let id: string | undefined
  let error: Message | undefined
  const ticking = tick(session, progress)
  for await (const message of stream as AsyncIterable<Message>) {
    if (message.error !== undefined) error = message
    else if (message.id === 'moby.image.id') id = message.aux!.ID
    else if (message.aux && mode === 'rawjson') await session.printError(`${JSON.stringify(message.aux)}\n`)
    else if (message.aux) await progress.update(forService(message.aux, options.service))
  }
  ticking.stop()
  if (!error && id === undefined) error = { error: 'Canceled: context canceled' }
  if (!quiet && mode !== 'rawjson') await progress.finish()
  await showWarnings(session, progress, quiet)
  if (error) {
    const shown = error.errorDetail?.source
    if (shown) await session.printError(excerptText(shown))
    throw failed(`failed to solve: ${error.error}`)
  }
  if (quiet) await session.print(`${id}\n`)
  const idFile = flags.string('iidfile')
  if (idFile) process.files.write(absolute(process.cwd, idFile), id!)
  return 0
}

/** Compose puts the service's name before each step. */
function forService(status: SolveStatus, service: string | undefined): SolveStatus {
  if (service === undefined) return status
  const name = (text: string) => (text.startsWith('[') ? `[${service} ${text.slice(1)}` : `[${service}] ${text}`)
  return { ...status, vertexes: status.vertexes?.map((vertex) => ({ ...vertex, name: name(vertex.name) })) ?? [] }
}

function makeProgress(session: Session, mode: string, quiet: boolean): BuildProgress {
  const { process } = session
  if (quiet) return new PlainProgress(async () => {})
  const tty = process.fds.get(2)?.tty
  if (mode === 'tty' && !tty) throw new CommandError('ERROR: failed to get console: provided file is not a console')
  if (!tty || mode === 'plain' || mode === 'rawjson') return new PlainProgress(session.printError)
  return new TerminalProgress(
    session.printError,
    () => ({ columns: tty.size.columns || 80, rows: tty.size.rows || 24 }),
    () => process.wallClock(),
  )
}

/** Keeps the times on a terminal going while a step says nothing. */
function tick(session: Session, progress: BuildProgress): { stop(): void } {
  let running = progress instanceof TerminalProgress
  const loop = async () => {
    while (running && progress instanceof TerminalProgress) {
      await session.process.sleep(REDRAW)
      if (running) await progress.draw(false)
    }
  }
  loop().catch(() => {})
  return {
    stop: () => {
      running = false
    },
  }
}

function checkTag(tag: string, failed: (text: string) => CommandError): void {
  try {
    parseReference(tag)
  } catch (error) {
    if (!(error instanceof InvalidReference)) throw error
    throw failed(`invalid tag ${JSON.stringify(tag)}: ${error.message}`)
  }
}

async function showWarnings(session: Session, progress: BuildProgress, quiet: boolean): Promise<void> {
  const { warnings } = progress.trace
  if (quiet || warnings.length === 0) return
  const title = `${warnings.length === 1 ? '1 warning' : `${warnings.length} warnings`} found (use docker --debug to expand):\n`
  const coloured = progress instanceof TerminalProgress ? `\x1b[33m${title}\x1b[0m` : title
  await session.printError(`\n ${coloured}${warnings.map((text) => ` - ${text}\n`).join('')}`)
}

/** The lines of the Dockerfile around those that failed. */
function excerptText({ filename, text, start: first, end: last }: SourceExcerpt): string {
  const lines = text.split('\n')
  const bottom = Math.min(last, lines.length)
  if (first < 1 || first > lines.length) return ''
  const padding = first === bottom ? 4 : 2
  let start = first
  let end = bottom
  for (let added = 0; added < padding; added++) {
    if (start > 1) {
      start--
      added++
    }
    if (end !== lines.length) {
      end++
      added++
    }
  }
  const rule = `${'-'.repeat(20)}\n`
  const body = lines
    .slice(start - 1, end)
    .map((line, i) => {
      const number = start + i
      return ` ${String(number).padStart(3)} | ${number >= first && number <= bottom ? '>>>' : '   '} ${line}\n`
    })
    .join('')
  return `${filename}:${first}\n${rule}${body}${rule}`
}
