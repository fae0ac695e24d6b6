import type { ArithmeticExpansionPart, DoubleQuotedPart, ParameterExpansionPart, Word, WordPart } from 'unbash'
import { evaluateArithmetic } from '../arithmetic.ts'
import { ShellError } from '../control.ts'
import { parseBody, parseWord } from '../parse.ts'
import { hasWildcard, quotePattern } from '../pattern.ts'
import type { Shell } from '../shell.ts'
import { expandBraces } from './brace.ts'
import { expandGlob } from './glob.ts'
import { MAX_TEXT } from './limits.ts'
import { assign, type Lookup, lookUp } from './lookup.ts'
import { checkUnset, expandParameter, type OperandExpander } from './parameter.ts'
import { decodeEscapes } from './quote.ts'
import { BREAK, type Field, fieldText, literal, type Piece, quoted, splitFields, splittable } from './segment.ts'
import { homeOf } from './tilde.ts'

/** No expansion makes a text longer than this: the simulated machine's memory ends there. */
const LONG_TEXT = 1024 * 1024

/** The words of a command: all expansions, splitting and globbing. */
export async function expandWords(shell: Shell, words: readonly Word[]): Promise<string[]> {
  const out: string[] = []
  for (const word of words) {
    for (const braced of braceWords(shell, word)) {
      const plain = !braced.parts && !/[\\~]/.test(braced.text)
      if (plain) {
        out.push(braced.text)
        continue
      }
      const pieces = await expandPieces(shell, braced, { tilde: 'word' })
      for (const field of splitFields(pieces, shell.variables.get('IFS') ?? ' \t\n'))
        out.push(...globField(shell, field))
    }
  }
  return out
}

/** One text: no splitting, no globbing (assignments, redirections, `case`). */
export async function expandText(shell: Shell, word: Word, tilde: 'word' | 'assignment' = 'word'): Promise<string> {
  if (!word.parts && !/[\\~]/.test(word.text)) return word.text
  return joinPieces(shell, await expandPieces(shell, word, { tilde }))
}

/** A text to be used as a pattern: what was quoted is backslashed. */
export async function expandPattern(shell: Shell, word: Word): Promise<string> {
  return piecesPattern(shell, await expandPieces(shell, word, { tilde: 'word' }))
}

/** The right side of `=~`: what was quoted is escaped for a regular expression. */
export async function expandRegExp(shell: Shell, word: Word): Promise<string> {
  const pieces = await expandPieces(shell, word, { tilde: 'none', keepBackslash: true })
  return pieces
    .map((piece) =>
      piece === BREAK ? ' ' : piece.quoted ? piece.text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&') : piece.text,
    )
    .join('')
}

/** The body of a here-document or an arithmetic expression: only `$` and backquotes. */
export async function expandBody(shell: Shell, text: string, parts?: readonly WordPart[]): Promise<string> {
  if (!/[$`\\]/.test(text)) return text
  const body = parts ?? parseBody(text)?.parts
  if (!body) return unescapeBody(parts ? text : text)
  const pieces: Piece[] = []
  for (const part of body) {
    if (part.type === 'Literal') pieces.push(quoted(unescapeBody(part.text)))
    else pieces.push(...(await expandPart(shell, part, true, {})))
  }
  const joined = joinPieces(shell, pieces)
  return parts ? joined : joined.replace(/\n$/, '')
}

export async function expandArithmetic(shell: Shell, text: string): Promise<bigint> {
  const expanded = (await expandBody(shell, text)).replace(/"/g, '')
  return arithmetic(shell, expanded)
}

/** Arithmetic on an already expanded text, with errors in this shell's words. */
export function arithmetic(shell: Shell, text: string): bigint {
  const number = (subscript: string) => Number(arithmetic(shell, subscript))
  try {
    return evaluateArithmetic(text, {
      read: (name, subscript) => {
        const found = lookUp(shell, name, subscript, number)
        if (!found.set) checkUnset(shell, name, undefined)
        return found.values[0]
      },
      write: (name, subscript, value) =>
        assign(shell, name, value, { ...(subscript === undefined ? {} : { index: subscript }), number }),
    })
  } catch (error) {
    if (!(error instanceof ShellError) || /unbound|not set|read ?only/.test(error.message)) throw error
    if (shell.isBash) throw new ShellError(error.message, 1, false)
    const division = /division by 0/.test(error.message)
    if (shell.dialect === 'ash') throw new ShellError(division ? 'divide by zero' : 'arithmetic syntax error', 2)
    throw new ShellError(
      division
        ? `arithmetic expression: division by zero: "${text}"`
        : `arithmetic expression: expecting primary: "${text}"`,
      2,
    )
  }
}

function braceWords(shell: Shell, word: Word): Word[] {
  if (!shell.isBash || !shell.options.has('braceexpand') || !word.text.includes('{')) return [word]
  if (!word.parts?.some((part) => part.type === 'BraceExpansion')) return [word]
  const texts = expandBraces(word.text)
  return texts.length === 1 && texts[0] === word.text ? [word] : texts.map(parseWord)
}

interface PieceOptions {
  tilde?: 'word' | 'assignment' | 'none'
  keepBackslash?: boolean
}

async function expandPieces(shell: Shell, word: Word, options: PieceOptions): Promise<Piece[]> {
  if (!word.parts) return literalPieces(shell, word.text, options, true)
  const pieces: Piece[] = []
  for (const [index, part] of word.parts.entries()) {
    pieces.push(...(await expandPart(shell, part, false, options, index === 0)))
  }
  return pieces
}

async function expandPart(
  shell: Shell,
  part: WordPart,
  inQuotes: boolean,
  options: PieceOptions,
  first = false,
): Promise<Piece[]> {
  switch (part.type) {
    case 'Literal':
      return inQuotes ? [quoted(unescapeQuoted(part.text))] : literalPieces(shell, part.text, options, first)
    case 'SingleQuoted':
      return [quoted(part.value)]
    case 'AnsiCQuoted':
      return shell.isBash || shell.dialect === 'ash'
        ? [quoted(decodeEscapes(part.text.slice(2, -1), 'ansi').text)]
        : [literal('$'), quoted(part.text.slice(2, -1))]
    case 'DoubleQuoted':
    case 'LocaleString':
      return expandDoubleQuoted(shell, part as DoubleQuotedPart)
    case 'SimpleExpansion':
      return lookupPieces(shell, simpleLookup(shell, part.text), inQuotes)
    case 'ParameterExpansion':
      return expandParameterPart(shell, part, inQuotes)
    case 'CommandExpansion': {
      const text = await shell.interpreter.capture(shell, part.script)
      return [inQuotes ? quoted(text) : splittable(text)]
    }
    case 'ArithmeticExpansion': {
      const text = (await expandArithmetic(shell, arithmeticText(part))).toString()
      return [inQuotes ? quoted(text) : splittable(text)]
    }
    case 'ProcessSubstitution':
      return [quoted(await shell.interpreter.substituteProcess(shell, part.script, part.operator))]
    case 'Glob':
    case 'ExtendedGlob':
      return globPieces(shell, part, options)
    case 'BraceExpansion':
      return literalPieces(shell, part.text, options, first)
  }
}

/** Wildcards stay literal texts that are not quoted; expansions inside brackets happen. */
async function globPieces(
  shell: Shell,
  part: Extract<WordPart, { type: 'Glob' | 'ExtendedGlob' }>,
  options: PieceOptions,
): Promise<Piece[]> {
  if (!part.parts || part.parts.length === 0 || !/[$`'"\\]/.test(part.text)) return [literal(part.text)]
  const pieces: Piece[] = [literal(part.type === 'Glob' ? '[' : `${part.operator}(`)]
  for (const inner of part.parts) pieces.push(...(await expandPart(shell, inner, false, { ...options, tilde: 'none' })))
  pieces.push(literal(part.type === 'Glob' ? ']' : ')'))
  return pieces
}

async function expandDoubleQuoted(shell: Shell, part: DoubleQuotedPart): Promise<Piece[]> {
  if (part.parts.length === 0) return [quoted('')]
  const pieces: Piece[] = []
  for (const child of part.parts) pieces.push(...(await expandPart(shell, child, true, {})))
  return pieces
}

function simpleLookup(shell: Shell, text: string): Lookup {
  const name = text.slice(1)
  const found = lookUp(shell, name, undefined, (subscript) => Number(arithmetic(shell, subscript)))
  if (!found.set && !found.list) checkUnset(shell, name, undefined)
  return found
}

async function expandParameterPart(shell: Shell, part: ParameterExpansionPart, inQuotes: boolean): Promise<Piece[]> {
  const result = await expandParameter(shell, part, inQuotes, operands(shell))
  return result.kind === 'pieces' ? result.pieces : lookupPieces(shell, result.lookup, inQuotes)
}

function lookupPieces(shell: Shell, { values, list }: Lookup, inQuotes: boolean): Piece[] {
  if (!list) return [inQuotes ? quoted(values[0] ?? '') : splittable(values[0] ?? '')]
  if (list === '*' && inQuotes) {
    const ifs = shell.variables.get('IFS')
    return [quoted(values.join(ifs === undefined ? ' ' : (ifs[0] ?? '')))]
  }
  return values.flatMap((text, index) => {
    const piece = inQuotes ? quoted(text) : splittable(text)
    return index === 0 ? [piece] : [BREAK, piece]
  })
}

function operands(shell: Shell): OperandExpander {
  const number = (text: string) => Number(arithmetic(shell, text))
  return {
    number,
    text: (word) => expandText(shell, word),
    pattern: (word) => expandPattern(shell, word),
    arithmetic: async (word) => Number(await expandArithmetic(shell, word.text)),
    pieces: async (word, inQuotes) => {
      if (!inQuotes) return (await expandPieces(shell, word, { tilde: 'word' })).map(splitUnquoted)
      return expandQuotedOperand(shell, word)
    },
    subscript: async (name, index) => {
      if (index.text === '@' || index.text === '*') return index.text
      if (shell.variables.lookup(name)?.associative) return expandText(shell, index)
      return (await expandBody(shell, index.text)).replace(/"/g, '')
    },
  }
}

/** Unquoted operand text of `${x:-a b}` splits like an expansion. */
function splitUnquoted(piece: Piece): Piece {
  return piece !== BREAK && !piece.quoted ? { ...piece, split: true } : piece
}

/** Inside double quotes single quotes are ordinary characters, inner double quotes vanish. */
async function expandQuotedOperand(shell: Shell, word: Word): Promise<Piece[]> {
  if (!word.parts) return [quoted(unescapeQuoted(word.text))]
  const pieces: Piece[] = []
  for (const part of word.parts) {
    if (part.type === 'SingleQuoted') pieces.push(quoted(await expandBody(shell, part.text)))
    else if (part.type === 'DoubleQuoted') pieces.push(...(await expandDoubleQuoted(shell, part)))
    else if ('text' in part && (part.type === 'Literal' || part.type === 'Glob' || part.type === 'BraceExpansion'))
      pieces.push(quoted(unescapeQuoted(part.text)))
    else pieces.push(...(await expandPart(shell, part, true, {})))
  }
  return pieces.length === 0 ? [quoted('')] : pieces
}

function arithmeticText(part: ArithmeticExpansionPart): string {
  return part.text.startsWith('$[') ? part.text.slice(2, -1) : part.text.slice(3, -2)
}

/** Unquoted literal text: backslashes quote the next character, a leading tilde is a home folder. */
function literalPieces(shell: Shell, text: string, options: PieceOptions, first: boolean): Piece[] {
  const pieces: Piece[] = []
  let rest = text
  if (options.tilde && options.tilde !== 'none') {
    const at = options.tilde === 'assignment'
    const pattern = at ? /^((?:.*?:)?)~([A-Za-z0-9_.+-]*)(?=[/:]|$)/ : /^()~([A-Za-z0-9_.+-]*)(?=\/|$)/
    for (
      let match = pattern.exec(rest);
      match && (first || match[1] !== '');
      match = at ? /^(:|.*?:)~([A-Za-z0-9_.+-]*)(?=[/:]|$)/.exec(rest) : null
    ) {
      const home = homeOf(shell, match[2]!)
      if (home === undefined) break
      pieces.push(...unescapeLiteral(match[1]!, options), quoted(home))
      rest = rest.slice(match[0].length)
    }
  }
  pieces.push(...unescapeLiteral(rest, options))
  return pieces
}

function unescapeLiteral(text: string, options: PieceOptions): Piece[] {
  if (text === '') return []
  if (!text.includes('\\')) return [literal(text)]
  const pieces: Piece[] = []
  for (const match of text.matchAll(/\\\n|\\([\s\S])|[^\\]+|\\$/g)) {
    if (match[0] === '\\\n') continue
    if (match[1] === undefined) pieces.push(literal(match[0]))
    else pieces.push(options.keepBackslash ? literal(match[0]) : quoted(match[1]))
  }
  return pieces
}

const unescapeQuoted = (text: string) =>
  text.replace(/\\(\n|[$`"\\])/g, (_, char: string) => (char === '\n' ? '' : char))
const unescapeBody = (text: string) => text.replace(/\\(\n|[$`\\])/g, (_, char: string) => (char === '\n' ? '' : char))

function joinPieces(shell: Shell, pieces: readonly Piece[]): string {
  let out = ''
  for (const piece of pieces) {
    out += piece === BREAK ? ' ' : piece.text
    holdText(shell, out)
  }
  return out
}

/** Long texts are memory that counts, and the longest are refused. */
export function holdText(shell: Shell, text: string): void {
  if (text.length > LONG_TEXT) shell.process.setMemory(2 * (LONG_TEXT + text.length))
  if (text.length > MAX_TEXT) throw new ShellError(`xrealloc: cannot allocate ${text.length} bytes`, 2)
}

function piecesPattern(_shell: Shell, pieces: readonly Piece[]): string {
  return pieces.map((piece) => (piece === BREAK ? ' ' : piece.quoted ? quotePattern(piece.text) : piece.text)).join('')
}

function globField(shell: Shell, field: Field): string[] {
  const text = fieldText(field)
  holdText(shell, text)
  if (shell.options.has('noglob')) return [text]
  if (!field.some((segment) => !segment.quoted && /[*?[(]/.test(segment.text))) return [text]
  const pattern = field.map((segment) => (segment.quoted ? quotePattern(segment.text) : segment.text)).join('')
  const extended = shell.isBash
  if (!hasWildcard(pattern, extended)) return [text]
  const matches = expandGlob(shell.process.files, pattern, {
    cwd: shell.process.cwd,
    extended,
    dotglob: shell.shopt.has('dotglob'),
    globstar: shell.shopt.has('globstar'),
    ignoreCase: shell.shopt.has('nocaseglob'),
    dots: !shell.isBash,
  })
  if (matches.length > 0) return matches
  if (shell.shopt.has('nullglob')) return []
  if (shell.shopt.has('failglob')) throw new ShellError(`no match: ${text}`, 1, false)
  return [text]
}
