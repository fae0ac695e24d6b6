import type { Process } from '../../../sim/linux/process.ts'

interface Line {
  id: string
  text: string
  status: string
  state: 'working' | 'done' | 'error'
  parent: string | undefined
  started: number
  ended: number | undefined
}

const MARKS = { working: '⠋', done: '✔', error: '✘' }
const COLOURS = { working: '37', done: '32', error: '31' }

/** What Compose tells of its work on standard error: line by line, or on a terminal in place. */
export class ComposeProgress {
  readonly #process: Process
  readonly #title: string
  readonly #quiet: boolean
  readonly #lines: Line[] = []
  #drawn = 0

  constructor(process: Process, title = 'Running', options: { quiet?: boolean } = {}) {
    this.#process = process
    this.#title = title
    this.#quiet = options.quiet ?? false
  }

  /** Something else is printed now: what follows begins a new list. */
  forget(): void {
    this.#lines.length = 0
    this.#drawn = 0
  }

  /** `Container demo-web-1` is `Creating`. */
  working(id: string, status: string, options: { text?: string; parent?: string } = {}): Promise<void> {
    return this.#event(id, status, 'working', options)
  }

  done(id: string, status: string, options: { text?: string; parent?: string } = {}): Promise<void> {
    return this.#event(id, status, 'done', options)
  }

  failed(id: string, status: string, text = ''): Promise<void> {
    return this.#event(id, status, 'error', { text })
  }

  async #event(
    id: string,
    status: string,
    state: Line['state'],
    { text = '', parent }: { text?: string; parent?: string },
  ): Promise<void> {
    if (this.#quiet) return
    const now = this.#process.uptime()
    const known = this.#lines.find((line) => line.id === id)
    const ended = state === 'working' ? undefined : now
    if (known) Object.assign(known, { text, status, state, ended })
    else this.#lines.push({ id, text, status, state, parent, started: now, ended })
    const tty = this.#process.fds.get(2)?.tty
    if (tty) await this.#draw(tty.size.columns || 80)
    else await this.#process.printError(` ${id} ${text} ${status}\n`)
  }

  async #draw(columns: number): Promise<void> {
    const now = this.#process.uptime()
    const lines = this.#lines.flatMap((line) => {
      if (line.parent !== undefined) return []
      return [line, ...this.#lines.filter((child) => child.parent === line.id)]
    })
    const over = lines.filter(({ state }) => state === 'done').length
    const width = Math.max(...lines.map(({ id, text }) => id.length + 1 + text.length))
    const first = `[+] ${this.#title} ${over}/${lines.length}`
    const body = lines.map(({ id, text, status, state, parent, started, ended }) => {
      const pad = parent === undefined ? '' : '  '
      const label = `${id} ${text}`.padEnd(width)
      const timer = `${(((ended ?? now) - started) / 1000).toFixed(1)}s `
      const plain = `${pad} ${MARKS[state]} ${label} ${status}`
      const gap = ' '.repeat(Math.max(1, columns - plain.length - timer.length))
      const colour = (code: string, part: string) => (part === '' ? '' : `\x1b[${code}m${part}\x1b[0m`)
      const mark = colour(COLOURS[state], MARKS[state])
      return `${pad} ${mark} ${label} ${colour(COLOURS[state], status)}${gap}${colour('34', timer)}\n`
    })
    const up = this.#drawn > 0 ? `\x1b[${this.#drawn}A` : ''
    this.#drawn = body.length + 1
    const title = over === lines.length ? `\x1b[34m${first}\x1b[0m` : first
    await this.#process.printError(
      `${up}\r\x1b[?25l\x1b[2K${title}\n${body.map((line) => `\x1b[2K${line}`).join('')}\x1b[?25h`,
    )
  }
}
