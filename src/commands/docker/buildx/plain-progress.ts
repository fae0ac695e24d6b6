import type { SolveStatus } from '../../../sim/containers/build/buildkit/status.ts'
import { amount, logLine, Trace, type TracedStep } from './trace.ts'

/** Shows how a build goes on. */
export interface BuildProgress {
  readonly trace: Trace
  update(status: SolveStatus): Promise<void>
  finish(): Promise<void>
}

/** `--progress=plain`: one line after the other. */
export class PlainProgress implements BuildProgress {
  readonly trace = new Trace()
  readonly #print: (text: string) => Promise<void>
  readonly #printed = new Map<TracedStep, { statuses: Map<string, number>; logs: number }>()
  #current: TracedStep | undefined
  #first = true

  constructor(print: (text: string) => Promise<void>) {
    this.#print = print
  }

  async update(status: SolveStatus): Promise<void> {
    this.trace.add(status)
    const touched = new Set([
      ...(status.vertexes ?? []).map(({ digest }) => digest),
      ...(status.statuses ?? []).map(({ vertex }) => vertex),
      ...(status.logs ?? []).map(({ vertex }) => vertex),
    ])
    let text = ''
    for (const digest of touched) {
      const step = this.trace.find(digest)
      if (step) text += this.#show(step)
    }
    if (text !== '') await this.#print(text)
  }

  #show(step: TracedStep): string {
    const { index, vertex, statuses, logs } = step
    let text = ''
    if (this.#first) text += '#0 building with "default" instance using docker driver\n'
    this.#first = false
    if (this.#current !== step) {
      if (this.#current) text += `#${this.#current.index} ...\n`
      text += `\n#${index} ${vertex.name}\n`
    }
    this.#current = step
    const printed = this.#printed.get(step) ?? { statuses: new Map<string, number>(), logs: 0 }
    this.#printed.set(step, printed)
    for (const status of statuses.values()) {
      if (printed.statuses.get(status.id) === status.timestamp) continue
      printed.statuses.set(status.id, status.timestamp)
      const seconds = ((status.completed ?? status.timestamp) - status.started) / 1000
      const parts = [status.id, amount(status), seconds > 0.01 ? `${seconds.toFixed(1)}s` : '']
      if (status.completed !== undefined) parts.push('done')
      text += `#${index} ${parts.filter((part) => part !== '').join(' ')}\n`
    }
    const over = vertex.completed !== undefined
    while (printed.logs < logs.length && (over || !logs[printed.logs]!.partial))
      text += `#${index} ${logLine(logs[printed.logs++]!)}\n`
    if (over) {
      this.#current = undefined
      if (vertex.error?.endsWith('context canceled')) text += `#${index} CANCELED\n`
      else if (vertex.error !== undefined) text += `#${index} ERROR: ${vertex.error}\n`
      else if (vertex.cached) text += `#${index} CACHED\n`
      else text += `#${index} DONE ${((vertex.completed! - (vertex.started ?? 0)) / 1000).toFixed(1)}s\n`
    }
    return text
  }

  async finish(): Promise<void> {
    const logs = this.trace.errorLogs()
    if (logs !== '') await this.#print(logs)
  }
}
