import { dateFields, dateFromFields } from '../../time/date.ts'
import { sprintf } from './format.ts'
import type { Interpreter } from './interpreter.ts'
import type { Expr } from './syntax.ts'
import { compare, fromInput, toNumber, toText, type Value } from './value.ts'

type BuiltIn = (awk: Interpreter, args: readonly Expr[]) => Promise<Value> | Value

const number = async (awk: Interpreter, expr: Expr | undefined) => (expr ? toNumber(await awk.value(expr)) : 0)
const text = async (awk: Interpreter, expr: Expr | undefined) => (expr ? toText(await awk.value(expr)) : '')
const math =
  (fn: (n: number) => number): BuiltIn =>
  async (awk, [a]) =>
    fn(await number(awk, a))

/** sub and gsub: `&` in the replacement is the match, `\\&` an ampersand. */
async function substitute(
  awk: Interpreter,
  [pattern, replacement, target]: readonly Expr[],
  all: boolean,
): Promise<Value> {
  const where: Expr = target ?? { kind: 'field', index: { kind: 'number', value: 0 } }
  const regex = await awk.pattern(pattern!)
  const by = await text(awk, replacement)
  const before = await text(awk, where)
  let count = 0
  const after = before.replace(new RegExp(regex.source, all ? 'gs' : 's'), (match) => {
    count++
    return by.replace(/\\\\|\\&|&/g, (m) => (m === '&' ? match : m === '\\&' ? '&' : '\\'))
  })
  if (count > 0) await awk.assignTo(where, after)
  return count
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

function strftime(format: string, ms: number): string {
  const d = dateFields(ms)
  const pad = (n: number) => String(n).padStart(2, '0')
  const parts: Record<string, string> = {
    Y: String(d.year),
    m: pad(d.month),
    d: pad(d.day),
    H: pad(d.hour),
    M: pad(d.minute),
    S: pad(d.second),
    b: MONTHS[d.month - 1]!,
    a: DAYS[d.weekday]!,
    s: String(Math.floor(ms / 1000)),
    Z: 'UTC',
    z: '+0000',
    n: '\n',
    t: '\t',
    F: `${d.year}-${pad(d.month)}-${pad(d.day)}`,
    T: `${pad(d.hour)}:${pad(d.minute)}:${pad(d.second)}`,
    '%': '%',
    e: String(d.day).padStart(2),
    y: pad(d.year % 100),
  }
  return format.replace(/%(.)/g, (whole, c) => parts[c as string] ?? whole)
}

function sorted(values: Value[]): Map<string, Value> {
  return new Map(values.sort(compare).map((v, i) => [String(i + 1), v]))
}

const BUILT_INS: Record<string, BuiltIn> = {
  length: async (awk, [a]) => {
    if (!a) return awk.record.length
    if (a.kind === 'variable') {
      try {
        return awk.array(a.name).size || (await text(awk, a)).length
      } catch {
        // A scalar after all.
      }
    }
    return [...(await text(awk, a))].length
  },
  substr: async (awk, [s, m, n]) => {
    const chars = [...(await text(awk, s))]
    const from = Math.round(await number(awk, m))
    const to = n ? from + Math.round(await number(awk, n)) : Infinity
    return chars.slice(Math.max(0, from - 1), Math.max(0, to - 1)).join('')
  },
  index: async (awk, [s, t]) => (await text(awk, s)).indexOf(await text(awk, t)) + 1,
  split: async (awk, [s, a, separator]) => {
    const subject = await text(awk, s)
    if (a?.kind !== 'variable') return 0
    const parts =
      separator?.kind === 'regex'
        ? subject === ''
          ? []
          : awk.splitByRegex(subject, awk.regex(separator.text))
        : awk.split(subject, separator ? await text(awk, separator) : awk.text('FS'))
    const array = awk.array(a.name)
    array.clear()
    for (const [i, part] of parts.entries()) array.set(String(i + 1), fromInput(part))
    return parts.length
  },
  sub: (awk, args) => substitute(awk, args, false),
  gsub: (awk, args) => substitute(awk, args, true),
  gensub: async (awk, [pattern, replacement, how, target]) => {
    const regex = await awk.pattern(pattern!)
    const by = await text(awk, replacement)
    const which = await text(awk, how)
    const nth = /^[gG]/.test(which) ? 0 : Math.max(1, Number(which) || 1)
    let count = 0
    return (target ? await text(awk, target) : awk.record).replace(
      new RegExp(regex.source, 'gs'),
      (match, ...groups) => {
        count++
        if (nth !== 0 && count !== nth) return match
        return by.replace(/\\(\d|&|\\)|&/g, (m, d) =>
          m === '&' || d === '0' ? match : /\d/.test(d) ? (groups[Number(d) - 1] ?? '') : d,
        )
      },
    )
  },
  match: async (awk, [s, pattern, array]) => {
    const m = (await awk.pattern(pattern!)).exec(await text(awk, s))
    awk.setVariable('RSTART', m ? m.index + 1 : 0)
    awk.setVariable('RLENGTH', m ? m[0].length : -1)
    if (array?.kind === 'variable') {
      const into = awk.array(array.name)
      into.clear()
      for (const [i, group] of (m ?? []).entries()) if (group !== undefined) into.set(String(i), fromInput(group))
    }
    return m ? m.index + 1 : 0
  },
  sprintf: async (awk, [format, ...rest]) => {
    const values: Value[] = []
    const shape = await text(awk, format)
    for (const arg of rest) values.push(await awk.value(arg))
    return sprintf(shape, values)
  },
  sin: math(Math.sin),
  cos: math(Math.cos),
  exp: math(Math.exp),
  log: math(Math.log),
  sqrt: math(Math.sqrt),
  int: math(Math.trunc),
  compl: math((n) => ~n),
  atan2: async (awk, [a, b]) => Math.atan2(await number(awk, a), await number(awk, b)),
  and: async (awk, [a, b]) => (await number(awk, a)) & (await number(awk, b)),
  or: async (awk, [a, b]) => (await number(awk, a)) | (await number(awk, b)),
  xor: async (awk, [a, b]) => (await number(awk, a)) ^ (await number(awk, b)),
  lshift: async (awk, [a, b]) => (await number(awk, a)) << (await number(awk, b)),
  rshift: async (awk, [a, b]) => (await number(awk, a)) >>> (await number(awk, b)),
  strtonum: async (awk, [a]) => Number(await text(awk, a)) || 0,
  rand: (awk) => awk.process.random.float(),
  srand: async (awk, [a]) => {
    const before = awk.seed
    awk.seed = a ? await number(awk, a) : Math.floor(awk.process.wallClock() / 1000)
    return before
  },
  tolower: async (awk, [a]) => (await text(awk, a)).toLowerCase(),
  toupper: async (awk, [a]) => (await text(awk, a)).toUpperCase(),
  system: async (awk, [a]) => {
    await awk.outputs.flush()
    const child = awk.process.spawn({ argv: ['sh', '-c', await text(awk, a)] })
    return (await awk.process.wait(child)).code ?? 256
  },
  close: async (awk, [a]) => awk.close(await text(awk, a)),
  fflush: async (awk) => {
    await awk.outputs.flush()
    return 0
  },
  systime: (awk) => Math.floor(awk.process.wallClock() / 1000),
  strftime: async (awk, [format, time]) =>
    strftime(
      format ? await text(awk, format) : '%a %b %e %H:%M:%S %Z %Y',
      time ? (await number(awk, time)) * 1000 : awk.process.wallClock(),
    ),
  mktime: async (awk, [a]) => {
    const [y, m, d, h, min, s] = (await text(awk, a)).split(/\s+/).map(Number)
    return dateFromFields(y ?? 1970, m ?? 1, d ?? 1, h, min, s) / 1000
  },
  asort: async (awk, [a]) => {
    if (a?.kind !== 'variable') return 0
    const array = awk.array(a.name)
    const result = sorted([...array.values()])
    array.clear()
    for (const [k, v] of result) array.set(k, v)
    return array.size
  },
  asorti: async (awk, [a, b]) => {
    if (a?.kind !== 'variable') return 0
    const array = awk.array(a.name)
    const result = sorted([...array.keys()])
    const into = b?.kind === 'variable' ? awk.array(b.name) : array
    into.clear()
    for (const [k, v] of result) into.set(k, v)
    return into.size
  },
}

/** Undefined when there is no such function. */
export async function callBuiltIn(awk: Interpreter, name: string, args: readonly Expr[]): Promise<Value | undefined> {
  return BUILT_INS[name]?.(awk, args)
}
