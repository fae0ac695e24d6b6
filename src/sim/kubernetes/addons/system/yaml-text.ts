/** Plain data as a YAML document in block style, as Go's library writes it. For strings that need few quotes. */
export function yamlText(value: object): string {
  return `${lines(value).join('\n')}\n`
}

function lines(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [scalar(value)]
  if (Array.isArray(value)) return value.flatMap((item) => lines(item).map((line, i) => (i === 0 ? '- ' : '  ') + line))
  return Object.entries(value).flatMap(([key, item]) => {
    if (typeof item !== 'object') return [`${key}: ${scalar(item)}`]
    // The items of a list are not indented.
    return [`${key}:`, ...lines(item).map((line) => (Array.isArray(item) ? line : `  ${line}`))]
  })
}

const scalar = (value: unknown): string =>
  typeof value === 'string' && /^[\d.]*$|: |^(true|false|null)$/.test(value) ? JSON.stringify(value) : String(value)
