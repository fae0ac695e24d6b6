import { BoundedRegExp } from '../../../linux/regexp/bounded-regexp.ts'
import type { Database, Value } from '../database.ts'
import { versionOf } from '../info.ts'
import { failure, type Reply } from '../resp.ts'
import type { Client, ServerState } from '../server-state.ts'

export interface Call {
  readonly server: ServerState
  readonly client: Client
  readonly db: Database
  /** words[0] is the command's name as typed. */
  readonly words: readonly string[]
  /** Inside EXEC, where nobody waits. */
  readonly inTransaction: boolean
  /** What the AOF and replicas are told instead of the words. */
  propagated?: readonly string[]
}

export interface Command {
  /** As redis counts it: with the name; negative: at least that many. */
  arity: number
  /** Changes data: refused on replicas, written to the AOF, sent to replicas. */
  write?: boolean
  /** Undefined: the reply was already sent. */
  run(call: Call): Reply | undefined
}

export type CommandTable = Record<string, Command>

/** A refused command; the text is the error reply. */
export class CommandError extends Error {}

export const WRONG_TYPE = 'WRONGTYPE Operation against a key holding the wrong kind of value'
export const NOT_INTEGER = 'ERR value is not an integer or out of range'
export const SYNTAX = 'ERR syntax error'

export function value<T extends Value['type']>(
  call: Call,
  key: string,
  type: T,
): Extract<Value, { type: T }> | undefined {
  const entry = call.db.get(key)
  if (!entry) return undefined
  if (entry.value.type !== type) throw new CommandError(WRONG_TYPE)
  return entry.value as Extract<Value, { type: T }>
}

/** Marks a key as changed. */
export function touch(call: Call, key: string): void {
  call.server.changed(call.client.database, key)
}

export function parseInteger(text: string | undefined): number {
  if (text === undefined || !/^[+-]?\d{1,18}$/.test(text)) throw new CommandError(NOT_INTEGER)
  return Number(text)
}

export function parseFloat64(text: string | undefined): number {
  const named = { inf: Infinity, '+inf': Infinity, '-inf': -Infinity }[text?.toLowerCase() ?? '']
  if (named !== undefined) return named
  const number = Number(text)
  if (text === undefined || text.trim() === '' || Number.isNaN(number))
    throw new CommandError('ERR value is not a valid float')
  return number
}

/** Start and stop of a range with negative indexes, as [from, to) within length. */
export function sliceBounds(start: number, stop: number, length: number): [number, number] {
  const from = Math.max(0, start < 0 ? length + start : start)
  const to = Math.min(length - 1, stop < 0 ? length + stop : stop)
  return from > to ? [0, 0] : [from, to + 1]
}

export function globToRegex(pattern: string): RegExp {
  let out = ''
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i]!
    if (c === '*') out += '.*'
    else if (c === '?') out += '.'
    else if (c === '[') {
      const end = pattern.indexOf(']', i + 1)
      if (end < 0) out += '\\['
      else {
        out += `[${pattern.slice(i + 1, end).replace(/\\/g, '\\\\')}]`
        i = end
      }
    } else if (c === '\\' && i + 1 < pattern.length) out += pattern[++i]!.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    else out += c.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  }
  return new BoundedRegExp(`^${out}$`, 's')
}

export const asError = (error: unknown): Reply => {
  if (error instanceof CommandError) return failure(error.message)
  throw error
}

/** A score: with 17 digits before redis 7.2, since then as short as can be. */
export function formatScore({ server }: Call, n: number): string {
  const [major = 0, minor = 0] = versionOf(server).split('.').map(Number)
  if (!Number.isFinite(n) || (Number.isInteger(n) && Math.abs(n) < 1e17) || major > 7 || (major === 7 && minor >= 2))
    return formatNumber(n)
  return n
    .toPrecision(17)
    .replace(/(\.\d*?)0+(e|$)/, '$1$2')
    .replace(/\.(e|$)/, '$1')
}

/** Numbers as redis prints them: no exponent, 17 significant digits at most. */
export function formatNumber(n: number): string {
  if (n === Infinity) return 'inf'
  if (n === -Infinity) return '-inf'
  return String(n)
}
