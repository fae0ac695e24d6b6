/** One directive of nginx's configuration language: `name args… ;` or `name args… { block }`. */
export interface Directive {
  name: string
  args: string[]
  block: Directive[] | undefined
  file: string
  line: number
}

/** A configuration that nginx would refuse, in nginx's words without the time and process in front. */
export class ConfigError extends Error {
  /** Found after the whole text was read: nginx has said by then that its syntax is right. */
  readonly afterSyntax: boolean
  constructor(message: string, afterSyntax = false) {
    super(message)
    this.afterSyntax = afterSyntax
  }
}

export const at = (place: { file: string; line: number }) => `in ${place.file}:${place.line}`

type Token = { kind: 'word' | ';' | '{' | '}'; text: string; line: number; quoted: boolean }

function* tokens(text: string, file: string): Generator<Token> {
  let line = 1
  let i = 0
  while (i < text.length) {
    const c = text[i]!
    if (c === '\n') line++
    if (/\s/.test(c)) {
      i++
      continue
    }
    if (c === '#') {
      while (i < text.length && text[i] !== '\n') i++
      continue
    }
    if (c === ';' || c === '{' || c === '}') {
      yield { kind: c, text: c, line, quoted: false }
      i++
      continue
    }
    const start = line
    let word = ''
    let quoted = false
    if (c === '"' || c === "'") {
      quoted = true
      i++
      for (;;) {
        if (i >= text.length) throw new ConfigError(`unexpected end of file, expecting ";" or "}" in ${file}:${line}`)
        const d = text[i]!
        if (d === '\n') line++
        if (d === '\\' && i + 1 < text.length) {
          word += escaped(text[i + 1]!)
          i += 2
          continue
        }
        i++
        if (d === c) break
        word += d
      }
      const next = text[i]
      if (next !== undefined && !/[\s;{)]/.test(next)) throw new ConfigError(`unexpected "${next}" in ${file}:${line}`)
    } else {
      while (i < text.length) {
        const d = text[i]!
        if (d === '\\' && i + 1 < text.length) {
          word += /[\s;{}"'\\]/.test(text[i + 1]!) ? escaped(text[i + 1]!) : d + text[i + 1]!
          i += 2
          continue
        }
        if (d === '$' && text[i + 1] === '{') {
          const end = text.indexOf('}', i)
          if (end < 0) break
          word += text.slice(i, end + 1)
          i = end + 1
          continue
        }
        if (/[\s;{]/.test(d)) break
        word += d
        i++
      }
    }
    yield { kind: 'word', text: word, line: start, quoted }
  }
}

function escaped(c: string): string {
  return { n: '\n', r: '\r', t: '\t', '"': '"', "'": "'", '\\': '\\' }[c] ?? `\\${c}`
}

/** The directives of one file, blocks nested. */
export function parseConfig(text: string, file: string): Directive[] {
  const root: Directive[] = []
  const open: Directive[][] = [root]
  let words: Token[] = []
  let line = 1
  for (const token of tokens(text, file)) {
    line = token.line
    if (token.kind === 'word') {
      words.push(token)
      continue
    }
    if (token.kind === '}') {
      if (words.length > 0) throw new ConfigError(`unexpected "}" in ${file}:${token.line}`)
      if (open.length === 1) throw new ConfigError(`unexpected "}" in ${file}:${token.line}`)
      open.pop()
      continue
    }
    if (words.length === 0) throw new ConfigError(`unexpected "${token.text}" in ${file}:${token.line}`)
    const [name, ...args] = words
    const block: Directive[] | undefined = token.kind === '{' ? [] : undefined
    open.at(-1)!.push({ name: name!.text, args: args.map((a) => a.text), block, file, line: name!.line })
    if (block) open.push(block)
    words = []
  }
  if (words.length > 0 || open.length > 1) {
    const lines = text.split('\n').length
    const expecting = words.length > 0 ? 'expecting ";" or "}"' : 'expecting "}"'
    throw new ConfigError(`unexpected end of file, ${expecting} in ${file}:${Math.max(line, lines)}`)
  }
  return root
}
