/** Shell patterns (fnmatch with bash's extended globs) as regular expressions. Quoted characters arrive backslashed. */

import { BoundedRegExp } from '../regexp/bounded-regexp.ts'
import { CHARACTER_CLASSES } from '../regexp/character-classes.ts'

/** `word` is bash's own. */
const CLASSES: Readonly<Record<string, string>> = { ...CHARACTER_CLASSES, word: 'A-Za-z0-9_' }

export interface PatternOptions {
  extended?: boolean
  /** `*` and `?` do not match a slash. */
  pathname?: boolean
  ignoreCase?: boolean
  /** `*` matches as little as possible (for `#` and `%`). */
  lazy?: boolean
}

/** The body of a regular expression, without anchors. */
export function patternSource(pattern: string, options: PatternOptions = {}): string {
  const any = options.pathname ? '[^/]' : '[\\s\\S]'
  const star = `${any}*${options.lazy ? '?' : ''}`
  let out = ''
  for (let i = 0; i < pattern.length; ) {
    const char = pattern[i]!
    if (options.extended && '?*+@!'.includes(char) && pattern[i + 1] === '(') {
      const end = closing(pattern, i + 1)
      if (end > 0) {
        const body = alternatives(pattern.slice(i + 2, end))
          .map((part) => patternSource(part, options))
          .join('|')
        if (char === '!') {
          const rest = patternSource(pattern.slice(end + 1), options)
          return `${out}(?!(?:${body})${rest}$)${any}*${rest}`
        }
        out += `(?:${body})${char === '@' ? '' : char}`
        i = end + 1
        continue
      }
    }
    if (char === '*') {
      while (pattern[i + 1] === '*') i++
      out += star
      i++
    } else if (char === '?') {
      out += any
      i++
    } else if (char === '[') {
      const bracket = bracketSource(pattern, i)
      out += bracket.source
      i = bracket.next
    } else if (char === '\\' && i + 1 < pattern.length) {
      out += escapeRegExp(pattern[i + 1]!)
      i += 2
    } else {
      out += escapeRegExp(char)
      i++
    }
  }
  return out
}

function closing(text: string, open: number): number {
  let depth = 0
  for (let i = open; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '(') depth++
    else if (text[i] === ')' && --depth === 0) return i
  }
  return -1
}

function alternatives(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let current = ''
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!
    if (char === '\\') current += char + (text[++i] ?? '')
    else if (char === '|' && depth === 0) {
      parts.push(current)
      current = ''
    } else {
      if (char === '(') depth++
      if (char === ')') depth--
      current += char
    }
  }
  return [...parts, current]
}

function bracketSource(pattern: string, start: number): { source: string; next: number } {
  let i = start + 1
  let negated = false
  if (pattern[i] === '!' || pattern[i] === '^') {
    negated = true
    i++
  }
  let set = ''
  let first = true
  while (i < pattern.length && (pattern[i] !== ']' || first)) {
    first = false
    const named = /^\[:(\w+):\]/.exec(pattern.slice(i))
    const equivalence = /^\[[.=](.)[.=]\]/.exec(pattern.slice(i))
    if (named) {
      set += CLASSES[named[1]!] ?? ''
      i += named[0].length
    } else if (equivalence) {
      set += escapeClass(equivalence[1]!)
      i += equivalence[0].length
    } else if (pattern[i] === '\\' && i + 1 < pattern.length) {
      set += escapeClass(pattern[i + 1]!)
      i += 2
    } else {
      const range = i + 2 < pattern.length && pattern[i + 1] === '-' && pattern[i + 2] !== ']'
      if (range) {
        const to = pattern[i + 2] === '\\' ? pattern[i + 3]! : pattern[i + 2]!
        if (pattern[i]! <= to) set += `${escapeClass(pattern[i]!)}-${escapeClass(to)}`
        i += pattern[i + 2] === '\\' ? 4 : 3
      } else {
        set += escapeClass(pattern[i]!)
        i++
      }
    }
  }
  if (pattern[i] !== ']') return { source: '\\[', next: start + 1 }
  if (set === '') return { source: negated ? '[\\s\\S]' : '[^\\s\\S]', next: i + 1 }
  return { source: `[${negated ? '^' : ''}${set}]`, next: i + 1 }
}

const escapeRegExp = (char: string) => char.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
const escapeClass = (char: string) => char.replace(/[\\\]^-]/g, '\\$&')

const compiled = new Map<string, RegExp>()

/** Whether the whole text matches. */
export function patternMatcher(pattern: string, options: PatternOptions = {}): RegExp {
  const key = `${options.extended ? 'e' : ''}${options.pathname ? 'p' : ''}${options.ignoreCase ? 'i' : ''}:${pattern}`
  let matcher = compiled.get(key)
  if (!matcher) {
    if (compiled.size > 1000) compiled.clear()
    matcher = new BoundedRegExp(`^(?:${patternSource(pattern, options)})$`, options.ignoreCase ? 'isu' : 'su')
    compiled.set(key, matcher)
  }
  return matcher
}

/** Escapes what a pattern would treat specially. */
export const quotePattern = (text: string): string => text.replace(/[\\*?[\]()|+@!]/g, '\\$&')

/** Whether it holds an unquoted wildcard. */
export function hasWildcard(pattern: string, extended: boolean): boolean {
  const bare = pattern.replace(/\\[\s\S]/g, '')
  return /[*?]|\[[\s\S]*\]/.test(bare) || (extended && /[?*+@!]\(/.test(bare))
}

export const removeEscapes = (pattern: string): string => pattern.replace(/\\([\s\S])/g, '$1')
