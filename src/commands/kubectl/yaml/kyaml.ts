import { resolvesToOther } from './scalar.ts'

/** KYAML: YAML in flow style, all strings in double quotes, a comma after every entry. */
export function toKyaml(value: unknown): string {
  return `${write(value, 0)}\n`
}

function write(value: unknown, indent: number): string {
  if (Array.isArray(value)) return list(value, indent)
  if (typeof value === 'object' && value !== null) return map(value as Record<string, unknown>, indent)
  if (typeof value === 'string') return JSON.stringify(value)
  return String(value ?? null)
}

function map(value: Record<string, unknown>, indent: number): string {
  const keys = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
  if (keys.length === 0) return '{}'
  const pad = ' '.repeat(indent + 2)
  const lines = keys.map((key) => `${pad}${keyText(key)}: ${write(value[key], indent + 2)},\n`)
  return `{\n${lines.join('')}${' '.repeat(indent)}}`
}

function list(items: unknown[], indent: number): string {
  if (items.length === 0) return '[]'
  if (items.every((item) => typeof item === 'object' && item !== null)) {
    return `[${items.map((item) => write(item, indent)).join(', ')}]`
  }
  const pad = ' '.repeat(indent + 2)
  return `[\n${items.map((item) => `${pad}${write(item, indent + 2)},\n`).join('')}${' '.repeat(indent)}]`
}

function keyText(key: string): string {
  return /^[A-Za-z_][\w./-]*$/.test(key) && !resolvesToOther(key) ? key : JSON.stringify(key)
}
