/** ASN.1's distinguished encoding, as far as keys and certificates need it. */
export interface DerNode {
  readonly tag: number
  /** Of the whole element, header included. */
  readonly bytes: Uint8Array
  readonly content: Uint8Array
  /** Elements of a constructed one. */
  readonly children: readonly DerNode[]
}

/** Encodes one element. */
export function tlv(tag: number, ...contents: (readonly number[])[]): number[] {
  const content = contents.flat()
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return [tag, ...size, ...content]
}

export const sequence = (...parts: (readonly number[])[]) => tlv(0x30, ...parts)
export const octets = (bytes: readonly number[]) => tlv(0x04, bytes)
export const bitString = (bytes: readonly number[]) => tlv(0x03, [0], bytes)
export const oid = (bytes: readonly number[]) => tlv(0x06, bytes)
export const asciiOf = (text: string) => [...text].map((c) => c.charCodeAt(0))

/** A positive number, most significant byte first. */
export const integer = (bytes: readonly number[]) => tlv(0x02, bytes[0]! >= 0x80 ? [0, ...bytes] : bytes)

/** The first element of the bytes; undefined when they are none. */
export function parseDer(bytes: Uint8Array): DerNode | undefined {
  if (bytes.length < 2) return undefined
  const tag = bytes[0]!
  let length = bytes[1]!
  let at = 2
  if (length > 0x80) {
    const count = length & 0x7f
    if (count > 3) return undefined
    length = 0
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[at++] ?? 0)
  }
  if (at + length > bytes.length) return undefined
  const content = bytes.subarray(at, at + length)
  const children: DerNode[] = []
  if (tag & 0x20) {
    for (let i = 0; i < content.length; ) {
      const child = parseDer(content.subarray(i))
      if (!child) return undefined
      children.push(child)
      i += child.bytes.length
    }
  }
  return { tag, bytes: bytes.subarray(0, at + length), content, children }
}

/** The first block of this kind (a pattern) in a PEM text. */
export function fromPem(text: string, label = '[A-Z0-9 ]+'): { label: string; der: Uint8Array } | undefined {
  const m = new RegExp(`-----BEGIN (${label})-----([\\s\\S]*?)-----END \\1-----`).exec(text)
  if (!m) return undefined
  try {
    return { label: m[1]!, der: Uint8Array.from(atob(m[2]!.replace(/\s/g, '')), (c) => c.charCodeAt(0)) }
  } catch {
    return undefined
  }
}

export function toPem(label: string, der: readonly number[]): string {
  const text = btoa(String.fromCharCode(...der))
  return `-----BEGIN ${label}-----\n${text.match(/.{1,64}/g)!.join('\n')}\n-----END ${label}-----\n`
}
