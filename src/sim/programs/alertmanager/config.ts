import { parseDocument } from 'yaml'
import { parseDuration } from '../prometheus/duration.ts'
import { type Matcher, type MatchOperator, makeMatcher, matcherText } from '../prometheus/matcher.ts'

export interface Route {
  /** Its matchers below those of the routes above it: `{}/{severity="critical"}`. */
  key: string
  receiver: string
  matchers: readonly Matcher[]
  /** Undefined: `...`, all labels. */
  groupBy: readonly string[] | undefined
  groupWait: number
  groupInterval: number
  repeatInterval: number
  continues: boolean
  routes: readonly Route[]
}
export interface Receiver {
  name: string
  webhooks: readonly { url: string; sendResolved: boolean }[]
  /** Kinds that are configured but not simulated: `email_configs`. */
  others: readonly string[]
}
export interface Inhibition {
  source: readonly Matcher[]
  target: readonly Matcher[]
  equal: readonly string[]
}
export interface AlertmanagerConfig {
  resolveTimeout: number
  route: Route
  receivers: ReadonlyMap<string, Receiver>
  inhibitions: readonly Inhibition[]
  text: string
}

// An anyone's file: its shape is checked as it is read.
type Plain = Record<string, any>

/** Reads alertmanager.yaml. Throws an Error with Alertmanager's words. */
export function parseAlertmanagerConfig(text: string): AlertmanagerConfig {
  const document = parseDocument(text)
  if (document.errors[0]) throw new Error(`yaml: ${document.errors[0].message.split('\n')[0]}`)
  const root = (document.toJS() ?? {}) as Plain
  const receivers = new Map<string, Receiver>()
  for (const given of (root.receivers ?? []) as Plain[]) {
    if (!given.name) throw new Error('missing name in receiver')
    if (receivers.has(given.name))
      throw new Error(`notification config name ${JSON.stringify(given.name)} is not unique`)
    receivers.set(given.name, {
      name: given.name,
      webhooks: ((given.webhook_configs ?? []) as Plain[]).map((w) => ({
        url: String(w.url),
        sendResolved: w.send_resolved !== false,
      })),
      others: Object.keys(given).filter((key) => key.endsWith('_configs') && key !== 'webhook_configs'),
    })
  }
  if (!root.route) throw new Error('no routes provided')
  if (!root.route.receiver) throw new Error('root route must specify a default receiver')
  if ((root.route.matchers ?? []).length > 0 || root.route.match)
    throw new Error('root route must not have any matchers')
  const defaults = {
    groupBy: [],
    groupWait: 30_000,
    groupInterval: 300_000,
    repeatInterval: 4 * 3_600_000,
    receiver: '',
    key: '',
  }
  const route = parseRoute(root.route, defaults, receivers)
  return {
    resolveTimeout: duration(root.global?.resolve_timeout, 300_000),
    route,
    receivers,
    inhibitions: ((root.inhibit_rules ?? []) as Plain[]).map((rule) => ({
      source: [
        ...matchers(rule.source_matchers),
        ...pairs(rule.source_match, '='),
        ...pairs(rule.source_match_re, '=~'),
      ],
      target: [
        ...matchers(rule.target_matchers),
        ...pairs(rule.target_match, '='),
        ...pairs(rule.target_match_re, '=~'),
      ],
      equal: rule.equal ?? [],
    })),
    text,
  }
}

type Inherited = Pick<Route, 'key' | 'groupBy' | 'groupWait' | 'groupInterval' | 'repeatInterval' | 'receiver'>

function parseRoute(given: Plain, above: Inherited, receivers: ReadonlyMap<string, Receiver>): Route {
  const receiver = given.receiver ?? above.receiver
  if (!receivers.has(receiver)) throw new Error(`undefined receiver ${JSON.stringify(receiver)} used in route`)
  const conditions = [...matchers(given.matchers), ...pairs(given.match, '='), ...pairs(given.match_re, '=~')]
  const text = `{${conditions.map(matcherText).sort().join(',')}}`
  const own: Inherited = {
    key: above.key === '' ? text : `${above.key}/${text}`,
    receiver,
    groupBy: given.group_by ? (given.group_by.includes('...') ? undefined : given.group_by) : above.groupBy,
    groupWait: duration(given.group_wait, above.groupWait),
    groupInterval: duration(given.group_interval, above.groupInterval),
    repeatInterval: duration(given.repeat_interval, above.repeatInterval),
  }
  return {
    ...own,
    matchers: conditions,
    continues: given.continue === true,
    routes: ((given.routes ?? []) as Plain[]).map((route) => parseRoute(route, own, receivers)),
  }
}

const pairs = (given: Plain | undefined, operator: MatchOperator): Matcher[] =>
  Object.entries(given ?? {}).map(([name, value]) => makeMatcher(name, operator, String(value)))

/** `severity = critical`, `severity =~ "warning|info"`, `{a="b", c="d"}`. */
export function matchers(given: readonly string[] | undefined): Matcher[] {
  return (given ?? []).flatMap((text) =>
    text
      .trim()
      .replace(/^\{|\}$/g, '')
      .split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)
      .filter((part) => part.trim() !== '')
      .map((part) => {
        const m = /^\s*([a-zA-Z_:][\w:]*)\s*(=~|!=|!~|=)\s*(.*?)\s*$/.exec(part)
        if (!m) throw new Error(`bad matcher format: ${part}`)
        const value = m[3]!.startsWith('"') ? JSON.parse(m[3]!) : m[3]!
        return makeMatcher(m[1]!, m[2] as MatchOperator, value)
      }),
  )
}

function duration(value: unknown, fallback: number): number {
  if (value === undefined) return fallback
  const ms = parseDuration(String(value))
  if (ms === undefined) throw new Error(`not a valid duration string: ${JSON.stringify(String(value))}`)
  return ms
}
