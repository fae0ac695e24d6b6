import type { Entry } from './boot.ts'
import { GuestError, type GuestValue } from './engine/guest.ts'
import type { NodeProcess } from './host/node-process.ts'

/** Node's event loop: the script, then timers, ends of operations and immediates, until nothing is left to wait for. */
export async function runLoop(node: NodeProcess, entry: Entry): Promise<number> {
  const { guest } = node
  /** Ticks, then promise reactions, until neither is left; then the rejections that nobody handled. */
  const settle = () => {
    do guest.settle()
    while (guest.call(entry.ticks) === true)
    guest.call(entry.rejections)
  }
  const turn = (target: Entry[keyof Entry], ...args: GuestValue[]) =>
    node.turn(() => {
      try {
        guest.call(target, ...args)
        while (guest.call(entry.ticks) === true);
        settle()
      } catch (error) {
        if (error instanceof RangeError) return tooDeep(node)
        if (!(error instanceof GuestError)) throw error
        // Stopped from outside: the process ends, works on for ever, or has had too much memory.
        if (!node.stopped) node.exitCode = outOfMemory(node)
      }
    })
  const { mode, file, source, print, kind, modules } = node.invocation
  if (!(await turn(entry.start, JSON.stringify({ mode, file, source, print, kind, modules })))) return end(node)
  for (;;) {
    const signal = node.takeSignal()
    if (signal) {
      if (!(await turn(entry.signal, signal.name, signal.number))) return end(node)
      continue
    }
    const completion = node.takeCompletion()
    if (completion) {
      if (!(await turn(entry.complete, completion.id, completion.error, completion.value))) return end(node)
      continue
    }
    const [alive, due, immediates] = stateOf(node, entry)
    if (due >= 0 && due <= node.uptime + 0.0005) {
      if (!(await turn(entry.timer))) return end(node)
      continue
    }
    if (immediates) {
      if (!(await turn(entry.immediates))) return end(node)
      continue
    }
    if (alive) {
      await node.pause(due)
      continue
    }
    if (!(await turn(entry.beforeExit))) return end(node)
    if (stateOf(node, entry)[0]) continue
    await turn(entry.finish)
    return end(node)
  }
}

function stateOf({ guest }: NodeProcess, entry: Entry): [alive: boolean, due: number, immediates: boolean] {
  const state = guest.context.unwrapResult(guest.context.callFunction(entry.state, guest.context.undefined))
  const [alive, due, immediates] = [0, 1, 2].map((index) => {
    const handle = guest.context.getProp(state, index)
    const value = guest.fromGuest(handle)
    handle.dispose()
    return value
  })
  state.dispose()
  return [alive as boolean, due as number, immediates as boolean]
}

/** The engine's own recursion went deeper than the host's stack: nothing of the script can go on. */
function tooDeep(node: NodeProcess): void {
  node.write(2, `Uncaught:\nRangeError: Maximum call stack size exceeded\n\nNode.js v${node.release.version}\n`)
  if (!node.stopped) node.exitCode = 1
}

/** Past the limit of its control group the kernel ends it; otherwise the heap's own limit does. */
function outOfMemory(node: NodeProcess): number {
  node.process.setMemory(node.residentMemory)
  node.write(
    2,
    '\n<--- Last few GCs --->\n\n\n<--- JS stacktrace --->\n\nFATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n',
  )
  return 134
}

async function end(node: NodeProcess): Promise<number> {
  while (node.exitCode === undefined) await node.process.compute(1000)
  await node.flush()
  return node.exitCode
}
