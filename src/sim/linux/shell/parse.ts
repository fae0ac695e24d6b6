import type { HereDocBody, ParsedScript, Word } from 'unbash'
import { parse } from 'unbash'

/** Parsed texts are immutable, so equal texts share one tree. */
class Cache<T> {
  readonly #entries = new Map<string, T>()
  readonly #make: (text: string) => T

  constructor(make: (text: string) => T) {
    this.#make = make
  }

  get(text: string): T {
    let entry = this.#entries.get(text)
    if (entry === undefined) {
      entry = this.#make(text)
      if (this.#entries.size > 500) this.#entries.clear()
      if (text.length < 20_000) this.#entries.set(text, entry)
    }
    return entry
  }
}

const scripts = new Cache<ParsedScript>((text) => parse(text))

export function parseScript(text: string): ParsedScript {
  return scripts.get(text)
}

const words = new Cache<Word>((text) => {
  const command = parse(`: ${text}`).commands[0]?.command
  const word = command?.type === 'Command' ? command.suffix[0] : undefined
  if (word?.type === 'Word' && word.end === text.length + 2) return word
  return { type: 'Word', text, value: text, pos: 0, end: text.length }
})

/** A text that is one shell word, e.g. what brace expansion made. */
export function parseWord(text: string): Word {
  return words.get(text)
}

const bodies = new Cache<HereDocBody | undefined>((text) => {
  const command = parse(`: <<\u0001EOF\n${text}\n\u0001EOF\n`).commands[0]?.command
  const document = command?.type === 'Command' ? command.redirects[0] : undefined
  return document?.type === 'HereDoc' ? document.body : undefined
})

/** A text in which `$` and backquotes expand and quotes mean nothing, as in a here-document. The body ends in a newline too many. */
export function parseBody(text: string): HereDocBody | undefined {
  return bodies.get(text)
}

/** More input could make it right: an open quote, `if` without `fi`, a here-document without its end, a trailing `|` or `\`. */
export function isIncomplete(text: string, script: ParsedScript): boolean {
  if (/(^|[^\\])(\\\\)*\\\n?$/.test(text) && !/#[^\n]*$/.test(text)) return true
  if (openHereDocument(script)) return true
  const errors = script.errors ?? []
  const first = errors[0]
  if (!first) return false
  if (/^unterminated|^expected .* to close|^unclosed/.test(first.message)) return true
  const atEnd =
    text
      .slice(first.pos)
      .replace(/#[^\n]*/g, '')
      .trim() === ''
  if (/^expected/.test(first.message) && atEnd) return true
  return (
    errors.some((error) => /to close|^unterminated|^unclosed/.test(error.message)) && !/^unexpected/.test(first.message)
  )
}

function openHereDocument(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(openHereDocument)
  if (!node || typeof node !== 'object') return false
  const typed = node as { type?: string; closing?: unknown }
  if (typed.type === 'HereDoc') return typed.closing === undefined
  if (typed.type === 'Word') return false
  return Object.values(node).some(openHereDocument)
}

/** The word at which bash and ash say the syntax is wrong. */
export function unexpectedToken(text: string, pos: number): string {
  const rest = text.slice(pos)
  if (/^[ \t]*(#[^\n]*)?\n/.test(rest)) return 'newline'
  const token = /^[ \t]*(;;&|;;|;&|&&|\|\||<<-|<<<|<<|>>|>\||<>|[;&|()<>]|[^\s;&|()<>]+)/.exec(rest)
  return token?.[1] ?? ''
}
