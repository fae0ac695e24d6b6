import type { Random } from '../../time/random.ts'
import { bitString, fromPem, integer, octets, oid, parseDer, sequence, toPem } from './der.ts'

/** rsaEncryption with its NULL parameters. */
const RSA = sequence(oid([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01]), [0x05, 0x00])
const VERSION_0 = [0x02, 0x01, 0x00]
/** Modulus and primes use all their bits. */
const FULL: ReadonlySet<number> = new Set([0, 3, 4])
const EXPONENT = [0x01, 0x00, 0x01]

/** An odd number of so many bytes. */
function number(random: Random, bytes: number, full: boolean): number[] {
  const out = Array.from({ length: bytes }, () => random.int(0, 255))
  out[0] = (out[0]! & 0x3f) | (full ? 0x80 : 0x40)
  out[bytes - 1] = out[bytes - 1]! | 1
  return out
}

/** A private key in shape: its numbers are noise, so nothing can be encrypted with it. PKCS#8, or PKCS#1 when traditional. */
export function makeRsaKey(random: Random, bits: number, traditional = false): string {
  const half = bits / 16
  const parts = [bits / 8, 0, bits / 8, half, half, half, half, half]
  const numbers = parts.map((bytes, i) => (bytes ? integer(number(random, bytes, FULL.has(i))) : integer(EXPONENT)))
  const key = sequence(VERSION_0, ...numbers)
  return traditional ? toPem('RSA PRIVATE KEY', key) : toPem('PRIVATE KEY', sequence(VERSION_0, RSA, octets(key)))
}

/** The SubjectPublicKeyInfo that belongs to a PEM private key; undefined when it is none of ours. */
export function publicKeyOf(pem: string): number[] | undefined {
  const found = fromPem(pem, '(?:RSA )?PRIVATE KEY')
  let key = found && parseDer(found.der)
  if (key?.children[1]?.tag === 0x30) key = parseDer(key.children[2]!.content)
  const [, modulus, exponent] = key?.children ?? []
  if (modulus?.tag !== 0x02 || exponent?.tag !== 0x02) return undefined
  return sequence(RSA, bitString(sequence([...modulus.bytes], [...exponent.bytes])))
}

/** Of the modulus in a SubjectPublicKeyInfo. */
export function keyBits(publicKey: Uint8Array): number {
  const inner = parseDer(publicKey)?.children[1]
  const modulus = inner && parseDer(inner.content.subarray(1))?.children[0]
  return modulus ? (modulus.content.length - (modulus.content[0] === 0 ? 1 : 0)) * 8 : 0
}
