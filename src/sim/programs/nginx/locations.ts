import { BoundedRegExp } from '../../linux/regexp/bounded-regexp.ts'
import type { Location, Server } from './config/model.ts'

export interface LocationHit {
  location: Location
  captures: RegExpExecArray | undefined
}

/**
 * The location of a path, in nginx's order: an exact one; then the longest prefix, which wins at once with `^~`;
 * then the first regular expression in file order; then that longest prefix.
 */
export function findLocation(locations: readonly Location[], path: string): LocationHit | undefined {
  const exact = locations.find((l) => l.match === 'exact' && l.path === path)
  if (exact) return { location: exact, captures: undefined }
  let longest: Location | undefined
  for (const location of locations) {
    if (location.match !== 'prefix' && location.match !== 'prefix-no-regex') continue
    if (path.startsWith(location.path) && location.path.length > (longest?.path.length ?? -1)) longest = location
  }
  const nested = longest && longest.locations.length > 0 ? findLocation(longest.locations, path) : undefined
  if (nested && nested.location.match === 'exact') return nested
  if (longest?.match !== 'prefix-no-regex') {
    if (nested?.location.match === 'regex') return nested
    for (const location of locations) {
      const match = location.regex?.exec(path)
      if (match) {
        const inner = location.locations.length > 0 ? findLocation(location.locations, path) : undefined
        return inner ?? { location, captures: match }
      }
    }
  }
  return nested ?? (longest ? { location: longest, captures: undefined } : undefined)
}

export const findNamed = (server: Server, name: string) =>
  server.locations.find((l) => l.match === 'named' && l.path === name)

/** The server block of a request: by listening address and port, then by host name, else the default one. */
export function findServer(
  servers: readonly Server[],
  address: string,
  port: number,
  host: string,
): Server | undefined {
  const bound = servers.filter((s) => s.listens.some((l) => l.port === port && l.address === address))
  const here =
    bound.length > 0 ? bound : servers.filter((s) => s.listens.some((l) => l.port === port && l.address === '0.0.0.0'))
  const name = host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '')
  return (
    here.find((s) => s.names.includes(name)) ??
    longestWildcard(here, name) ??
    here.find((s) => s.names.some((n) => n.startsWith('~') && new BoundedRegExp(n.slice(1)).test(name))) ??
    here.find((s) => s.listens.some((l) => l.port === port && l.defaultServer)) ??
    here[0]
  )
}

function longestWildcard(servers: readonly Server[], name: string): Server | undefined {
  let best: { server: Server; length: number } | undefined
  for (const server of servers) {
    for (const pattern of server.names) {
      const hit =
        (pattern.startsWith('*.') && name.endsWith(pattern.slice(1))) ||
        (pattern.startsWith('.') && (name === pattern.slice(1) || name.endsWith(pattern))) ||
        (pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -1)))
      if (hit && pattern.length > (best?.length ?? 0)) best = { server, length: pattern.length }
    }
  }
  return best?.server
}
