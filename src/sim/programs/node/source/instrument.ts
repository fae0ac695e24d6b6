import { type Token, tokenize } from './tokens.ts'

/** Text put into source at an offset; `removed` characters of the source give way to it. */
interface Edit {
  at: number
  text: string
  removed: number
}

/** Source as the engine gets it, and how to find the way back to what its author wrote. */
export interface Instrumented {
  readonly original: string
  readonly text: string
  /** Line and column (from 1) in the engine's text to the column in the original; lines are the same. */
  column(line: number, column: number): number
}

const HELPER = '__node__'

/**
 * Tells the library what the engine has no hook for: which errors were caught, which asynchronous functions are about
 * to reject, who makes promises; and gives `import.meta`. Lines stay as they are.
 */
export function instrument(
  original: string,
  options: { prefix?: string; suffix?: string; meta?: string },
): Instrumented {
  const edits: Edit[] = options.prefix ? [{ at: 0, text: options.prefix, removed: 0 }] : []
  if (original.startsWith('#!')) edits.push({ at: 0, text: '//', removed: 2 })
  const tokens = tokenize(original)
  const partner = partners(tokens)
  tokens.forEach((token, i) => {
    if (token.kind !== 'word' || tokens[i - 1]?.text === '.' || tokens[i - 1]?.text === '?.') return
    if (token.text === 'catch') caught(tokens, i, edits)
    else if (token.text === 'async') asynchronous(tokens, partner, i, edits)
    else if (token.text === 'new' && tokens[i + 1]?.text === 'Promise' && tokens[i + 2]?.text === '(') {
      const close = tokens[partner.get(i + 2) ?? -1]
      if (!close) return
      edits.push({ at: tokens[i + 2]!.end, text: `${HELPER}.executor(`, removed: 0 })
      edits.push({ at: close.start, text: ')', removed: 0 })
    } else if (token.text === 'import' && tokens[i + 1]?.text === '.' && tokens[i + 2]?.text === 'meta' && options.meta)
      edits.push({ at: token.start, text: options.meta, removed: tokens[i + 2]!.end - token.start })
  })
  edits.sort((a, b) => a.at - b.at)
  return apply(original, edits, options.suffix ?? '')
}

function caught(tokens: readonly Token[], i: number, edits: Edit[]): void {
  const [a, b, c, d] = tokens.slice(i + 1, i + 5)
  if (tokens[i - 1]?.text !== '}') return
  if (a?.text === '{') edits.push({ at: a.start, text: `(${HELPER}e)`, removed: 0 })
  if (a?.text === '{') edits.push({ at: a.end, text: `${HELPER}.caught(${HELPER}e);`, removed: 0 })
  else if (a?.text === '(' && b?.kind === 'word' && c?.text === ')' && d?.text === '{')
    edits.push({ at: d.end, text: `${HELPER}.caught(${b.text});`, removed: 0 })
}

const TRY = '{try{'
const CATCH = `}catch(${HELPER}e){throw ${HELPER}.rejecting(${HELPER}e)}}`

/** Wraps the body of an asynchronous function, method or arrow. */
function asynchronous(tokens: readonly Token[], partner: ReadonlyMap<number, number>, i: number, edits: Edit[]): void {
  let at = i + 1
  if (tokens[at]?.newline) return
  if (tokens[at]?.text === 'function') at++
  if (tokens[at]?.text === '*') at++
  if (tokens[at]?.text === '[') at = (partner.get(at) ?? tokens.length) + 1
  else if (tokens[at]?.kind === 'word' || tokens[at]?.kind === 'string') at++
  if (tokens[at]?.text === '(') at = (partner.get(at) ?? tokens.length) + 1
  const arrow = tokens[at]?.text === '=>'
  if (arrow) at++
  const first = tokens[at]
  if (!first) return
  if (first.text === '{') {
    const close = tokens[partner.get(at) ?? -1]
    if (!close) return
    edits.push({ at: first.start, text: TRY, removed: 1 })
    edits.push({ at: close.start, text: CATCH, removed: 1 })
  } else if (arrow) {
    const end = expressionEnd(tokens, partner, at)
    edits.push({ at: first.start, text: '{try{return ', removed: 0 })
    edits.push({ at: tokens[end - 1]!.end, text: CATCH, removed: 0 })
  }
}

/** The index behind the last token of the expression that begins at `at`. */
function expressionEnd(tokens: readonly Token[], partner: ReadonlyMap<number, number>, at: number): number {
  for (let i = at; i < tokens.length; i++) {
    const token = tokens[i]!
    if (i > at && token.newline && startsStatement(token) && endsExpression(tokens[i - 1]!)) return i
    if (token.kind === 'punctuator' && /^[,;)\]}]$/.test(token.text)) return i
    if (token.kind === 'template' && token.text.startsWith('}')) return i
    i = partner.get(i) ?? i
  }
  return tokens.length
}

const startsStatement = (token: Token) =>
  token.kind === 'word' ? !/^(?:in|instanceof)$/.test(token.text) : token.kind === 'string' || token.kind === 'number'
const endsExpression = (token: Token) =>
  token.kind !== 'punctuator'
    ? !/^(?:await|typeof|new|void|delete|yield|in|of|instanceof)$/.test(token.text)
    : /^(?:[)\]}]|\+\+|--)$/.test(token.text)

/** The index of the bracket that closes each opening one. */
function partners(tokens: readonly Token[]): Map<number, number> {
  const found = new Map<number, number>()
  const open: number[] = []
  tokens.forEach((token, i) => {
    const opens = token.kind === 'template' ? token.text.endsWith('${') : /^[([{]$/.test(token.text)
    const closes = token.kind === 'template' ? token.text.startsWith('}') : /^[)\]}]$/.test(token.text)
    if (token.kind !== 'template' && token.kind !== 'punctuator') return
    if (closes) {
      const begin = open.pop()
      if (begin !== undefined) found.set(begin, i)
    }
    if (opens) open.push(i)
  })
  return found
}

function apply(original: string, edits: readonly Edit[], suffix: string): Instrumented {
  let text = ''
  let at = 0
  /** By line (from 0): where text was put, in columns of the new text. */
  const shifts = new Map<number, { column: number; by: number }[]>()
  for (const edit of edits) {
    text += original.slice(at, edit.at)
    const lineStart = text.lastIndexOf('\n') + 1
    const line = countLines(text)
    const list = shifts.get(line) ?? []
    list.push({ column: text.length - lineStart, by: edit.text.length - edit.removed })
    shifts.set(line, list)
    text += edit.text
    at = edit.at + edit.removed
  }
  text += original.slice(at) + suffix
  return {
    original,
    text,
    column(line, column) {
      let back = 0
      for (const shift of shifts.get(line - 1) ?? []) if (shift.column < column - 1) back += shift.by
      return Math.max(1, column - back)
    },
  }
}

function countLines(text: string): number {
  let lines = 0
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) lines++
  return lines
}
