/** Certificates of the simulated authority: X.509 in shape, readable by real tools, with no key behind the signature. */

export interface Subject {
  commonName: string
  organizations: string[]
}

const OID_CN = [0x55, 0x04, 0x03]
const OID_O = [0x55, 0x04, 0x0a]
/** sha256WithRSAEncryption */
const ALGORITHM = [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b, 0x05, 0x00]

function bytesOf(pem: string): Uint8Array | undefined {
  const m = /-----BEGIN [A-Z ]+-----([\s\S]*?)-----END/.exec(pem)
  if (!m) return undefined
  try {
    return Uint8Array.from(atob(m[1]!.replace(/\s/g, '')), (c) => c.charCodeAt(0))
  } catch {
    return undefined
  }
}

/** The subject of a certificate or a request. Also of the plain form `O=a,CN=b` between the PEM lines. */
export function subjectOfPem(pem: string): Subject | undefined {
  const plain = /-----BEGIN [A-Z ]+-----\s*((?:[A-Z]+=[^,\n]*,?)+)\s*-----END/.exec(pem)
  if (plain) {
    const parts = plain[1]!.split(',').map((p) => p.trim().split('=') as [string, string])
    return {
      commonName: parts.find(([k]) => k === 'CN')?.[1] ?? '',
      organizations: parts.filter(([k]) => k === 'O').map(([, v]) => v),
    }
  }
  const der = bytesOf(pem)
  return der && subjectOfDer(der)
}

/** Reads the names after the last validity: in a certificate the issuer's come first, in a request there are only the subject's. */
function subjectOfDer(der: Uint8Array): Subject | undefined {
  const found: { oid: 'CN' | 'O'; value: string; at: number }[] = []
  for (let i = 0; i + 5 < der.length; i++) {
    if (der[i] !== 0x06 || der[i + 1] !== 0x03) continue
    const oid = OID_CN.every((b, j) => der[i + 2 + j] === b)
      ? 'CN'
      : OID_O.every((b, j) => der[i + 2 + j] === b)
        ? 'O'
        : undefined
    if (!oid) continue
    const length = der[i + 6]!
    found.push({ oid, value: new TextDecoder().decode(der.slice(i + 7, i + 7 + length)), at: i })
  }
  // The validity is a sequence of two times (UTCTime 0x17 or GeneralizedTime 0x18).
  let validity = -1
  for (let i = 0; i + 16 < der.length; i++)
    if (der[i] === 0x30 && der[i + 2] === 0x17 && der[i + 3] === 0x0d && der[i + 17] === 0x17) validity = i
  const own = found.filter((f) => f.at > validity)
  if (own.length === 0) return undefined
  return {
    commonName: own.find((f) => f.oid === 'CN')?.value ?? '',
    organizations: own.filter((f) => f.oid === 'O').map((f) => f.value),
  }
}

function tlv(tag: number, ...contents: (readonly number[])[]): number[] {
  const content = contents.flat()
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return [tag, ...size, ...content]
}

const utf8 = (text: string) => tlv(0x0c, [...new TextEncoder().encode(text)])

function name({ commonName, organizations }: Subject): number[] {
  const part = (oid: readonly number[], value: string) => tlv(0x31, tlv(0x30, tlv(0x06, oid), utf8(value)))
  return tlv(0x30, ...organizations.map((o) => part(OID_O, o)), part(OID_CN, commonName))
}

/** `YYMMDDHHMMSSZ` of an RFC 3339 text. */
function time(text: string): number[] {
  const digits = `${text.slice(2).replace(/[-:T]/g, '').slice(0, 12)}Z`
  return tlv(
    0x17,
    [...digits].map((c) => c.charCodeAt(0)),
  )
}

/** The public key of a request: taken over as it is. */
function publicKeyOf(request: Uint8Array): number[] {
  for (let i = 0; i + 4 < request.length; i++) {
    // SEQUENCE { SEQUENCE { OID rsaEncryption or ecPublicKey …
    if (request[i] !== 0x30 || request[i + 1]! < 0x80) continue
    const header = 2 + (request[i + 1]! & 0x7f)
    const at = i + header
    if (request[at] !== 0x30 || request[at + 2] !== 0x06) continue
    const length = header === 3 ? request[i + 2]! : (request[i + 2]! << 8) | request[i + 3]!
    if (at + length <= request.length && length > 60) return [...request.slice(i, at + length)]
  }
  return tlv(0x30, ALGORITHM, tlv(0x03, [0, 0]))
}

/** A PEM certificate for a PEM request, issued by `CN=kubernetes`. Undefined when the request cannot be read. */
export function signRequest(pem: string, options: { serial: string; from: string; until: string }): string | undefined {
  const request = bytesOf(pem)
  const subject = subjectOfPem(pem)
  if (!subject) return undefined
  const serial = (options.serial.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16) & 0x7f)
  const body = tlv(
    0x30,
    tlv(0xa0, tlv(0x02, [2])),
    tlv(0x02, serial),
    ALGORITHM,
    name({ commonName: 'kubernetes', organizations: [] }),
    tlv(0x30, time(options.from), time(options.until)),
    name(subject),
    request ? publicKeyOf(request) : tlv(0x30, ALGORITHM, tlv(0x03, [0, 0])),
  )
  const fakeSignature = Array.from({ length: 256 }, (_, i) => (i * 37 + body.length) & 255)
  const certificate = tlv(0x30, body, ALGORITHM, tlv(0x03, [0, ...fakeSignature]))
  const text = btoa(String.fromCharCode(...certificate))
  return `-----BEGIN CERTIFICATE-----\n${text.match(/.{1,64}/g)!.join('\n')}\n-----END CERTIFICATE-----\n`
}
