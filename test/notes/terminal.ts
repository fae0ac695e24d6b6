import { expect } from 'vitest'
import { commands } from '../../src/commands/index.ts'
import { createWorld, type SimulatedWorld } from '../../src/sim/world/create-world.ts'
import type { Topology } from '../../src/sim/world/journal.ts'

/** What is typed, then what its output must show (a text or a pattern), or with `never` must not. */
export type Step = readonly [typed: string, ...expected: Expected[]]
type Expected = string | RegExp | { never: string | RegExp } | { prompt: RegExp }

const drain = () => new Promise<void>((done) => setImmediate(done))
const PROMPT = /(^|[\r\n])[^\r\n]*[$#>] (\r\S*C)?$/
const LONGEST = 15 * 60_000
/** What no command of a course may be answered with, unless the step expects it. */
const LACKING = /not simulated|command not found|unknown (shorthand )?(flag|command)|is not a docker command/

/** The learner's own terminal: each command is typed at the prompt, as a learner types it. */
export class NotesTerminal {
  readonly world: SimulatedWorld
  #output = ''

  private constructor(world: SimulatedWorld) {
    this.world = world
    world.onOutput((text) => {
      this.#output += text
    })
  }

  static async open(topology: Topology, options: { images?: readonly string[] } = {}): Promise<NotesTerminal> {
    const size = { columns: 400, rows: 50 }
    const terminal = new NotesTerminal(await createWorld({ seed: 1, topology, commands, drain, size, ...options }))
    await terminal.#until(PROMPT, '(login)')
    return terminal
  }

  /** Puts a file into the learner's home. */
  write(path: string, content: string): void {
    this.world.input({ type: 'write', path, content })
  }

  /** Back to the learner's own prompt at home, whatever was left open. */
  async home(): Promise<void> {
    for (let i = 0; i < 5; i++) {
      const shown = await this.press('\u0003')
      if (shown.includes('learner@')) break
      await this.run('exit')
    }
    await this.run('cd')
  }

  async does(...steps: readonly Step[]): Promise<void> {
    for (const step of steps) await this.#step(step)
  }

  /** Types a command and gives what it showed. */
  async run(typed: string, prompt = PROMPT): Promise<string> {
    this.#output = ''
    // Nobody types faster.
    await this.world.run({ until: this.world.now + 1000 })
    this.world.input({ type: 'type', text: `${typed.replaceAll('\n', '\r')}\r` })
    return this.#until(prompt, typed, typed.split('\n').length)
  }

  /** Ctrl-C, Ctrl-D and other keys, without Enter. */
  async press(keys: string): Promise<string> {
    this.#output = ''
    this.world.input({ type: 'type', text: keys })
    return this.#until(PROMPT, JSON.stringify(keys))
  }

  async #step([typed, ...expected]: Step): Promise<void> {
    const prompt = expected.find((one): one is { prompt: RegExp } => typeof one === 'object' && 'prompt' in one)?.prompt
    const shown = await this.run(typed, prompt)
    const context = `$ ${typed}\n${shown}`
    for (const one of expected) {
      if (typeof one === 'string') expect(shown, context).toContain(one)
      else if (one instanceof RegExp) expect(shown, context).toMatch(one)
      else if ('never' in one && typeof one.never === 'string') expect(shown, context).not.toContain(one.never)
      else if ('never' in one) expect(shown, context).not.toMatch(one.never)
    }
    const lacking = LACKING.exec(shown)?.[0]
    const foreseen = expected.some((one) => typeof one === 'string' && one.includes(lacking ?? ''))
    if (lacking && !foreseen) expect.fail(context)
  }

  /** `lines`: as many were entered, so what comes before them is only their echo. */
  async #until(prompt: RegExp, typed: string, lines = 0): Promise<string> {
    const when = () => prompt.test(this.#output.slice(-200)) && this.#output.split('\r\n').length > lines
    const result = await this.world.run({ when, until: this.world.now + LONGEST })
    if (result !== 'when') expect.fail(`no prompt after ${typed}:\n${plain(this.#output, typed)}`)
    return plain(this.#output, typed)
  }
}

/** What stands on the screen, without the line that was typed. */
function plain(output: string, typed: string): string {
  const lines = output.split('\r\n').map((line) => {
    // The line editor draws its line anew for each key.
    const drawn = line.split('\r\u001b[J').at(-1)!
    return drawn.replace(/\u001b\[[?\d;]*[A-Za-z]/g, '').replace(/\r/g, '')
  })
  for (const each of typed.split('\n')) {
    const echo = lines.findIndex((line) => line.endsWith(each))
    if (echo >= 0) lines.splice(echo, 1)
  }
  return lines.join('\n')
}
