import { awkPrintf } from '../printf.ts'
import type { Value } from '../value.ts'
import type { BuiltinCall } from './builtin.ts'

export const text = {
  async length({ args: [arg], state, text }: BuiltinCall) {
    if (!arg) return state.length(state.currentRecord())
    if (arg.kind === 'variable' && state.scopeOf(arg.name).get(arg.name) instanceof Map)
      return state.array(arg.name).size
    return state.length(await text(0))
  },

  async substr({ args, text, number }: BuiltinCall) {
    const chars = [...(await text(0))]
    const start = Math.round(await number(1))
    const end = args[2] ? start + Math.round(await number(2)) : Number.POSITIVE_INFINITY
    return chars.slice(Math.max(0, start - 1), Math.max(0, end - 1)).join('')
  },

  async index({ text }: BuiltinCall) {
    const [haystack, needle] = [await text(0), await text(1)]
    const at = haystack.indexOf(needle)
    return at < 0 ? 0 : [...haystack.slice(0, at)].length + 1
  },

  async sprintf({ args, state, text, value }: BuiltinCall) {
    const format = await text(0)
    const values: Value[] = []
    for (let i = 1; i < args.length; i++) values.push(await value(i))
    return awkPrintf(format, values, (each) => state.asText(each))
  },

  tolower: async ({ text }: BuiltinCall) => (await text(0)).toLowerCase(),
  toupper: async ({ text }: BuiltinCall) => (await text(0)).toUpperCase(),
}
