import { AwkError } from '../awk-error.ts'
import { fromInput } from '../value.ts'
import type { BuiltinCall } from './builtin.ts'

/** In one text: they are made without a rest. */
const MOST_SUBSTITUTIONS = 200_000

export const patterns = {
  async split({ args, state, text }: BuiltinCall) {
    const source = await text(0)
    const [, arg, separator] = args
    if (arg?.kind !== 'variable') throw new AwkError('split: second argument is not an array')
    const parts = !separator
      ? state.splitText(source, state.text('FS'))
      : separator.kind === 'regexp'
        ? state.splitText(source, separator.source, true)
        : state.splitText(source, await text(2))
    const array = state.array(arg.name)
    array.clear()
    for (const [index, part] of parts.entries()) array.set(String(index + 1), fromInput(part))
    return parts.length
  },

  async match({ args, state, text, pattern }: BuiltinCall) {
    const subject = await text(0)
    const found = (await pattern(1)).exec(subject)
    const start = found ? [...subject.slice(0, found.index)].length + 1 : 0
    state.setGlobal('RSTART', start)
    state.setGlobal('RLENGTH', found ? [...found[0]].length : -1)
    if (args[2]?.kind === 'variable') {
      const array = state.array(args[2].name)
      array.clear()
      for (const [index, group] of (found ?? []).entries())
        if (group !== undefined) array.set(String(index), fromInput(group))
    }
    return start
  },

  sub: (call: BuiltinCall) => substitute(call, false),
  gsub: (call: BuiltinCall) => substitute(call, true),

  async gensub({ args, state, text, pattern }: BuiltinCall) {
    const how = args[2] ? await text(2) : '1'
    const wanted = await pattern(0, 'gu')
    const replacement = await text(1)
    const subject = args[3] ? await text(3) : state.currentRecord()
    let count = 0
    return subject.replace(wanted, (found, ...groups) => {
      count++
      if (!/^[gG]/.test(how) && count !== (Number(how) || 1)) return found
      return replacement.replace(/\\(\d)|\\&|&/g, (mark, digit: string | undefined) => {
        if (digit === undefined) return mark === '&' ? found : '&'
        return digit === '0' ? found : String(groups[Number(digit) - 1] ?? '')
      })
    })
  },
}

async function substitute(call: BuiltinCall, all: boolean): Promise<number> {
  const { args, state, text } = call
  const pattern = await call.pattern(0, 'gu')
  const replacement = await text(1)
  const subject = args[2] ? await text(2) : state.currentRecord()
  let count = 0
  let lastEnd = -1
  pattern.lastIndex = 0
  const result = subject.replace(pattern, (found, ...rest) => {
    const offset = rest.find((each) => typeof each === 'number') as number
    if (!all && count > 0) return found
    if (found === '' && offset === lastEnd) return found
    lastEnd = offset + found.length
    if (++count > MOST_SUBSTITUTIONS) throw new AwkError('out of memory')
    return replacement.replace(/\\\\&|\\&|&|\\\\/g, (mark) =>
      mark === '&' ? found : mark === '\\&' ? '&' : mark === '\\\\&' ? `\\${found}` : '\\',
    )
  })
  if (count > 1000) await call.process.compute(count / 1000)
  if (count > 0) await call.assign(args[2] ?? { kind: 'field', index: { kind: 'number', value: 0 } }, result)
  return count
}
