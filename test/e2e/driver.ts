import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type IPty, spawn } from '@lydell/node-pty'
import xterm from '@xterm/headless'

const bundle = resolve(import.meta.dirname, '../../dist/kubebook.js')

/** The bundle in a real pseudo terminal, its screen read as a person would read it. */
export class Driver {
  readonly #pty: IPty
  readonly #terminal
  readonly exited: Promise<number>
  /** The learner's data. */
  readonly home: string

  constructor(
    args: readonly string[],
    options: { columns?: number; rows?: number; home?: string; env?: Record<string, string> } = {},
  ) {
    const { columns = 120, rows = 36, home = mkdtempSync(join(tmpdir(), 'kubebook-')) } = options
    this.home = home
    this.#terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
    // Ink takes any CI variable for a machine without a reader.
    const env = {
      ...process.env,
      CI: 'false',
      KUBEBOOK_HOME: home,
      LANG: 'C.UTF-8',
      TERM: 'xterm-256color',
      ...options.env,
    }
    this.#pty = spawn(process.execPath, [bundle, ...args], { cols: columns, rows, env, name: 'xterm-256color' })
    this.#pty.onData((data) => this.#terminal.write(data))
    this.exited = new Promise((done) => this.#pty.onExit(({ exitCode }) => done(exitCode)))
  }

  /** The screen's lines. */
  screen(): string {
    const buffer = this.#terminal.buffer.active
    const lines: string[] = []
    for (let y = 0; y < this.#terminal.rows; y++)
      lines.push(buffer.getLine(buffer.baseY + y)?.translateToString(true) ?? '')
    return lines.join('\n')
  }

  /** Waits until the screen shows something; fails with the screen when it does not. */
  async sees(what: string | RegExp, timeout = 15_000): Promise<void> {
    const deadline = Date.now() + timeout
    const holds = () => (typeof what === 'string' ? this.screen().includes(what) : what.test(this.screen()))
    while (!holds()) {
      if (Date.now() > deadline) throw new Error(`the screen never showed ${what}:\n${this.screen()}`)
      await pause(20)
    }
  }

  /** Waits until the screen no longer shows something. */
  async seesNot(what: string, timeout = 15_000): Promise<void> {
    const deadline = Date.now() + timeout
    while (this.screen().includes(what)) {
      if (Date.now() > deadline) throw new Error(`the screen kept showing ${what}:\n${this.screen()}`)
      await pause(20)
    }
  }

  press(keys: string): void {
    this.#pty.write(keys)
  }

  /** Types a line as a person would: letters, then Enter. */
  async type(line: string): Promise<void> {
    for (const char of line) {
      this.#pty.write(char)
      await pause(2)
    }
    this.#pty.write('\r')
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows)
    this.#pty.resize(columns, rows)
  }

  kill(signal = 'SIGKILL'): void {
    this.#pty.kill(signal)
  }
}

export const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))
