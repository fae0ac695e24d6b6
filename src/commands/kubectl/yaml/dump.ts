import { type Fold, foldedDouble, foldedPlain, foldedSingle } from './fold.ts'
import { doubleQuoted, isPlain, resolvesToOther, singleQuoted } from './scalar.ts'

/** YAML as sigs.k8s.io/yaml prints JSON values: sorted keys, lists not indented under their key. */
export function toYaml(value: unknown): string {
  const out: string[] = []
  if (isMap(value) && keysOf(value).length > 0) writeMap(out, value, 0)
  else if (Array.isArray(value) && value.length > 0) writeList(out, value, 0)
  else out.push(scalar(value, { column: 0, indent: 0 }))
  return `${out.join('\n').replace(/\n$/, '')}\n`
}

type Map_ = Record<string, unknown>

const isMap = (value: unknown): value is Map_ => typeof value === 'object' && value !== null && !Array.isArray(value)

const keysOf = (map: Map_) => Object.keys(map).filter((key) => map[key] !== undefined)

function writeMap(out: string[], map: Map_, indent: number, firstPrefix?: string): void {
  const pad = ' '.repeat(indent)
  let first = true
  for (const key of keysOf(map).sort(compareKeys)) {
    const prefix = first && firstPrefix !== undefined ? firstPrefix : pad
    first = false
    writeEntry(out, `${prefix}${keyText(key)}:`, map[key], indent)
  }
}

function writeEntry(out: string[], head: string, value: unknown, indent: number): void {
  if (isMap(value) && keysOf(value).length > 0) {
    out.push(head)
    writeMap(out, value, indent + 2)
  } else if (Array.isArray(value) && value.length > 0) {
    out.push(head)
    writeList(out, value, indent)
  } else out.push(`${head} ${scalar(value, { column: columns(head) + 1, indent: indent + 2 })}`)
}

function writeList(out: string[], list: unknown[], indent: number): void {
  const pad = ' '.repeat(indent)
  for (const item of list) writeItem(out, `${pad}- `, item, indent)
}

function writeItem(out: string[], prefix: string, item: unknown, indent: number): void {
  if (isMap(item) && keysOf(item).length > 0) writeMap(out, item, indent + 2, prefix)
  else if (Array.isArray(item) && item.length > 0) {
    writeItem(out, `${prefix}- `, item[0], indent + 2)
    for (const inner of item.slice(1)) writeItem(out, `${' '.repeat(indent + 2)}- `, inner, indent + 2)
  } else out.push(`${prefix}${scalar(item, { column: columns(prefix), indent: indent + 2 })}`)
}

function keyText(key: string): string {
  if (key.includes('\n') || key.length > 128) return `? ${doubleQuoted(key)}\n`
  return text(key, undefined)
}

/** Of the last line. */
const columns = (head: string) => [...head.slice(head.lastIndexOf('\n') + 1)].length

function scalar(value: unknown, fold: Fold): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'string') return value.includes('\n') ? block(value, fold) : text(value, fold)
  if (typeof value === 'number') return number(value)
  if (typeof value === 'boolean') return String(value)
  return Array.isArray(value) ? '[]' : '{}'
}

/** Keys are never folded. */
function text(value: string, fold: Fold | undefined): string {
  if (resolvesToOther(value)) return doubleQuoted(value)
  if (isPlain(value)) return fold ? foldedPlain(value, fold) : value
  const single = singleQuoted(value)
  if (single === undefined) return fold ? foldedDouble(value, fold) : doubleQuoted(value)
  return fold ? foldedSingle(value, fold) : single
}

/** A literal block where go-yaml allows one, else a double-quoted scalar. */
function block(value: string, fold: Fold): string {
  if (!literalAllowed(value)) return foldedDouble(value, fold)
  const chomp = value.endsWith('\n') ? (/(^|\n)\n$/.test(value) ? '+' : '') : '-'
  const hint = /^[ \n]/.test(value) ? '2' : ''
  const pad = ' '.repeat(fold.indent)
  const body = value.endsWith('\n') ? value.slice(0, -1) : value
  const lines = body.split('\n').map((line) => (line === '' ? '' : pad + line))
  return `|${hint}${chomp}\n${lines.join('\n')}`
}

function literalAllowed(value: string): boolean {
  if (/[^\t\n\x20-\x7e\x85\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(value) || value.includes('\ufeff'))
    return false
  // A space at the end of the text or before a line break cannot be kept in a block scalar.
  return !/ \n| $|\t/.test(value) || (!/ \n| $/.test(value) && !value.includes('\t'))
}

function number(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return String(value)
  return String(value)
    .replace(/e\+?(-?)(\d)$/, 'e+$10$2')
    .replace('e+-', 'e-')
}

/** go-yaml's key order: letters after other characters, digits by value. */
export function compareKeys(a: string, b: string): number {
  const left = [...a]
  const right = [...b]
  const isLetter = (c: string) => /\p{L}/u.test(c)
  const isDigit = (c: string) => /\p{Nd}/u.test(c)
  let digits = false
  for (let i = 0; i < left.length && i < right.length; i++) {
    const x = left[i]!
    const y = right[i]!
    if (x === y) {
      digits = isDigit(x)
      continue
    }
    const xl = isLetter(x)
    const yl = isLetter(y)
    if (xl && yl) return x < y ? -1 : 1
    if (xl || yl) return digits ? (xl ? -1 : 1) : yl ? -1 : 1
    return compareDigits(left, right, i, isDigit) || (x < y ? -1 : 1)
  }
  return left.length - right.length
}

function compareDigits(left: string[], right: string[], i: number, isDigit: (c: string) => boolean): number {
  let start = i
  if (left[i] === '0' || right[i] === '0') {
    for (let j = i - 1; j >= 0 && isDigit(left[j]!); j--) {
      if (left[j] !== '0') {
        start = j + 1
        break
      }
    }
  }
  const read = (chars: string[]) => {
    let end = start
    while (end < chars.length && isDigit(chars[end]!)) end++
    return { value: Number(chars.slice(start, end).join('') || 0), length: end - start }
  }
  const a = read(left)
  const b = read(right)
  if (a.value !== b.value) return a.value - b.value
  return a.length - b.length
}
