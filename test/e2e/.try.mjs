// test/e2e/driver.ts
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { spawn } from '@lydell/node-pty'
import xterm from '@xterm/headless'

var bundle = resolve(import.meta.dirname, '../../dist/kubebook.js')
var Driver = class {
  #pty
  #terminal
  exited
  /** The learner's data. */
  home
  constructor(args, options = {}) {
    const { columns = 120, rows: rows2 = 36, home = mkdtempSync(join(tmpdir(), 'kubebook-')) } = options
    this.home = home
    this.#terminal = new xterm.Terminal({ cols: columns, rows: rows2, allowProposedApi: true })
    const env = {
      ...process.env,
      CI: 'false',
      KUBEBOOK_HOME: home,
      LANG: 'C.UTF-8',
      TERM: 'xterm-256color',
      ...options.env,
    }
    this.#pty = spawn(process.execPath, [bundle, ...args], { cols: columns, rows: rows2, env, name: 'xterm-256color' })
    this.#pty.onData((data) => this.#terminal.write(data))
    this.exited = new Promise((done) => this.#pty.onExit(({ exitCode }) => done(exitCode)))
  }
  /** The screen's lines. */
  screen() {
    const buffer = this.#terminal.buffer.active
    const lines = []
    for (let y = 0; y < this.#terminal.rows; y++)
      lines.push(buffer.getLine(buffer.baseY + y)?.translateToString(true) ?? '')
    return lines.join('\n')
  }
  /** Waits until the screen shows something; fails with the screen when it does not. */
  async sees(what, timeout = 15e3) {
    const deadline = Date.now() + timeout
    const holds = () => (typeof what === 'string' ? this.screen().includes(what) : what.test(this.screen()))
    while (!holds()) {
      if (Date.now() > deadline)
        throw new Error(`the screen never showed ${what}:
${this.screen()}`)
      await pause(20)
    }
  }
  /** Waits until the screen no longer shows something. */
  async seesNot(what, timeout = 15e3) {
    const deadline = Date.now() + timeout
    while (this.screen().includes(what)) {
      if (Date.now() > deadline)
        throw new Error(`the screen kept showing ${what}:
${this.screen()}`)
      await pause(20)
    }
  }
  press(keys) {
    this.#pty.write(keys)
  }
  /** Types a line as a person would: letters, then Enter. */
  async type(line) {
    for (const char of line) {
      this.#pty.write(char)
      await pause(2)
    }
    this.#pty.write('\r')
  }
  resize(columns, rows2) {
    this.#terminal.resize(columns, rows2)
    this.#pty.resize(columns, rows2)
  }
  kill(signal = 'SIGKILL') {
    this.#pty.kill(signal)
  }
}
var pause = (ms) => new Promise((done) => setTimeout(done, ms))

// ../../tmp/try.ts
var sleep = (ms) => new Promise((r) => setTimeout(r, ms))
var [cols, rows] = (process.env.SIZE ?? '120x36').split('x').map(Number)
var t0 = Date.now()
var d = new Driver(process.argv.slice(2), { columns: cols, rows })
await d.sees('Kubebook')
console.log('first frame', Date.now() - t0)
await sleep(300)
console.log(d.screen())
console.log('=====')
for (const step of (process.env.KEYS ?? '\r').split('|')) {
  if (/^\d+$/.test(step)) await sleep(Number(step))
  else if (step === 'SHOT') {
    console.log(d.screen())
    console.log('=====')
  } else d.press(JSON.parse('"' + step + '"'))
  await sleep(120)
}
console.log(d.screen())
d.kill()
process.exit(0)
