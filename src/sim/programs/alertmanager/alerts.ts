import { Labels } from '../prometheus/labels.ts'
import { type Matcher, matchesAll } from '../prometheus/matcher.ts'
import type { AlertmanagerConfig, Route } from './config.ts'
import type { Told } from './peers.ts'

export interface HeldAlert {
  labels: Labels
  annotations: Labels
  /** ms since 1970 */
  startsAt: number
  endsAt: number
  updatedAt: number
  generatorUrl: string
  fingerprint: string
  receivers: string[]
}
export interface Silence {
  id: string
  matchers: readonly Matcher[]
  startsAt: number
  endsAt: number
  updatedAt: number
  createdBy: string
  comment: string
}

/** Alerts of one route with equal grouping labels: told of together. */
export interface AlertGroup {
  key: string
  route: Route
  labels: Labels
  alerts: Map<string, HeldAlert>
  /** When it is due next, ms since 1970. */
  due: number
  /** A notification is under way. */
  busy: boolean
}

/** What an Alertmanager holds: alerts, their groups, silences. */
export class AlertBook {
  config: AlertmanagerConfig
  readonly alerts = new Map<string, HeldAlert>()
  readonly groups = new Map<string, AlertGroup>()
  readonly silences = new Map<string, Silence>()
  /** What was told last, by group and integration. */
  readonly told = new Map<string, Told>()
  received = 0

  constructor(config: AlertmanagerConfig) {
    this.config = config
  }

  put(alert: Omit<HeldAlert, 'fingerprint' | 'receivers'>, now: number): void {
    this.received++
    const fingerprint = fingerprintOf(alert.labels)
    const known = this.alerts.get(fingerprint)
    const merged: HeldAlert = {
      ...alert,
      startsAt: known && known.endsAt > now ? Math.min(known.startsAt, alert.startsAt) : alert.startsAt,
      fingerprint,
      receivers: [],
    }
    this.#place(merged, now)
    this.alerts.set(fingerprint, merged)
  }

  /** Into the groups of the routes that take it. */
  #place(alert: HeldAlert, now: number): void {
    alert.receivers = []
    for (const route of routesFor(this.config.route, alert.labels)) {
      alert.receivers.push(route.receiver)
      const labels = route.groupBy === undefined ? alert.labels : alert.labels.keep(route.groupBy)
      const key = `${route.key}:${labels}`
      let group = this.groups.get(key)
      if (!group) {
        if (alert.endsAt <= now) continue
        // One that has been firing for longer than the group would wait is told of at once.
        const due = alert.startsAt + route.groupWait < now ? now : now + route.groupWait
        group = { key, route, labels, alerts: new Map(), due, busy: false }
        this.groups.set(key, group)
      }
      group.alerts.set(alert.fingerprint, alert)
    }
  }

  /** Another configuration groups all alerts anew; what was told stays known. */
  reconfigure(config: AlertmanagerConfig, now: number): void {
    this.config = config
    this.groups.clear()
    for (const alert of this.alerts.values()) if (alert.endsAt > now) this.#place(alert, now)
  }

  /** Whether a receiver has to hear of a group: of a new alert, of one that ended, or again after a while. */
  isNews(key: string, firing: readonly string[], resolved: readonly string[], repeatBefore: number): boolean {
    const last = this.told.get(key)
    if (!last) return firing.length > 0
    if (firing.some((fingerprint) => !last.firing.includes(fingerprint))) return true
    if (firing.length === 0) return last.firing.length > 0
    if (resolved.some((fingerprint) => !last.resolved.includes(fingerprint))) return true
    return last.at <= repeatBefore
  }

  /** Alerts that had ended when the group was told of leave it, if nothing changed since. */
  forgetResolved(group: AlertGroup, told: readonly HeldAlert[], now: number): void {
    for (const alert of told)
      if (alert.endsAt <= now && group.alerts.get(alert.fingerprint) === alert) group.alerts.delete(alert.fingerprint)
    if (group.alerts.size === 0 && this.groups.get(group.key) === group) this.groups.delete(group.key)
  }

  silencedBy(alert: HeldAlert, now: number): string[] {
    return [...this.silences.values()]
      .filter((s) => s.startsAt <= now && s.endsAt > now && matchesAll(alert.labels, s.matchers))
      .map((s) => s.id)
  }

  inhibitedBy(alert: HeldAlert, now: number): string[] {
    const found = new Set<string>()
    for (const { source, target, equal } of this.config.inhibitions) {
      if (!matchesAll(alert.labels, target)) continue
      for (const other of this.alerts.values()) {
        if (other === alert || other.endsAt <= now || !matchesAll(other.labels, source)) continue
        // An alert that is source and target of a rule at once does not silence itself.
        if (matchesAll(other.labels, target) && matchesAll(alert.labels, source)) continue
        if (equal.every((name) => other.labels.get(name) === alert.labels.get(name))) found.add(other.fingerprint)
      }
    }
    return [...found]
  }

  /** Resolved alerts and silences that ended are forgotten after a while. */
  clean(now: number): void {
    for (const [fingerprint, alert] of this.alerts) if (alert.endsAt < now - 5 * 60_000) this.alerts.delete(fingerprint)
    for (const [id, silence] of this.silences) if (silence.endsAt < now - 5 * 86_400_000) this.silences.delete(id)
  }
}

/** Depth first: the deepest that matches, and its later siblings where it says `continue`. */
export function routesFor(route: Route, labels: Labels): Route[] {
  if (!matchesAll(labels, route.matchers)) return []
  const found: Route[] = []
  for (const child of route.routes) {
    const matched = routesFor(child, labels)
    found.push(...matched)
    if (matched.length > 0 && !child.continues) break
  }
  return found.length > 0 ? found : [route]
}

/** FNV-1a over the labels, 64 bits as 16 hexadecimal digits. */
function fingerprintOf(labels: Labels): string {
  let hash = 0xcbf29ce484222325n
  for (let i = 0; i < labels.key.length; i++)
    hash = BigInt.asUintN(64, (hash ^ BigInt(labels.key.charCodeAt(i) & 255)) * 0x100000001b3n)
  return hash.toString(16).padStart(16, '0')
}

export const toLabels = (given: unknown): Labels =>
  Labels.from(Object.entries((given ?? {}) as Record<string, string>).map(([name, value]) => [name, String(value)]))
