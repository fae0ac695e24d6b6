import { type Applet, AppletError, say } from '../applet/applet.ts'
import { readInputText } from '../applet/input.ts'

/** Pairs `before after` in an order that keeps all of them. */
export const tsort: Applet = async (call) => {
  const { process } = call
  const path = call.args.find((word) => !word.startsWith('-')) ?? '-'
  const names = (await readInputText(process, path)).split(/\s+/).filter((word) => word !== '')
  const said = path === '-' ? '-' : path
  if (names.length % 2 === 1)
    throw new AppletError(say(call, `${said}: input contains an odd number of tokens`, `${said}: odd input`))
  const waiting = new Map<string, number>()
  const after = new Map<string, string[]>()
  for (let i = 0; i < names.length; i += 2) {
    const [first, second] = [names[i]!, names[i + 1]!]
    for (const name of [first, second]) if (!waiting.has(name)) waiting.set(name, 0)
    if (first === second) continue
    waiting.set(second, waiting.get(second)! + 1)
    after.set(first, [...(after.get(first) ?? []), second])
  }
  const ready = [...waiting].filter(([, count]) => count === 0).map(([name]) => name)
  let printed = 0
  for (const name of ready) {
    await process.print(`${name}\n`)
    printed++
    for (const next of after.get(name) ?? []) {
      waiting.set(next, waiting.get(next)! - 1)
      if (waiting.get(next) === 0) ready.push(next)
    }
  }
  if (printed < waiting.size) throw new AppletError(say(call, `${said}: input contains a loop:`, `${said}: cycle`))
  return 0
}
