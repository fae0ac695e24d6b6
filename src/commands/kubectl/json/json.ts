/** JSON texts as Go's encoding/json writes them. */

/** Keys sorted at every depth, as Go sorts maps. */
export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  const out: Record<string, unknown> = {}
  for (const key of Object.keys(value).sort(byCodePoint)) {
    const field = (value as Record<string, unknown>)[key]
    if (field !== undefined) out[key] = sortKeys(field)
  }
  return out
}

export const byCodePoint = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** `<`, `>`, `&` and the line separators are escaped. */
const escapeHtml = (text: string) =>
  text.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** One line, sorted. */
export function compactJson(value: unknown): string {
  return escapeHtml(encode(sortKeys(value), 0))
}

/** Indented by `indent` spaces; in the order given unless `sorted`. */
export function indentedJson(value: unknown, indent = 4, sorted = true): string {
  return escapeHtml(encode(sorted ? sortKeys(value) : value, indent))
}

function encode(value: unknown, indent: number): string {
  return indent === 0 ? JSON.stringify(value) : stringify(value, indent, 0)
}

/** As JSON.stringify with an indent, but empty objects and lists stay on their line as Go prints them. */
function stringify(value: unknown, indent: number, depth: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null)
  const pad = ' '.repeat(indent * (depth + 1))
  const end = ' '.repeat(indent * depth)
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]'
    return `[\n${value.map((item) => pad + stringify(item, indent, depth + 1)).join(',\n')}\n${end}]`
  }
  const entries = Object.entries(value).filter(([, field]) => field !== undefined)
  if (entries.length === 0) return '{}'
  const lines = entries.map(([key, field]) => `${pad}${JSON.stringify(key)}: ${stringify(field, indent, depth + 1)}`)
  return `{\n${lines.join(',\n')}\n${end}}`
}
