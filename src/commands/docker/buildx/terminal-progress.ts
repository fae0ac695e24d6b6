import type { SolveStatus } from '../../../sim/containers/build/buildkit/status.ts'
import type { BuildProgress } from './plain-progress.ts'
import { amount, Trace, type TracedStep } from './trace.ts'

const BLUE = '34'
const RED = '31'
const YELLOW = '33'
const FAINT = '2'
/** Lines of a running step's output that are shown below it. */
const WINDOW = 6

export interface TerminalSize {
  columns: number
  rows: number
}

/** `--progress=tty`: a list that is drawn anew, one line a step. */
export class TerminalProgress implements BuildProgress {
  readonly trace = new Trace()
  readonly #print: (text: string) => Promise<void>
  readonly #size: () => TerminalSize
  readonly #now: () => number
  #drawn = 0

  constructor(print: (text: string) => Promise<void>, size: () => TerminalSize, now: () => number) {
    this.#print = print
    this.#size = size
    this.#now = now
  }

  async update(status: SolveStatus): Promise<void> {
    this.trace.add(status)
    await this.draw(false)
  }

  async finish(): Promise<void> {
    await this.draw(true)
    await this.#print(this.trace.errorLogs())
  }

  async draw(last: boolean): Promise<void> {
    const { columns, rows } = this.#size()
    const { steps, completed, startedAt } = this.trace
    const finished = last && completed > 0 && completed === steps.length
    const seconds = (this.#now() - (startedAt ?? this.#now())) / 1000
    const head = `[+] Building ${seconds.toFixed(1)}s (${completed}/${steps.length}) ${finished ? 'FINISHED' : ''}`
    let lines = steps.flatMap((step) => this.#lines(step, columns))
    if (!last) lines = lines.slice(-Math.max(1, rows - 2))
    const blank = Array<string>(Math.max(0, this.#drawn - lines.length - 1)).fill(`${' '.repeat(columns)}\n`)
    const up = this.#drawn > 0 ? `\x1b[${this.#drawn}A` : ''
    const back = blank.length > 0 ? `\x1b[${blank.length}A\r` : ''
    this.#drawn = lines.length + 1
    const title = align(head, 'docker:default', columns - 1).slice(0, columns)
    await this.#print(`${up}\r\x1b[?25l${title}\n${lines.join('')}${blank.join('')}${back}\x1b[?25h`)
  }

  #lines({ vertex, statuses, logs }: TracedStep, columns: number): string[] {
    const over = vertex.completed !== undefined
    const cancelled = vertex.error?.endsWith('context canceled') ?? false
    const failed = vertex.error !== undefined && !cancelled
    const mark = cancelled ? 'CANCELED ' : failed ? 'ERROR ' : vertex.cached ? 'CACHED ' : ''
    const colour = !over ? undefined : cancelled ? YELLOW : failed ? RED : BLUE
    const now = this.#now()
    const out = [
      line(mark + vertex.name, '', (vertex.completed ?? now) - (vertex.started ?? now), colour, columns),
      ...[...statuses.values()].map((status) =>
        line(
          `=> ${status.id}`,
          amount(status),
          (status.completed ?? now) - status.started,
          status.completed === undefined ? undefined : BLUE,
          columns,
        ),
      ),
    ]
    if (over) return out
    const shown = logs.slice(-WINDOW).map(({ text }) => ` => => # ${text}`.slice(0, columns - 1).padEnd(columns - 1))
    return [...out, ...shown.map((text) => `\x1b[${FAINT}m${text}\x1b[0m\n`)]
  }
}

function align(left: string, right: string, width: number): string {
  return `${left.padEnd(width - right.length - 1)} ${right}`
}

function line(name: string, status: string, ms: number, colour: string | undefined, columns: number): string {
  const seconds = ms < 50 ? 0 : ms / 1000
  const timer = ` ${seconds.toFixed(1)}s`
  const room = columns - 4 - timer.length - 2 - (status === '' ? 0 : status.length + 1)
  const text = align(` => ${name.slice(0, Math.max(0, room))}${status === '' ? '' : ` ${status}`}`, timer, columns - 1)
  return colour === undefined ? `${text}\n` : `\x1b[${colour}m${text}\n\x1b[0m`
}
