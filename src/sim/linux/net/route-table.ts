import { type Cidr, inCidr } from './ipv4.ts'

export interface Route {
  readonly destination: Cidr
  readonly gateway?: number
  /** Interface name. */
  readonly device: string
  readonly source?: number
  /** `kernel` for those that come with an address. */
  readonly protocol?: string
  readonly scope?: 'link' | 'global' | 'host'
  readonly metric?: number
  /** `blackhole`, `unreachable`, `prohibit` instead of a way. */
  readonly kind?: 'blackhole' | 'unreachable' | 'prohibit'
  readonly onlink?: boolean
}

/** Routes that many machines share (a cluster's Pod networks): looked up after the namespace's own. */
export interface RouteSource {
  lookup(destination: number): Route | undefined
  routes(): Iterable<Route>
}

/** The main routing table of a namespace: the longest prefix wins, then the lowest metric. */
export class RouteTable {
  #routes: Route[] = []
  readonly #sources = new Set<RouteSource>()

  add(route: Route): void {
    this.#routes.push(route)
  }

  has(route: Route): boolean {
    return this.#routes.some((other) => same(other, route))
  }

  remove(matches: (route: Route) => boolean): number {
    const before = this.#routes.length
    this.#routes = this.#routes.filter((route) => !matches(route))
    return before - this.#routes.length
  }

  attach(source: RouteSource): () => void {
    this.#sources.add(source)
    return () => this.#sources.delete(source)
  }

  lookup(destination: number, usable: (route: Route) => boolean = () => true): Route | undefined {
    let best: Route | undefined
    for (const route of this.#routes) {
      if (!inCidr(destination, route.destination) || !usable(route)) continue
      if (!best || better(route, best)) best = route
    }
    for (const source of this.#sources) {
      const route = source.lookup(destination)
      if (route && usable(route) && (!best || better(route, best))) best = route
    }
    return best
  }

  /** As `ip route` orders them: by destination, the default route first. */
  *[Symbol.iterator](): Generator<Route> {
    const all = [...this.#routes, ...[...this.#sources].flatMap((source) => [...source.routes()])]
    yield* all.sort((a, b) => a.destination.base - b.destination.base || a.destination.prefix - b.destination.prefix)
  }
}

function better(a: Route, b: Route): boolean {
  return (
    a.destination.prefix > b.destination.prefix ||
    (a.destination.prefix === b.destination.prefix && (a.metric ?? 0) < (b.metric ?? 0))
  )
}

function same(a: Route, b: Route): boolean {
  return (
    a.destination.base === b.destination.base &&
    a.destination.prefix === b.destination.prefix &&
    a.gateway === b.gateway &&
    a.device === b.device &&
    (a.metric ?? 0) === (b.metric ?? 0)
  )
}
