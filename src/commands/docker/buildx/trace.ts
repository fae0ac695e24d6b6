import type { SolveStatus, Vertex, VertexStatus } from '../../../sim/containers/build/buildkit/status.ts'

/** A step as it is known so far. */
export interface TracedStep {
  /** From 1, in the order in which they began. */
  readonly index: number
  vertex: Vertex
  readonly statuses: Map<string, VertexStatus>
  /** Lines of output with the seconds since the step began. */
  readonly logs: { seconds: number; text: string; partial: boolean }[]
}

/** What a build has told, put together from its messages. */
export class Trace {
  readonly steps: TracedStep[] = []
  readonly warnings: string[] = []
  readonly #byDigest = new Map<string, TracedStep>()
  startedAt: number | undefined

  find(digest: string): TracedStep | undefined {
    return this.#byDigest.get(digest)
  }

  add({ vertexes = [], statuses = [], logs = [], warnings = [] }: SolveStatus): void {
    for (const vertex of vertexes) {
      this.startedAt ??= vertex.started
      const known = this.#byDigest.get(vertex.digest)
      if (known) known.vertex = vertex
      else {
        const step = { index: this.steps.length + 1, vertex, statuses: new Map(), logs: [] }
        this.steps.push(step)
        this.#byDigest.set(vertex.digest, step)
      }
    }
    for (const status of statuses) this.#byDigest.get(status.vertex)?.statuses.set(status.id, status)
    for (const { vertex, data, timestamp } of logs) {
      const step = this.#byDigest.get(vertex)
      if (!step) continue
      const seconds = (timestamp - (step.vertex.started ?? timestamp)) / 1000
      const lines = data.split('\n')
      const last = lines.pop()!
      const put = (text: string, partial: boolean) => {
        const before = step.logs.at(-1)
        if (before?.partial) {
          before.text += text
          before.partial = partial
        } else step.logs.push({ seconds, text, partial })
      }
      for (const line of lines) put(line, false)
      if (last !== '') put(last, true)
    }
    this.warnings.push(...warnings.map((warning) => warning.short))
  }

  /** Nothing more will come. */
  cancel(now: number): void {
    for (const step of this.steps)
      if (step.vertex.completed === undefined)
        step.vertex = { ...step.vertex, completed: now, error: 'context canceled' }
  }

  get completed(): number {
    return this.steps.filter(({ vertex }) => vertex.completed !== undefined).length
  }

  /** The output of the steps that failed, shown once more at the end. */
  errorLogs(): string {
    return this.steps
      .filter(({ vertex }) => vertex.error !== undefined && !vertex.error.endsWith('context canceled'))
      .map(
        ({ vertex, logs }) =>
          `------\n > ${vertex.name}:\n${logs.map((line) => `${logLine(line)}\n`).join('')}------\n`,
      )
      .join('')
  }
}

/** `0.235 text`: three decimals below ten seconds, two below a hundred. */
export function logLine({ seconds, text }: { seconds: number; text: string }): string {
  return `${seconds.toFixed(seconds < 10 ? 3 : seconds < 100 ? 2 : 1)} ${text}`
}

/** `134B`, `3.64MB`, `1.20MB / 3.64MB`; empty when nothing is counted. */
export function amount({ current, total }: VertexStatus): string {
  if (total > 0) return `${bytes(current)} / ${bytes(total)}`
  return current > 0 ? bytes(current) : ''
}

function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let unit = 0
  let value = count
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000
  return unit === 0 ? `${count}B` : `${value.toFixed(2)}${units[unit]}`
}
