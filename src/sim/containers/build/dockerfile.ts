import { ApiError } from '../docker/api-error.ts'

/** One instruction of a Dockerfile. */
export interface Instruction {
  /** `RUN` */
  name: string
  /** `--from=builder` → `from`: `builder`; switches are `true`. */
  flags: Readonly<Record<string, string>>
  /** What follows, continuation lines joined. */
  rest: string
  /** The instruction as the builder shows it. */
  text: string
  line: number
  /** The last line that belongs to it. */
  end: number
  heredocs: readonly Heredoc[]
  /** Of `RUN --mount=…`, which may come more than once. */
  mounts?: readonly string[]
}

/** A text in the Dockerfile itself: `RUN <<EOF`, `COPY <<EOF /path`. */
export interface Heredoc {
  name: string
  /** Variables are replaced, as the delimiter was not quoted. */
  expand: boolean
  content: string
}

const KNOWN = new Set([
  'ADD',
  'ARG',
  'CMD',
  'COPY',
  'ENTRYPOINT',
  'ENV',
  'EXPOSE',
  'FROM',
  'HEALTHCHECK',
  'LABEL',
  'MAINTAINER',
  'ONBUILD',
  'RUN',
  'SHELL',
  'STOPSIGNAL',
  'USER',
  'VOLUME',
  'WORKDIR',
])

/** Takes a Dockerfile apart. Throws ApiError in the daemon's words. */
export function parseDockerfile(
  source: string,
  name = 'Dockerfile',
  options: { heredocs?: boolean } = {},
): Instruction[] {
  const continuation = /^#\s*escape\s*=\s*(`|\\)\s*$/im.exec(source.split('\n', 3).join('\n'))?.[1] ?? '\\'
  const lines = source.replace(/\r\n/g, '\n').split('\n')
  const out: Instruction[] = []
  for (let i = 0; i < lines.length; i++) {
    const first = lines[i]!
    if (first.trim() === '' || first.trimStart().startsWith('#')) continue
    const line = i + 1
    let text = first.replace(/\s+$/, '')
    let joined = text.trimStart()
    while (endsWithEscape(text, continuation) && i + 1 < lines.length) {
      joined = joined.slice(0, joined.lastIndexOf(continuation))
      i++
      while (i < lines.length && (lines[i]!.trimStart().startsWith('#') || lines[i]!.trim() === '')) i++
      text = (lines[i] ?? '').replace(/\s+$/, '')
      joined += text
    }
    if (endsWithEscape(joined, continuation)) joined = joined.slice(0, joined.lastIndexOf(continuation))
    const heredocs: Heredoc[] = []
    if (options.heredocs && /^\s*(?:RUN|COPY|ADD)\s/i.test(joined))
      for (const mark of heredocMarks(joined)) {
        const body: string[] = []
        for (i++; ; i++) {
          const next = lines[i]
          if (next === undefined) throw new ApiError(400, `dockerfile parse error line ${line}: unterminated heredoc`)
          const shown = mark.strip ? next.replace(/^\t+/, '') : next
          if (shown === mark.name) break
          body.push(`${shown}\n`)
        }
        heredocs.push({ name: mark.name, expand: mark.expand, content: body.join('') })
      }
    out.push({ ...instruction(joined.trim(), line), end: i + 1, heredocs })
  }
  if (out.length === 0)
    throw new ApiError(
      400,
      source.trim() === '' ? `the Dockerfile (${name}) cannot be empty` : 'file with no instructions',
    )
  return out
}

function endsWithEscape(text: string, mark: string): boolean {
  return text.trimEnd().endsWith(mark)
}

/** The `<<EOF`, `<<-"EOF"` of a line. */
function heredocMarks(text: string): { name: string; expand: boolean; strip: boolean }[] {
  return [...text.matchAll(/(?:^|\s)\d*<<(-?)(["']?)([A-Za-z_][\w.-]*)\2(?=\s|$)/g)].map(([, dash, quote, name]) => ({
    name: name!,
    expand: quote === '',
    strip: dash === '-',
  }))
}

export function instruction(text: string, line: number): Instruction {
  const [, word = '', after = ''] = /^(\S+)\s*(.*)$/s.exec(text) ?? []
  const name = word.toUpperCase()
  if (!KNOWN.has(name)) throw new ApiError(400, `dockerfile parse error line ${line}: unknown instruction: ${name}`)
  const flags: Record<string, string> = {}
  const mounts: string[] = []
  let rest = after
  if (['ADD', 'COPY', 'FROM', 'HEALTHCHECK', 'RUN'].includes(name)) {
    for (let found = /^--([a-z-]+)(?:=(\S*))?\s*/.exec(rest); found; found = /^--([a-z-]+)(?:=(\S*))?\s*/.exec(rest)) {
      flags[found[1]!] = found[2] ?? 'true'
      if (found[1] === 'mount') mounts.push(found[2] ?? '')
      rest = rest.slice(found[0].length)
    }
  }
  if (rest === '' && !['CMD', 'ENTRYPOINT', 'RUN'].includes(name)) {
    if (name === 'FROM')
      throw new ApiError(400, `dockerfile parse error line ${line}: FROM requires either one or three arguments`)
    throw new ApiError(400, `dockerfile parse error line ${line}: ${name} requires at least one argument`)
  }
  return { name, flags, rest, text: `${name}${after === '' ? '' : ` ${after}`}`, line, end: line, heredocs: [], mounts }
}

/** `["a", "b"]` → its words; undefined when it is no JSON array of strings. */
export function jsonForm(rest: string): string[] | undefined {
  if (!rest.trimStart().startsWith('[')) return undefined
  try {
    const value: unknown = JSON.parse(rest)
    return Array.isArray(value) && value.every((item) => typeof item === 'string') ? (value as string[]) : undefined
  } catch {
    return undefined
  }
}

/**
 * `$A`, `${A}`, `${A:-x}`, `${A:+x}` by a lookup; `\$` stays a dollar. Single quotes protect, unless `everywhere`.
 */
export function substitute(text: string, lookup: (name: string) => string | undefined, everywhere = false): string {
  let out = ''
  let quote = ''
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    if (everywhere && (c === "'" || c === '"')) out += c
    else if (c === "'" && quote !== '"') {
      quote = quote === "'" ? '' : "'"
      out += c
    } else if (c === '"' && quote !== "'") {
      quote = quote === '"' ? '' : '"'
      out += c
    } else if (c === '\\' && quote !== "'" && text[i + 1] === '$') {
      out += '$'
      i++
    } else if (c === '$' && quote !== "'") {
      const rest = text.slice(i)
      const braced = /^\$\{(\w+)(?::([-+?])((?:[^{}]|\{[^}]*\})*))?\}/.exec(rest)
      const plain = /^\$(\w+)/.exec(rest)
      if (braced) {
        const [whole, name = '', operator, word = ''] = braced
        const value = lookup(name)
        if (operator === '-') out += value || substitute(word, lookup)
        else if (operator === '+') out += value ? substitute(word, lookup) : ''
        else out += value ?? ''
        i += whole.length - 1
      } else if (plain) {
        out += lookup(plain[1]!) ?? ''
        i += plain[0].length - 1
      } else out += c
    } else out += c
  }
  return out
}

/** Splits words at blanks, honouring quotes and escapes, which go. */
export function words(text: string): string[] {
  const out: string[] = []
  let word: string | undefined
  let quote = ''
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    if (quote === '' && /\s/.test(c)) {
      if (word !== undefined) out.push(word)
      word = undefined
    } else if ((c === '"' || c === "'") && (quote === '' || quote === c)) {
      quote = quote === '' ? c : ''
      word ??= ''
    } else if (c === '\\' && quote !== "'" && i + 1 < text.length) {
      word = (word ?? '') + text[++i]
    } else word = (word ?? '') + c
  }
  if (word !== undefined) out.push(word)
  return out
}

/** `A=1 B="two words"`, or the old form `A value`. */
export function pairs(rest: string): [string, string][] {
  const [first = ''] = rest.split(/\s/, 1)
  if (!first.includes('=')) {
    const [, name = '', value = ''] = /^(\S+)\s+(.*)$/s.exec(rest) ?? []
    return [[name, value]]
  }
  return words(rest).map((word) => {
    const equals = word.indexOf('=')
    return [word.slice(0, equals), word.slice(equals + 1)]
  })
}
