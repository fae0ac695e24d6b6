import { ApiError } from '../../docker/api-error.ts'
import { type Instruction, parseDockerfile, substitute, words } from '../dockerfile.ts'
import { SolveError, type SourceExcerpt } from './status.ts'

/** One `FROM` with what follows. */
export interface PlannedStage {
  readonly index: number
  /** As in `AS name`, in small letters; undefined without. */
  readonly name: string | undefined
  /** How its steps are labelled; empty when there is only one stage. */
  readonly label: string
  readonly from: Instruction
  /** Image or stage it begins with, arguments replaced. */
  readonly base: string
  readonly steps: readonly Instruction[]
}

export interface Plan {
  readonly stages: readonly PlannedStage[]
  readonly target: PlannedStage
  readonly globals: ReadonlyMap<string, string | undefined>
  readonly instructions: readonly Instruction[]
}

/** The place of an instruction, for the excerpt shown with an error. */
export function excerpt(filename: string, text: string, at: { line: number; end: number }): SourceExcerpt {
  return { filename, text, start: at.line, end: Math.max(at.line, at.end) }
}

/** Takes a Dockerfile apart into stages. Throws SolveError. */
export function planBuild(
  text: string,
  options: { filename: string; target?: string; argument(name: string): string | undefined },
): Plan {
  const { filename } = options
  const wrong = (message: string, at?: { line: number; end: number }) =>
    new SolveError(message, at && excerpt(filename, text, at))
  if (text.trim() === '') throw wrong('the Dockerfile cannot be empty')
  let instructions: Instruction[]
  try {
    instructions = parseDockerfile(text, filename, { heredocs: true })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const line = Number(/line (\d+)/.exec(error.message)?.[1] ?? 0)
    const message = error.message.replace(/^dockerfile parse error line/, 'dockerfile parse error on line')
    throw wrong(withSuggestion(message), line ? { line, end: line } : undefined)
  }
  const globals = new Map<string, string | undefined>()
  const groups: { from: Instruction; steps: Instruction[] }[] = []
  for (const step of instructions) {
    if (step.name === 'FROM') groups.push({ from: step, steps: [] })
    else if (groups.length > 0) groups.at(-1)!.steps.push(step)
    else if (step.name !== 'ARG')
      throw wrong(`dockerfile parse error on line ${step.line}: no build stage in current context`, step)
    else
      for (const word of words(step.rest)) {
        const [name = '', fallback] = word.split(/=(.*)/s)
        const own = fallback === undefined ? undefined : substitute(fallback, (key) => globals.get(key))
        globals.set(name, options.argument(name) ?? own)
      }
  }
  if (groups.length === 0) throw wrong('dockerfile contains no stages to build')
  const stages = groups.map(({ from, steps }, index): PlannedStage => {
    const [base = '', as, name, ...more] = substitute(from.rest, (key) => globals.get(key))
      .trim()
      .split(/\s+/)
    if (more.length > 0 || (as !== undefined && (as.toLowerCase() !== 'as' || name === undefined)))
      throw wrong(
        `dockerfile parse error on line ${from.line}: FROM requires either one or three arguments, but found: ${from.rest}`,
        from,
      )
    if (base === '') throw wrong(`base name (${from.rest}) should not be blank`, from)
    const label = groups.length > 1 ? (name ?? `stage-${index}`) : ''
    return { index, name: name?.toLowerCase(), label, from, base, steps }
  })
  const { target } = options
  const wanted = target
    ? stages.find((stage) => stage.name === target.toLowerCase() || String(stage.index) === target)
    : stages.at(-1)
  if (!wanted) throw wrong(`target stage ${JSON.stringify(target)} could not be found`)
  return { stages, target: wanted, globals, instructions }
}

const INSTRUCTION_NAMES =
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  )

function withSuggestion(message: string): string {
  const word = /unknown instruction: (\S+)$/.exec(message)?.[1]
  if (!word) return message
  const [best] = INSTRUCTION_NAMES.map((name) => ({ name, distance: distance(word, name) })).sort(
    (a, b) => a.distance - b.distance,
  )
  return best && best.distance <= 2 ? `${message} (did you mean ${best.name}?)` : message
}

/** Levenshtein's. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    row = next
  }
  return row[b.length]!
}
