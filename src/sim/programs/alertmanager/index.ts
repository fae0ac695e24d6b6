import { SystemError } from '../../linux/errors.ts'
import type { Process, Program } from '../../linux/process.ts'
import { parseRfc3339 } from '../../time/date.ts'
import { Exposition, expositionResponse, processMetrics } from '../exposition/exposition.ts'
import { FetchError, HttpAgent } from '../http/agent.ts'
import { goFlags, jsonResponse, parseListen, runDaemon, textResponse } from '../http/daemon.ts'
import { toText } from '../http/message.ts'
import type { Handled, ServerRequest } from '../http/server.ts'
import { logfmt, milliTime } from '../prometheus/log.ts'
import { makeMatcher } from '../prometheus/matcher.ts'
import { AlertBook, type AlertGroup, type HeldAlert, toLabels } from './alerts.ts'
import { parseAlertmanagerConfig, type Receiver } from './config.ts'
import { Peers } from './peers.ts'

/** How long each member of a cluster leaves the one before it, in ms. */
const PEER_TIMEOUT = 15_000

interface Server {
  process: Process
  book: AlertBook
  peers: Peers
  started: number
  clustered: boolean
  sent: number
  failed: number
  reloaded: boolean
}

/** Alertmanager: groups alerts, holds back silenced and inhibited ones, and tells receivers. */
export const alertmanager: Program = async (process) => {
  const flags = goFlags(process.argv.slice(1))
  const file = flags.get('config.file', 'alertmanager.yml')
  logfmt(process, 'main.go:225', 'info', {
    msg: 'Starting Alertmanager',
    version: '(version=0.23.0, branch=HEAD, revision=61046b17771a57cfd4c4a51be370ab930a4d7d54)',
  })
  process.setMemory(18 * 2 ** 20)
  const load = () => {
    logfmt(process, 'coordinator.go:113', 'info', {
      component: 'configuration',
      msg: 'Loading configuration file',
      file,
    })
    const config = parseAlertmanagerConfig(process.files.readText(file))
    logfmt(process, 'coordinator.go:126', 'info', {
      component: 'configuration',
      msg: 'Completed loading of configuration file',
      file,
    })
    return config
  }
  let book: AlertBook
  try {
    book = new AlertBook(load())
  } catch (error) {
    const err = error instanceof SystemError ? `open ${file}: ${error.message.toLowerCase()}` : (error as Error).message
    logfmt(process, 'coordinator.go:118', 'error', {
      component: 'configuration',
      msg: 'Loading configuration file failed',
      file,
      err,
    })
    return 1
  }
  const peers = new Peers(process, flags.all('cluster.peer'), ({ group, content, at }) => {
    const known = book.groups.get(group)
    if (!known || known.toldAt >= at) return
    known.told = content
    known.toldAt = at
  })
  const server: Server = {
    process,
    book,
    peers,
    started: process.wallClock(),
    clustered: peers.names.length > 0,
    sent: 0,
    failed: 0,
    reloaded: true,
  }
  const agent = new HttpAgent(process, 'Alertmanager/0.23.0')
  const listen = flags.get('web.listen-address', ':9093')
  logfmt(process, 'main.go:518', 'info', { msg: 'Listening', address: listen })
  return runDaemon(process, {
    listen: [{ ...parseListen(listen), handler: (request) => answer(server, request, load) }],
    tasks: [
      () => dispatch(server, agent),
      ...(server.clustered ? [() => peers.listen(parseListen(flags.get('cluster.listen-address', ':9094')).port)] : []),
    ],
    onBusy: (_, why) =>
      logfmt(process, 'main.go:520', 'error', { msg: 'Listen error', err: `listen tcp ${listen}: bind: ${why}` }),
  })
}

/** Looks every second which groups are due. */
async function dispatch(server: Server, agent: HttpAgent): Promise<void> {
  const { process, book } = server
  for (;;) {
    await process.sleep(1000)
    const now = process.wallClock()
    book.clean(now)
    for (const group of book.groups.values()) {
      const wait = server.clustered ? server.peers.position * PEER_TIMEOUT : 0
      if (now < group.due + wait) continue
      group.due = now - wait + group.route.groupInterval
      await notify(server, agent, group, now)
    }
  }
}

async function notify(server: Server, agent: HttpAgent, group: AlertGroup, now: number): Promise<void> {
  const { book, process } = server
  const open = [...group.alerts.values()].filter(
    (alert) => book.silencedBy(alert, now).length === 0 && book.inhibitedBy(alert, now).length === 0,
  )
  const content = open.map((alert) => `${alert.fingerprint}${alert.endsAt > now ? '+' : '-'}`).join()
  if (open.length === 0) return
  if (content === group.told && now - group.toldAt < group.route.repeatInterval) return
  if (group.told === '' && open.every((alert) => alert.endsAt <= now)) return
  const receiver = book.config.receivers.get(group.route.receiver)!
  for (const kind of receiver.others)
    logfmt(process, 'notify.go:728', 'warn', {
      component: 'dispatcher',
      receiver: receiver.name,
      msg: `not simulated: ${kind}`,
    })
  for (const webhook of receiver.webhooks) {
    const alerts = webhook.sendResolved ? open : open.filter((alert) => alert.endsAt > now)
    if (alerts.length > 0)
      await post(server, agent, webhook.url, webhookBody(receiver, group, alerts, now), receiver.name)
  }
  group.told = content
  group.toldAt = now
  await server.peers.tell({ group: group.key, content, at: now })
}

async function post(server: Server, agent: HttpAgent, url: string, body: object, receiver: string): Promise<void> {
  let problem: string | undefined
  try {
    const response = await agent.fetch(url, {
      method: 'POST',
      headers: [['Content-Type', 'application/json']],
      body: JSON.stringify(body),
    })
    if (response.status >= 300) problem = `unexpected status code ${response.status}: ${url}`
  } catch (error) {
    if (!(error instanceof FetchError)) throw error
    problem = error.message
  }
  if (problem === undefined) {
    server.sent++
    return
  }
  server.failed++
  logfmt(server.process, 'dispatch.go:354', 'error', {
    component: 'dispatcher',
    msg: 'Notify for alerts failed',
    num_alerts: 1,
    err: `${receiver}/webhook[0]: notify retry canceled due to unrecoverable error after 1 attempts: ${problem}`,
  })
}

function webhookBody(receiver: Receiver, group: AlertGroup, alerts: readonly HeldAlert[], now: number): object {
  const common = (of: (alert: HeldAlert) => HeldAlert['labels']) =>
    Object.fromEntries(
      [...of(alerts[0]!)].filter(([name, value]) => alerts.every((alert) => of(alert).get(name) === value)),
    )
  return {
    receiver: receiver.name,
    status: alerts.some((alert) => alert.endsAt > now) ? 'firing' : 'resolved',
    alerts: alerts.map((alert) => ({
      status: alert.endsAt > now ? 'firing' : 'resolved',
      labels: alert.labels.toObject(),
      annotations: alert.annotations.toObject(),
      startsAt: milliTime(alert.startsAt),
      endsAt: alert.endsAt > now ? '0001-01-01T00:00:00Z' : milliTime(alert.endsAt),
      generatorURL: alert.generatorUrl,
      fingerprint: alert.fingerprint,
    })),
    groupLabels: group.labels.toObject(),
    commonLabels: common((alert) => alert.labels),
    commonAnnotations: common((alert) => alert.annotations),
    externalURL: '',
    version: '4',
    groupKey: group.key,
    truncatedAlerts: 0,
  }
}

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

function answer(server: Server, request: ServerRequest, load: () => AlertBook['config']): Handled {
  const { book, process } = server
  const path = request.target.split('?')[0]!
  const now = process.wallClock()
  if (path === '/-/ready' || path === '/-/healthy') return textResponse(200, 'OK')
  if (path === '/-/reload') {
    try {
      book.config = load()
      server.reloaded = true
      return textResponse(200, '')
    } catch (error) {
      server.reloaded = false
      return textResponse(500, `failed to reload config: ${(error as Error).message}\n`)
    }
  }
  if (path === '/metrics') return expositionResponse(metrics(server))
  const live = () => [...book.alerts.values()].filter((alert) => alert.endsAt > now)
  if (path === '/api/v2/alerts') {
    if (request.method === 'POST') return takeAlerts(server, request)
    return jsonResponse(
      200,
      live().map((alert) => alertJson(server, alert)),
    )
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
  const given = JSON.parse(toText(request.body))
  const endsAt = parseRfc3339(given.endsAt)
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

function metrics(server: Server): Exposition {
  const { book, process, peers } = server
  const now = process.wallClock()
  const live = [...book.alerts.values()].filter((alert) => alert.endsAt > now)
  const suppressed = live.filter((a) => book.silencedBy(a, now).length + book.inhibitedBy(a, now).length > 0)
  const integrations = ['email', 'opsgenie', 'pagerduty', 'pushover', 'slack', 'sns', 'victorops', 'webhook', 'wechat']
  const of = (integration: string, count: number) => (integration === 'webhook' ? count : 0)
  return processMetrics(new Exposition(), process, server.started)
    .many('alertmanager_alerts', 'gauge', 'How many alerts by state.', [
      [{ state: 'active' }, live.length - suppressed.length],
      [{ state: 'suppressed' }, suppressed.length],
    ])
    .many('alertmanager_alerts_received_total', 'counter', 'The total number of received alerts.', [
      [{ status: 'firing', version: 'v2' }, book.received],
      [{ status: 'resolved', version: 'v2' }, 0],
    ])
    .many('alertmanager_alerts_invalid_total', 'counter', 'The total number of received alerts that were invalid.', [
      [{ version: 'v2' }, 0],
    ])
    .gauge('alertmanager_build_info', "A metric with a constant '1' value labeled by version.", 1, {
      branch: 'HEAD',
      version: '0.23.0',
      goversion: 'go1.16.7',
    })
    .gauge(
      'alertmanager_cluster_members',
      'Number indicating current number of members in cluster.',
      Math.max(1, peers.names.length),
    )
    .gauge(
      'alertmanager_config_hash',
      'Hash of the currently loaded alertmanager configuration.',
      book.config.text.length,
    )
    .gauge(
      'alertmanager_config_last_reload_successful',
      'Whether the last configuration reload attempt was successful.',
      server.reloaded ? 1 : 0,
    )
    .many(
      'alertmanager_notifications_total',
      'counter',
      'The total number of attempted notifications.',
      integrations.map((integration) => [{ integration }, of(integration, server.sent + server.failed)] as const),
    )
    .many(
      'alertmanager_notifications_failed_total',
      'counter',
      'The total number of failed notifications.',
      integrations.map((integration) => [{ integration }, of(integration, server.failed)] as const),
    )
}
