/** Dotted text to an unsigned number; undefined when it is no IPv4 address. */
export function parseAddress(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (!match) return undefined
  let value = 0
  for (let i = 1; i <= 4; i++) {
    const part = Number(match[i])
    if (part > 255) return undefined
    value = value * 256 + part
  }
  return value
}

export function formatAddress(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`
}

export interface Cidr {
  /** Network address. */
  readonly base: number
  readonly prefix: number
}

export function maskOf(prefix: number): number {
  return prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0
}

/** `10.10.0.0/16`, or an address for /32; host bits are dropped. */
export function parseCidr(text: string): Cidr | undefined {
  const [address, length] = text.split('/')
  const base = parseAddress(address ?? '')
  const prefix = length === undefined ? 32 : Number(length)
  if (base === undefined || !Number.isInteger(prefix) || prefix < 0 || prefix > 32) return undefined
  return { base: (base & maskOf(prefix)) >>> 0, prefix }
}

export function formatCidr({ base, prefix }: Cidr): string {
  return `${formatAddress(base)}/${prefix}`
}

export function inCidr(address: number, { base, prefix }: Cidr): boolean {
  return (address & maskOf(prefix)) >>> 0 === base
}

export const ANY = 0
/** No IPv4 address: of a socket that speaks IPv6 only. */
export const NONE = -1
