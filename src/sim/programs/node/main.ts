import { SystemError } from '../../linux/errors.ts'
import type { Process } from '../../linux/process.ts'
import { concatBytes } from '../../linux/shell/bytes.ts'
import { parseArguments } from './arguments.ts'
import { boot } from './boot.ts'
import { loadEngine } from './engine/quickjs.ts'
import { type Invocation, NodeProcess } from './host/node-process.ts'
import { runLoop } from './loop.ts'
import { releaseOf } from './version.ts'

/** CPU time until the first line of a script. */
const START = 35

/** `node`: runs a script, text, standard input or a conversation. */
export async function main(process: Process): Promise<number> {
  const release = releaseOf(process.env)
  const asked = parseArguments(process.argv.slice(1), release)
  if ('text' in asked) {
    await (asked.status === 0 ? process.print(asked.text) : process.printError(asked.text))
    return asked.status
  }
  const invocation = await complete(process, asked)
  const node = new NodeProcess(process, await loadEngine(process.machine.world.waiting), release, invocation)
  process.setMemory(node.residentMemory)
  await process.compute(START)
  if (readsInputAtOnce(process, invocation)) node.input = await readInput(process)
  return runLoop(node, boot(node))
}

/** Without a file, standard input is the script; at a terminal, a conversation. */
async function complete(process: Process, asked: Invocation): Promise<Invocation> {
  if (asked.mode !== 'repl') return asked
  if (process.stdin.tty || asked.execArgv.includes('-i')) return asked
  const source = new TextDecoder().decode(await readInput(process))
  return { ...asked, mode: 'stdin', source }
}

/** A script can't be suspended in the middle of `readFileSync(0)`, so what it will read is read before it begins. */
function readsInputAtOnce(process: Process, { source, file }: Invocation): boolean {
  let text = source
  try {
    if (text === undefined && file) text = process.files.readText(file)
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
  }
  return /read(?:File)?Sync\(\s*(?:0\b|['"]\/dev\/stdin|process\.stdin\.fd)/.test(text ?? '')
}

async function readInput(process: Process): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for (;;) {
    const piece = await process.stdin.read(65_536)
    if (piece.length === 0) break
    pieces.push(piece)
  }
  return concatBytes(pieces)
}
