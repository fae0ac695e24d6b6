/** Whether two outputs are equal but for what differs from one run to the next. `…` alone on a line stands for any lines. */
export function sameOutput(shown: string, printed: string): boolean {
  const a = normalise(shown)
  const b = normalise(printed)
  if (!a.includes('\n…\n') && !a.startsWith('…\n') && !a.endsWith('\n…')) return a === b
  const pattern = a
    .split('\n')
    .map((line) => (line === '…' ? '(?:[^\\n]*\\n)*?[^\\n]*' : line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
  return new RegExp(`^${pattern.join('\n')}$`).test(b)
}

const rules: readonly [RegExp, string][] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>'],
  [/\bsha256:[0-9a-f]{12,64}\b/g, '<digest>'],
  [/\b[0-9a-f]{12}\b|\b[0-9a-f]{64}\b/g, '<id>'],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?/g, '<time>'],
  [/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun),? .*?\d\d:\d\d:\d\d( [+-]\d{4}| UTC)?( \d{4})?/g, '<time>'],
  [/\b(10|172|192\.168)(\.\d{1,3}){2,3}\b/g, '<ip>'],
  [/-[a-z0-9]{7,10}-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '-<pod>'],
  [/-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '-<suffix>'],
  [/\b(\d+d)?(\d+h)?(\d+m)?\d+(\.\d+)?(m?s)\b|\b\d+[dhm]\b|\b\d+[dhm]\d+[hms]\b/g, '<age>'],
  [/\(x\d+ over <age>\)/g, '<age>'],
  [/:3\d{4}\//g, ':<nodeport>/'],
  [/[ \t]+/g, ' '],
  [/ $/gm, ''],
]

function normalise(text: string): string {
  let out = text.trimEnd()
  for (const [pattern, replacement] of rules) out = out.replace(pattern, replacement)
  return out
}
