import { toNumber } from '../value.ts'
import type { Builtin, BuiltinCall } from './builtin.ts'

const of =
  (calculate: (x: number, y: number) => number): Builtin =>
  async (call) =>
    calculate(await call.number(0), call.args.length > 1 ? await call.number(1) : 0)

const bits =
  (calculate: (x: bigint, y: bigint) => bigint): Builtin =>
  async (call) =>
    Number(calculate(BigInt(Math.trunc(await call.number(0))), BigInt(Math.trunc(await call.number(1)))))

export const arithmetic = {
  sin: of(Math.sin),
  cos: of(Math.cos),
  atan2: of(Math.atan2),
  exp: of(Math.exp),
  log: of(Math.log),
  sqrt: of(Math.sqrt),
  int: of(Math.trunc),
  and: bits((x, y) => x & y),
  or: bits((x, y) => x | y),
  xor: bits((x, y) => x ^ y),
  lshift: of((x, y) => x * 2 ** y),
  rshift: of((x, y) => Math.floor(x / 2 ** y)),

  rand({ state }: BuiltinCall) {
    state.seed = (Math.imul(state.seed, 1_103_515_245) + 12_345) & 0x7fffffff
    return state.seed / 0x80000000
  },

  async srand({ state, args, process, number }: BuiltinCall) {
    const before = state.seed
    state.seed = args[0] ? await number(0) : Math.floor(process.wallClock() / 1000)
    return before
  },

  async strtonum({ text }: BuiltinCall) {
    const source = await text(0)
    if (/^0[xX]/.test(source)) return Number(source) || 0
    return /^0[0-7]+$/.test(source) ? Number.parseInt(source, 8) : toNumber(source)
  },
}
