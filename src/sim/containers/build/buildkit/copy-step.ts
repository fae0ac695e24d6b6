import { FilesSource, type Source } from '../build-context.ts'
import { BuildError } from '../build-error.ts'
import { type CopyRequest, placeFiles, takeSources } from '../copy.ts'
import { type Heredoc, type Instruction, jsonForm, substitute, words } from '../dockerfile.ts'
import type { Solver } from './solver.ts'
import type { SolvedStage } from './stage.ts'
import { SolveError } from './status.ts'
import { Workspace } from './workspace.ts'

/** COPY and ADD: files of the context, of another stage, of an image, or written in the Dockerfile. */
export async function copyStep(
  solver: Solver,
  stage: SolvedStage,
  step: Instruction,
  kind: 'ADD' | 'COPY',
): Promise<void> {
  const expand = (text: string) => substitute(text, (name) => stage.environment(name))
  for (const flag of ['parents', 'exclude', 'checksum', 'keep-git-dir'])
    if (step.flags[flag]) throw new SolveError(`not simulated: ${kind} --${flag}`)
  const list = jsonForm(step.rest)?.map(expand) ?? words(expand(step.rest))
  if (list.length < 2) {
    const only = list.length === 1 ? ', but only one was provided. Destination could not be determined' : ''
    throw new SolveError(`dockerfile parse error on line ${step.line}: ${kind} requires at least two arguments${only}`)
  }
  const target = list.at(-1)!
  const absolute = target.startsWith('/')
    ? target
    : `${stage.config.WorkingDir.replace(/\/$/, '')}/${target === '.' ? '' : target.replace(/^\.\//, '')}`
  const fromName = step.flags.from === undefined ? undefined : expand(step.flags.from)
  const chown = step.flags.chown === undefined ? undefined : expand(step.flags.chown)
  const { chmod } = step.flags
  const texts = new Map(step.heredocs.map((heredoc) => [`<<${heredoc.name}`, heredoc]))
  const isText = (source: string) => texts.has(source.replace(/^<<-/, '<<'))
  const sources = list.slice(0, -1)
  if (fromName === undefined && sources.some((source) => !isText(source))) await solver.loadContext()
  const other = fromName === undefined ? undefined : await solver.source(stage, fromName)
  const title = stage.title(expand(step.text))
  const opened = other && new Workspace(solver.daemon, other.layers)
  try {
    const from: Source = opened
      ? new FilesSource(opened.files)
      : texts.size > 0
        ? new WithTexts(solver.context, texts, expand)
        : solver.context
    const request: CopyRequest = {
      kind,
      sources: sources.map((source) => (isText(source) ? source.replace(/^<<-?/, '') : source)),
      target: absolute || '/',
      from,
      fromStage: fromName !== undefined,
      ...(chown ? { chown } : {}),
      ...(chmod ? { chmod } : {}),
    }
    let found: ReturnType<typeof takeSources>
    try {
      found = takeSources(request)
    } catch (error) {
      if (!(error instanceof BuildError)) throw error
      const words = inBuildkitWords(error.message, sources)
      const missing = words.startsWith('failed to calculate')
      solver.reporter.begin(title).fail(words)
      throw new SolveError(missing ? `failed to compute cache key: ${words}` : words)
    }
    const key = stage.nextKey(
      kind,
      found.label,
      found.taken.map((one) => one.name),
      absolute,
      chown ?? '',
      chmod ?? '',
    )
    const history = solver.entry(`${expand(step.text)} # buildkit`)
    await solver.layer(stage, title, key, history, async (workspace) => {
      placeFiles(workspace.files, request, found.taken)
      await solver.daemon.engine.delay(10, 60)
    })
  } finally {
    opened?.close()
  }
}

/** A context with the here-documents of one step. */
class WithTexts implements Source {
  readonly #context: Source
  readonly #texts: ReadonlyMap<string, Heredoc>
  readonly #expand: (text: string) => string

  constructor(context: Source, texts: ReadonlyMap<string, Heredoc>, expand: (text: string) => string) {
    this.#context = context
    this.#texts = texts
    this.#expand = expand
  }

  names(): readonly string[] {
    return this.#context.names()
  }

  take(path: string): ReturnType<Source['take']> {
    const text = this.#texts.get(`<<${path}`)
    if (!text) return this.#context.take(path)
    // Quotes in the text are its own, so only variables are replaced.
    const content = text.expand ? substitute(text.content, variable(this.#expand), true) : text.content
    const bytes = new TextEncoder().encode(content)
    const entry = { name: path, type: 'file' as const, mode: 0o644, uid: 0, gid: 0, modified: 0, content: bytes }
    return { directory: false, entries: [entry], sums: [content] }
  }
}

const variable = (expand: (text: string) => string) => (name: string) => expand(`\${${name}}`)

function inBuildkitWords(message: string, sources: readonly string[]): string {
  const missing = /stat (\S+): file does not exist/.exec(message)?.[1]
  if (missing !== undefined) return `failed to calculate checksum of ref: ${JSON.stringify(`/${missing}`)}: not found`
  if (message.includes('no source files were specified'))
    return `failed to solve: lstat ${sources[0]}: no such file or directory`
  return message
}
