import type { DescribeWriter } from './writer.ts'

const OIDS: Record<string, string> = {
  '2.5.4.3': 'Common Name',
  '2.5.4.5': 'Serial Number',
  '2.5.4.6': 'Country',
  '2.5.4.7': 'Locality',
  '2.5.4.8': 'Province',
  '2.5.4.10': 'Organization',
  '2.5.4.11': 'Organizational Unit',
}

/** The subject of a PEM certificate request in base64, as `describe csr` lists it. */
export function describeSubject(w: DescribeWriter, request: string): void {
  const found = subjectOf(request)
  const of = (name: string) => found.filter(([n]) => n === name).map(([, value]) => value)
  w.line(0, `\tCommon Name:\t${of('Common Name')[0] ?? ''}`)
  w.line(0, `\tSerial Number:\t${of('Serial Number')[0] ?? ''}`)
  for (const name of ['Organization', 'Organizational Unit', 'Country', 'Locality', 'Province']) {
    const values = of(name)
    if (values.length > 0) w.line(0, `\t${name}:\t${values.join('\n\t\t')}`)
  }
}

/** Attribute names and values of the request's subject; empty when it cannot be read. */
function subjectOf(request: string): [string, string][] {
  try {
    const pem = atob(request)
    const body = pem.replace(/-----[^-]+-----/g, '').replace(/\s/g, '')
    const der = Uint8Array.from(atob(body), (c) => c.charCodeAt(0))
    const info = children(der, children(der, { start: 0, end: der.length })[0]!)[0]!
    const name = children(der, info)[1]!
    return children(der, name).flatMap((set) => children(der, set).map((pair) => attribute(der, pair)))
  } catch {
    return []
  }
}

interface Span {
  start: number
  end: number
}

/** The values directly inside a constructed DER value. */
function children(der: Uint8Array, span: Span): Span[] {
  const found: Span[] = []
  for (let at = span.start; at < span.end; ) {
    let length = der[at + 1]!
    let start = at + 2
    if (length > 0x80) {
      const bytes = length & 0x7f
      length = 0
      for (let i = 0; i < bytes; i++) length = length * 256 + der[start + i]!
      start += bytes
    }
    found.push({ start, end: start + length })
    at = start + length
  }
  return found
}

function attribute(der: Uint8Array, pair: Span): [string, string] {
  const [oid, value] = children(der, pair)
  const bytes = der.slice(oid!.start, oid!.end)
  const id = [Math.floor(bytes[0]! / 40), bytes[0]! % 40, ...bytes.slice(1)].join('.')
  return [OIDS[id] ?? id, new TextDecoder().decode(der.slice(value!.start, value!.end))]
}
