import type { World } from '../../sim/world/api.ts'

/** A prompt, alone on the last line: bash's, a container's `/ # `, a continuation's `> `. */
const prompt = /(^|\n)[^\n]*[$#>] $/

// Control sequences: CSI, OSC, and two-character escapes.
const controls = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()#][0-9A-Za-z]|[=>78cDEHM])/g

/** Terminal output as plain text. */
export function plainText(output: string): string {
  return output.replace(controls, '').replaceAll('\r\n', '\n').replaceAll('\r', '')
}

export interface TypedOutput {
  /** What was printed between the typed line and the next prompt. */
  text: string
  /** False when no prompt had come at the deadline. */
  ended: boolean
}

/** Types one line at the learner's terminal, at full speed, and gives what it printed. */
export async function typeLine(world: World, line: string, deadline = 120_000): Promise<TypedOutput> {
  let raw = ''
  // The line first: its echo, which a narrow terminal wraps, is no part of what it prints.
  world.input({ type: 'type', text: line })
  await world.run({ until: world.now + 20 })
  // Whoever begins to listen is first told what stands on the terminal already.
  let live = false
  const stop = world.onOutput((text) => {
    if (live) raw += text
  })
  live = true
  world.input({ type: 'type', text: '\r' })
  let looked = 0
  const done = () => {
    if (raw.length === looked) return false
    looked = raw.length
    return raw.includes('\n') && prompt.test(plainText(raw.slice(Math.max(raw.indexOf('\n'), raw.length - 2000))))
  }
  const result = await world.run({ until: world.now + deadline, when: done })
  stop()
  const output = plainText(raw)
  const body = output.slice(output.indexOf('\n') + 1)
  const ended = result === 'when'
  if (!ended) return { text: body, ended }
  const lastLine = body.lastIndexOf('\n') + 1
  return { text: body.slice(0, lastLine) + beforePrompt(body.slice(lastLine)), ended }
}

/** What an output without a newline at its end left in front of the next prompt. */
function beforePrompt(line: string): string {
  return /^(.+?)(?:learner|root)@[\w.-]+:\S*[$#] $/.exec(line)?.[1] ?? ''
}

/** Types all lines of a script, one after the other; the outputs together. */
export async function typeScript(world: World, script: string, deadline?: number): Promise<TypedOutput> {
  let text = ''
  for (const line of script.split('\n')) {
    const output = await typeLine(world, line, deadline)
    text += output.text
    if (!output.ended) return { text, ended: false }
  }
  return { text, ended: true }
}
