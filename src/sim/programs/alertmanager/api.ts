import { parseRfc3339 } from '../../time/date.ts'
import { expositionResponse } from '../exposition/exposition.ts'
import { jsonResponse, textResponse } from '../http/daemon.ts'
import { toText } from '../http/message.ts'
import type { Handled, ServerRequest } from '../http/server.ts'
import { milliTime } from '../prometheus/log.ts'
import { type Matcher, makeMatcher, matchesAll } from '../prometheus/matcher.ts'
import { type AlertBook, type HeldAlert, toLabels } from './alerts.ts'
import { matchers } from './config.ts'
import { metrics } from './metrics.ts'
import type { Server } from './server.ts'

function alertJson({ book, process }: Server, alert: HeldAlert): object {
  const now = process.wallClock()
  const silencedBy = book.silencedBy(alert, now)
  const inhibitedBy = book.inhibitedBy(alert, now)
  return {
    annotations: alert.annotations.toObject(),
    endsAt: milliTime(alert.endsAt),
    fingerprint: alert.fingerprint,
    receivers: alert.receivers.map((name) => ({ name })),
    startsAt: milliTime(alert.startsAt),
    status: { inhibitedBy, silencedBy, state: silencedBy.length + inhibitedBy.length > 0 ? 'suppressed' : 'active' },
    updatedAt: milliTime(alert.updatedAt),
    generatorURL: alert.generatorUrl,
    labels: alert.labels.toObject(),
  }
}

/** Answers the API of version 2, and the paths a keeper of the server asks. */
export function answer(server: Server, request: ServerRequest, load: () => AlertBook['config']): Handled {
  const { book, process } = server
  const path = request.target.split('?')[0]!
  const now = process.wallClock()
  if (path === '/-/ready' || path === '/-/healthy') return textResponse(200, 'OK')
  if (path === '/-/reload') {
    try {
      book.reconfigure(load(), now)
      server.reloaded = true
      return textResponse(200, '')
    } catch (error) {
      server.reloaded = false
      return textResponse(500, `failed to reload config: ${(error as Error).message}\n`)
    }
  }
  if (path === '/metrics') return expositionResponse(metrics(server))
  if (path === '/api/v2/alerts') {
    if (request.method === 'POST') return takeAlerts(server, request)
    return selected(server, request.target)
  }
  if (path === '/api/v2/alerts/groups')
    return jsonResponse(
      200,
      [...book.groups.values()].map((group) => ({
        alerts: [...group.alerts.values()].filter((a) => a.endsAt > now).map((alert) => alertJson(server, alert)),
        labels: group.labels.toObject(),
        receiver: { name: group.route.receiver },
      })),
    )
  if (path === '/api/v2/receivers')
    return jsonResponse(
      200,
      [...book.config.receivers.keys()].map((name) => ({ name })),
    )
  if (path === '/api/v2/status') return jsonResponse(200, statusJson(server))
  const silences = silenceApi(server, request, path)
  if (silences) return silences
  if (path === '/')
    return {
      status: 200,
      headers: [['Content-Type', 'text/html; charset=utf-8']],
      body: '<!DOCTYPE html>\n<html lang="en">\n    <head>\n        <title>Alertmanager</title>\n    </head>\n    <body></body>\n</html>\n',
    }
  return textResponse(404, '404 page not found\n')
}

/** `?filter=severity="critical"&silenced=false`: those that fire, by labels and state. */
function selected(server: Server, target: string): Handled {
  const { book, process } = server
  const now = process.wallClock()
  let filters: Matcher[]
  const query = (target.split('?')[1] ?? '').split('&').map((pair) => {
    const at = pair.indexOf('=')
    return [pair.slice(0, at), decodeURIComponent(pair.slice(at + 1).replaceAll('+', ' '))] as const
  })
  try {
    filters = matchers(query.filter(([name]) => name === 'filter').map(([, value]) => value))
  } catch (error) {
    return jsonResponse(400, (error as Error).message)
  }
  const wants = (state: string) => query.find(([name]) => name === state)?.[1] !== 'false'
  const receiver = query.find(([name]) => name === 'receiver')?.[1]
  const taken = receiver === undefined ? undefined : makeMatcher('receiver', '=~', receiver)
  const found = [...book.alerts.values()].filter((alert) => {
    if (alert.endsAt <= now || !matchesAll(alert.labels, filters)) return false
    if (taken && !alert.receivers.some((name) => taken.test(name))) return false
    const silenced = book.silencedBy(alert, now).length > 0
    const inhibited = book.inhibitedBy(alert, now).length > 0
    return (
      (!silenced || wants('silenced')) &&
      (!inhibited || wants('inhibited')) &&
      (silenced || inhibited || wants('active'))
    )
  })
  return jsonResponse(
    200,
    found.sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1)).map((alert) => alertJson(server, alert)),
  )
}

function takeAlerts({ book, process }: Server, request: ServerRequest): Handled {
  let given: Record<string, unknown>[]
  try {
    given = JSON.parse(toText(request.body))
    if (!Array.isArray(given)) throw new SyntaxError('no list')
  } catch {
    return jsonResponse(400, 'parsing alerts body from "" failed, because invalid character in the body')
  }
  const now = process.wallClock()
  for (const each of given) {
    const labels = toLabels(each.labels)
    if (labels.size === 0) return jsonResponse(400, 'invalid label set: at least one label pair required')
    const time = (value: unknown) => (typeof value === 'string' ? parseRfc3339(value) : Number.NaN)
    const startsAt = time(each.startsAt) || now
    book.put(
      {
        labels,
        annotations: toLabels(each.annotations),
        startsAt,
        endsAt: time(each.endsAt) || now + book.config.resolveTimeout,
        updatedAt: now,
        generatorUrl: String(each.generatorURL ?? ''),
      },
      now,
    )
  }
  return { status: 200, headers: [], body: '' }
}

function statusJson({ book, peers, started, clustered, process }: Server): object {
  return {
    cluster: {
      name: process.files.readText('/proc/sys/kernel/hostname').trim(),
      peers: peers.names.map((address, i) => ({ address, name: `peer-${i}` })),
      status: clustered ? 'ready' : 'disabled',
    },
    config: { original: book.config.text },
    uptime: milliTime(started),
    versionInfo: {
      branch: 'HEAD',
      buildDate: '20210825-10:48:55',
      buildUser: 'root@e21a959be8d2',
      goVersion: 'go1.16.7',
      revision: '61046b17771a57cfd4c4a51be370ab930a4d7d54',
      version: '0.23.0',
    },
  }
}

function silenceApi({ book, process }: Server, request: ServerRequest, path: string): Handled | undefined {
  const now = process.wallClock()
  const one = /^\/api\/v2\/silence\/(.+)$/.exec(path)
  const shown = (id: string) => {
    const s = book.silences.get(id)!
    return {
      id,
      status: { state: s.endsAt <= now ? 'expired' : s.startsAt > now ? 'pending' : 'active' },
      updatedAt: milliTime(s.updatedAt),
      comment: s.comment,
      createdBy: s.createdBy,
      startsAt: milliTime(s.startsAt),
      endsAt: milliTime(s.endsAt),
      matchers: s.matchers.map((m) => ({
        isEqual: !m.operator.startsWith('!'),
        isRegex: m.operator.endsWith('~'),
        name: m.name,
        value: m.value,
      })),
    }
  }
  if (one) {
    const silence = book.silences.get(one[1]!)
    if (!silence) return jsonResponse(404, '')
    if (request.method === 'DELETE') {
      silence.endsAt = now
      return { status: 200, headers: [], body: '' }
    }
    return jsonResponse(200, shown(silence.id))
  }
  if (path !== '/api/v2/silences') return undefined
  if (request.method !== 'POST') return jsonResponse(200, [...book.silences.keys()].map(shown))
  let given: Record<string, any>
  try {
    given = JSON.parse(toText(request.body))
  } catch {
    return jsonResponse(400, 'parsing silence body from "" failed, because invalid character in the body')
  }
  for (const name of ['comment', 'createdBy', 'endsAt', 'matchers', 'startsAt'])
    if (given[name] === undefined)
      return jsonResponse(422, { code: 602, message: `silence.${name} in body is required` })
  const endsAt = parseRfc3339(given.endsAt)
  if (given.matchers.length === 0 || given.matchers.every((m: { value: string }) => m.value === ''))
    return jsonResponse(400, 'invalid silence: at least one matcher must not match the empty string')
  if (given.id && !book.silences.has(given.id)) return jsonResponse(404, 'silence not found')
  if (endsAt <= now) return jsonResponse(400, 'invalid silence: end time must not be in the past')
  const id = given.id || process.random.uuid()
  book.silences.set(id, {
    id,
    matchers: given.matchers.map((m: { name: string; value: string; isRegex?: boolean; isEqual?: boolean }) =>
      makeMatcher(m.name, m.isRegex ? (m.isEqual === false ? '!~' : '=~') : m.isEqual === false ? '!=' : '=', m.value),
    ),
    startsAt: Math.max(now, parseRfc3339(given.startsAt) || now),
    endsAt,
    updatedAt: now,
    createdBy: given.createdBy ?? '',
    comment: given.comment ?? '',
  })
  return jsonResponse(200, { silenceID: id })
}
