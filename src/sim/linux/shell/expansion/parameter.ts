import type { ParameterExpansionPart, Word } from 'unbash'
import { BoundedRegExp } from '../../regexp/bounded-regexp.ts'
import { ShellError } from '../control.ts'
import { hasWildcard, patternMatcher, patternSource, removeEscapes } from '../pattern.ts'
import type { Shell } from '../shell.ts'
import { isName } from '../variables.ts'
import { MAX_TEXT } from './limits.ts'
import { assign, keysOf, type Lookup, lookUp } from './lookup.ts'
import type { Piece } from './segment.ts'
import { transform } from './transform.ts'

/** How operands inside `${…}` are expanded. */
export interface OperandExpander {
  text(word: Word): Promise<string>
  pieces(word: Word, inQuotes: boolean): Promise<Piece[]>
  /** The text as a pattern: quoted characters backslashed. */
  pattern(word: Word): Promise<string>
  number(text: string): number
  arithmetic(text: Word): Promise<number>
  subscript(name: string, index: Word): Promise<string>
}

export type Expanded = { kind: 'values'; lookup: Lookup } | { kind: 'pieces'; pieces: Piece[] }

/** `${…}` with all its operations. */
export async function expandParameter(
  shell: Shell,
  part: ParameterExpansionPart,
  inQuotes: boolean,
  expander: OperandExpander,
): Promise<Expanded> {
  let { parameter } = part
  let index = part.index && (await expander.subscript(parameter, part.index))
  const { operation } = part
  if (part.prefix === '!') {
    if (operation?.type === 'Names') {
      const names = shell.variables.names().filter((name) => name.startsWith(parameter))
      return values({ values: names, set: names.length > 0, list: operation.operator })
    }
    if (index === '@' || index === '*') {
      const keys = keysOf(shell, parameter)
      return values({ values: keys, set: keys.length > 0, list: index })
    }
    const target = lookUp(shell, parameter, index, expander.number)
    const reference = shell.variables.lookup(parameter, false)
    const name = reference?.reference ? reference.value! : (target.values[0] ?? '')
    if (reference?.reference) return values({ values: [name], set: true, list: undefined })
    const match = /^([A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-])(?:\[(.*)\])?$/.exec(name)
    if (!match) {
      if (target.set || !operation)
        throw new ShellError(
          target.set ? `${name}: invalid variable name` : `${parameter}: invalid indirect expansion`,
          1,
          false,
        )
    } else {
      parameter = match[1]!
      index = match[2]
    }
  }
  if (operation?.type === 'Unknown' || (!isName(parameter) && !/^(\d+|[@*#?$!-])$/.test(parameter))) {
    throw new ShellError(`${shell.isBash ? `${part.text}: ` : ''}bad substitution`, shell.isBash ? 1 : 2, !shell.isBash)
  }
  const found = lookUp(shell, parameter, index, expander.number)
  if (part.prefix === '#') {
    if (!found.set && !found.list) checkUnset(shell, parameter, part)
    const length = found.list ? found.values.length : [...(found.values[0] ?? '')].length
    return values({ values: [String(length)], set: true, list: undefined })
  }
  if (!operation) {
    if (!found.set && !(found.list && parameter.match(/^[@*]$/)) && !found.list) checkUnset(shell, parameter, part)
    return values(found)
  }
  if (operation.type === 'Default') {
    const missing = operation.operator.startsWith(':') ? !found.set || found.values.join('') === '' : !found.set
    switch (operation.operator.at(-1)) {
      case '-':
        return missing ? { kind: 'pieces', pieces: await expander.pieces(operation.operand, inQuotes) } : values(found)
      case '+':
        return missing
          ? values({ values: [''], set: false, list: undefined })
          : { kind: 'pieces', pieces: await expander.pieces(operation.operand, inQuotes) }
      case '=': {
        if (!missing) return values(found)
        const text = await expander.text(operation.operand)
        if (!isName(parameter)) throw new ShellError(`$${parameter}: cannot assign in this way`, 1, false)
        assign(shell, parameter, text, { ...(index === undefined ? {} : { index }), number: expander.number })
        return values({ values: [text], set: true, list: undefined })
      }
      default: {
        if (!missing) return values(found)
        const said = await expander.text(operation.operand)
        const usual =
          operation.operator !== ':?'
            ? 'parameter not set'
            : shell.isBash
              ? 'parameter null or not set'
              : 'parameter not set or null'
        throw new ShellError(`${parameter}: ${said || usual}`, shell.isBash ? 127 : 2)
      }
    }
  }
  if (!found.set && !found.list) checkUnset(shell, parameter, part)
  switch (operation.type) {
    case 'Remove': {
      const pattern = await expander.pattern(operation.operand)
      return values({
        ...found,
        values: found.values.map((text) => removeAffix(text, pattern, operation.operator, shell.isBash)),
      })
    }
    case 'Replace': {
      const pattern = await expander.pattern(operation.pattern)
      const replacement = operation.replacement ? await expander.text(operation.replacement) : ''
      // ash has no anchors: what looks like one belongs to the pattern.
      const anchored = !shell.isBash && /^\/[#%]$/.test(operation.operator)
      const [operator, wanted] = anchored
        ? (['/', operation.operator[1]! + pattern] as const)
        : [operation.operator, pattern]
      return values({
        ...found,
        values: found.values.map((text) => replace(text, wanted, replacement, operator)),
      })
    }
    case 'CaseModification': {
      const pattern = operation.operand ? await expander.pattern(operation.operand) : '?'
      return values({ ...found, values: found.values.map((text) => changeCase(text, pattern, operation.operator)) })
    }
    case 'Slice': {
      const offset = await expander.arithmetic(operation.offset)
      const length = operation.length && (await expander.arithmetic(operation.length))
      return values(slice(shell, parameter, found, offset, length))
    }
    case 'Transform':
      return values(transform(shell, parameter, found, operation.operand.text))
    default:
      throw new ShellError(`${part.text}: bad substitution`, 1, false)
  }
}

const values = (lookup: Lookup): Expanded => ({ kind: 'values', lookup })

/** `set -u`. */
export function checkUnset(shell: Shell, name: string, part: { text: string } | undefined): void {
  if (!shell.options.has('nounset')) return
  if (shell.isBash) {
    const shown = part && /^\$\{#?(\w+\[[^\]]*\])/.exec(part.text)?.[1]
    throw new ShellError(`${shown ?? (/^\d+$/.test(name) ? `$${name}` : name)}: unbound variable`, 127)
  }
  throw new ShellError(`${name}: parameter not set`, 2)
}

function removeAffix(text: string, pattern: string, operator: string, extended: boolean): string {
  if (pattern === '') return text
  const options = { extended }
  if (operator === '#' || operator === '##') {
    // Literal prefixes are by far the commonest.
    const source = patternSource(pattern, { ...options, lazy: operator === '#' })
    const match = new BoundedRegExp(`^(?:${source})`, 'su', { longest: operator === '##' }).exec(text)
    return match ? text.slice(match[0].length) : text
  }
  const longest = new BoundedRegExp(`(?:${patternSource(pattern, options)})$`, 'su').exec(text)
  if (!longest) return text
  if (operator === '%%') return text.slice(0, longest.index)
  const matcher = patternMatcher(pattern, options)
  let at = text.length
  while (at > longest.index && !matcher.test(text.slice(at))) at--
  return text.slice(0, at)
}

function replace(text: string, pattern: string, replacement: string, operator: string): string {
  if (pattern === '') return operator === '/#' ? replacement + text : operator === '/%' ? text + replacement : text
  if (operator === '//' && !hasWildcard(pattern, true)) return replaceAll(text, removeEscapes(pattern), replacement)
  const source = patternSource(pattern, { extended: true })
  if (operator === '/#')
    return text.slice(0, 0) + text.replace(new BoundedRegExp(`^(?:${source})`, 'su'), () => replacement)
  if (operator === '/%') return text.replace(new BoundedRegExp(`(?:${source})$`, 'su'), () => replacement)
  return text.replace(new BoundedRegExp(source, operator === '//' ? 'gsu' : 'su', { longest: true }), (found) =>
    found === '' ? '' : replacement,
  )
}

/** Refuses what would become too long before it is made. */
function replaceAll(text: string, found: string, replacement: string): string {
  const parts = text.split(found)
  const length = text.length + (parts.length - 1) * (replacement.length - found.length)
  if (length > MAX_TEXT) throw new ShellError(`xrealloc: cannot allocate ${length} bytes`, 2)
  return parts.join(replacement)
}

function changeCase(text: string, pattern: string, operator: string): string {
  const matcher = patternMatcher(pattern, { extended: true })
  const change = (char: string) =>
    matcher.test(char) ? (operator[0] === '^' ? char.toUpperCase() : char.toLowerCase()) : char
  const chars = [...text]
  if (operator.length === 2) return chars.map(change).join('')
  return chars.length === 0 ? '' : change(chars[0]!) + chars.slice(1).join('')
}

function slice(shell: Shell, parameter: string, found: Lookup, offset: number, length: number | undefined): Lookup {
  const pieces = found.list
    ? /^[@*]$/.test(parameter)
      ? [shell.name, ...found.values]
      : found.values
    : [...(found.values[0] ?? '')]
  let start = offset < 0 ? pieces.length + offset : offset
  if (found.list && /^[@*]$/.test(parameter) && offset < 0) start = pieces.length + offset
  if (start < 0 || start > pieces.length) return { ...found, values: found.list ? [] : [''] }
  let end = pieces.length
  if (length !== undefined) {
    if (length < 0 && found.list) throw new ShellError(`${length}: substring expression < 0`, 1, false)
    end = length < 0 ? pieces.length + length : start + length
    if (end < start) {
      if (length < 0) throw new ShellError(`${length}: substring expression < 0`, 1, false)
      end = start
    }
  }
  if (found.list && /^[@*]$/.test(parameter) && start === 0 && offset !== 0) start = 0
  const taken = pieces.slice(start, end)
  return { ...found, values: found.list ? taken : [taken.join('')] }
}
