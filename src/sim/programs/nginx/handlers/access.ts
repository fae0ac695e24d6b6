import { header } from '../../http/message.ts'
import type { Scope } from '../config/model.ts'
import type { Exchange } from '../exchange.ts'

/** allow and deny, first match decides. */
export function allowed(scope: Scope, address: string): boolean {
  const rule = scope.access.find((r) => r.address === 'all' || matches(r.address, address))
  return rule?.allow ?? true
}

function matches(pattern: string, address: string): boolean {
  const [network, bits] = pattern.split('/')
  if (bits === undefined) return network === address
  const mask = Number(bits) === 0 ? 0 : (~0 << (32 - Number(bits))) >>> 0
  return (toNumber(network!) & mask) === (toNumber(address) & mask)
}

const toNumber = (ip: string) => ip.split('.').reduce((n, part) => ((n << 8) | Number(part)) >>> 0, 0)

/** Whether the request carries a user and password of the file. Plain and {PLAIN} passwords, and $apr1$ by equality of the text. */
export function authorised(x: Exchange): boolean {
  const wanted = x.scope.authBasic
  if (!wanted) return true
  const given = /^Basic (.+)$/.exec(header(x.request.headers, 'authorization') ?? '')
  if (!given || !wanted.file) return false
  let credentials: string
  try {
    credentials = atob(given[1]!)
  } catch {
    return false
  }
  const [user, password] = [credentials.split(':')[0], credentials.slice(credentials.indexOf(':') + 1)]
  const path = wanted.file.startsWith('/') ? wanted.file : `/etc/nginx/${wanted.file}`
  if (!x.process.files.exists(path)) return false
  return x.process.files
    .readText(path)
    .split('\n')
    .some((line) => line === `${user}:${password}` || line === `${user}:{PLAIN}${password}`)
}
