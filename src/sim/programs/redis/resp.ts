import type { ByteReader } from '../http/reader.ts'

/** A reply of the Redis serialisation protocol, version 2. Strings are byte strings kept as Latin-1 text. */
export type Reply =
  | { kind: 'status'; text: string }
  | { kind: 'error'; text: string }
  | { kind: 'integer'; value: number }
  | { kind: 'bulk'; text: string | undefined }
  | { kind: 'array'; items: readonly Reply[] | undefined }

export const OK: Reply = { kind: 'status', text: 'OK' }
export const NIL: Reply = { kind: 'bulk', text: undefined }
export const bulk = (text: string | undefined): Reply => ({ kind: 'bulk', text })
export const integer = (value: number): Reply => ({ kind: 'integer', value })
export const array = (items: readonly Reply[]): Reply => ({ kind: 'array', items })
export const bulks = (items: readonly (string | undefined)[]): Reply => array(items.map(bulk))
export const status = (text: string): Reply => ({ kind: 'status', text })
export const failure = (text: string): Reply => ({ kind: 'error', text })

/** One character a byte, so that any bytes survive. */
export function latin1(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096))
  return text
}

export function fromLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}

/** UTF-8 text as a byte string. */
export const encodeText = (text: string): string => latin1(new TextEncoder().encode(text))
export const decodeText = (bytes: string): string => new TextDecoder().decode(fromLatin1(bytes))

export function encodeReply(reply: Reply): string {
  switch (reply.kind) {
    case 'status':
      return `+${reply.text}\r\n`
    case 'error':
      return `-${reply.text}\r\n`
    case 'integer':
      return `:${reply.value}\r\n`
    case 'bulk':
      return reply.text === undefined ? '$-1\r\n' : `$${reply.text.length}\r\n${reply.text}\r\n`
    case 'array':
      return reply.items === undefined
        ? '*-1\r\n'
        : `*${reply.items.length}\r\n${reply.items.map(encodeReply).join('')}`
  }
}

export function encodeCommand(words: readonly string[]): string {
  return encodeReply(bulks(words))
}

/** The next command: an array of bulk strings, or an inline line. Undefined at the end. */
export async function readCommand(reader: ByteReader): Promise<string[] | undefined> {
  const line = await reader.line()
  if (line === undefined) return undefined
  if (!line.startsWith('*')) return splitInline(encodeText(line))
  const words: string[] = []
  for (let left = Number(line.slice(1)); left > 0; left--) {
    const head = await reader.line()
    if (head === undefined || !head.startsWith('$')) throw new ProtocolError(`expected '$', got '${head?.[0] ?? ''}'`)
    words.push(latin1(await reader.bytes(Number(head.slice(1)))))
    await reader.bytes(2)
  }
  return words
}

export class ProtocolError extends Error {}

export async function readReply(reader: ByteReader): Promise<Reply | undefined> {
  const line = await reader.line()
  if (line === undefined) return undefined
  const rest = line.slice(1)
  switch (line[0]) {
    case '+':
      return status(rest)
    case '-':
      return failure(rest)
    case ':':
      return integer(Number(rest))
    case '$': {
      const length = Number(rest)
      if (length < 0) return NIL
      const text = latin1(await reader.bytes(length))
      await reader.bytes(2)
      return bulk(text)
    }
    case '*': {
      const count = Number(rest)
      if (count < 0) return { kind: 'array', items: undefined }
      const items: Reply[] = []
      for (let i = 0; i < count; i++) {
        const item = await readReply(reader)
        if (!item) return undefined
        items.push(item)
      }
      return array(items)
    }
    default:
      throw new ProtocolError(`unexpected reply ${line}`)
  }
}

/** Words of an inline command or of a redis-cli line: quotes and escapes as redis has them; undefined when unbalanced. */
export function splitInline(text: string): string[] | undefined {
  const words: string[] = []
  let i = 0
  for (;;) {
    while (i < text.length && /\s/.test(text[i]!)) i++
    if (i >= text.length) return words
    let word = ''
    while (i < text.length && !/\s/.test(text[i]!)) {
      const quote = text[i]!
      if (quote !== '"' && quote !== "'") {
        word += quote
        i++
        continue
      }
      i++
      for (;;) {
        if (i >= text.length) return undefined
        const c = text[i++]!
        if (c === quote) break
        if (c === '\\' && quote === '"' && i < text.length) {
          const e = text[i++]!
          const hex = /^[0-9a-fA-F]{2}$/.test(text.slice(i, i + 2))
          if (e === 'x' && hex) {
            word += String.fromCharCode(Number.parseInt(text.slice(i, i + 2), 16))
            i += 2
          } else word += { n: '\n', r: '\r', t: '\t', b: '\b', a: '\x07' }[e] ?? e
        } else if (c === '\\' && quote === "'" && text[i] === "'") {
          word += "'"
          i++
        } else word += c
      }
      if (i < text.length && !/\s/.test(text[i]!)) return undefined
    }
    words.push(word)
  }
}
