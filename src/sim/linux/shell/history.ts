/** History expansion of a typed line: `!!`, `!$`, `!n`, `!-n`, `!text`, `^old^new`. */
export function expandHistory(
  history: readonly string[],
  line: string,
): { text: string; changed: boolean } | { error: string } {
  const last = history.at(-1) ?? ''
  const quick = /^\^([^^]+)\^([^^]*)\^?$/.exec(line)
  if (quick)
    return last.includes(quick[1]!)
      ? { text: last.replace(quick[1]!, () => quick[2]!), changed: true }
      : { error: line }
  let failed: string | undefined
  let out = ''
  let quote = false
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!
    if (char === "'") quote = !quote
    if (char === '\\' && !quote) {
      out += char + (line[++i] ?? '')
      continue
    }
    const match =
      char === '!' && !quote
        ? /^!(!|\$|\*|-?\d+|\?[^?]*\??|[A-Za-z./][^\s;&|"'()]*)(?::([$^*]|\d+))?/.exec(line.slice(i))
        : null
    if (!match || line[i - 1] === '$' || line[i - 1] === '{') {
      out += char
      continue
    }
    const found = event(history, match[1]!)
    if (found === undefined) failed ??= match[0]
    else out += match[2] ? pick(found, match[2]) : found
    i += match[0].length - 1
  }
  if (failed) return { error: failed }
  return { text: out, changed: out !== line }
}

function event(history: readonly string[], spec: string): string | undefined {
  const last = history.at(-1)
  if (spec === '!') return last
  if (spec === '$') return last?.trim().split(/\s+/).at(-1)
  if (spec === '*') return last?.trim().split(/\s+/).slice(1).join(' ')
  if (/^-\d+$/.test(spec)) return history[history.length + Number(spec)]
  if (/^\d+$/.test(spec)) return history[Number(spec) - 1]
  if (spec.startsWith('?')) return history.findLast((line) => line.includes(spec.replace(/^\?|\?$/g, '')))
  return history.findLast((line) => line.startsWith(spec))
}

function pick(line: string, designator: string): string {
  const words = line.trim().split(/\s+/)
  if (designator === '$') return words.at(-1)!
  if (designator === '^') return words[1] ?? ''
  if (designator === '*') return words.slice(1).join(' ')
  return words[Number(designator)] ?? ''
}
