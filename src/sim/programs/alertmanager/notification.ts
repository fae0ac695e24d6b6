import { FetchError, type HttpAgent } from '../http/agent.ts'
import { logfmt, milliTime } from '../prometheus/log.ts'
import type { AlertGroup, HeldAlert } from './alerts.ts'
import type { Receiver } from './config.ts'
import type { Server } from './server.ts'

/** How long each member of a cluster leaves the one before it, in ms. */
const PEER_TIMEOUT = 15_000

/** Looks every second which groups are due. */
export async function dispatch(server: Server, agent: HttpAgent, fault: (error: unknown) => void): Promise<void> {
  const { process, book } = server
  for (;;) {
    await process.sleep(1000)
    const now = process.wallClock()
    book.clean(now)
    for (const group of book.groups.values()) {
      const wait = server.clustered ? server.peers.position * PEER_TIMEOUT : 0
      if (now < group.due + wait || group.busy) continue
      group.due = now - wait + group.route.groupInterval
      group.busy = true
      notify(server, agent, group, now)
        .catch(fault)
        .finally(() => {
          group.busy = false
        })
    }
  }
}

/** Tells the receiver of a group what is new; what ended and was told of leaves the group. */
async function notify(server: Server, agent: HttpAgent, group: AlertGroup, now: number): Promise<void> {
  const { book, process } = server
  const all = [...group.alerts.values()]
  const open = all.filter(
    (alert) => book.silencedBy(alert, now).length === 0 && book.inhibitedBy(alert, now).length === 0,
  )
  const receiver = book.config.receivers.get(group.route.receiver)
  if (!receiver) return
  let told = true
  for (const [i, webhook] of receiver.webhooks.entries()) {
    const key = `${group.key}/${i}`
    const firing = open.filter((alert) => alert.endsAt > now).map((alert) => alert.fingerprint)
    const resolved = open.filter((alert) => alert.endsAt <= now).map((alert) => alert.fingerprint)
    if (!book.isNews(key, firing, webhook.sendResolved ? resolved : [], now - group.route.repeatInterval)) continue
    const alerts = webhook.sendResolved ? open : open.filter((alert) => alert.endsAt > now)
    const sent =
      alerts.length === 0 ||
      (await post(server, agent, webhook.url, webhookBody(server, receiver, group, alerts, now), i))
    if (!sent) {
      told = false
      continue
    }
    const entry = { key, firing, resolved, at: now }
    book.told.set(key, entry)
    await server.peers.tell(entry)
  }
  for (const kind of receiver.others) {
    if (open.length === 0 || server.unknown.has(kind)) continue
    server.unknown.add(kind)
    logfmt(process, 'notify.go:728', 'warn', {
      component: 'dispatcher',
      receiver: receiver.name,
      msg: `not simulated: ${kind}`,
    })
  }
  if (told) book.forgetResolved(group, all, now)
}

/** Tries for as long as the group's interval lasts, each time after a longer wait. Returns whether it was taken. */
async function post(server: Server, agent: HttpAgent, url: string, body: WebhookBody, index: number): Promise<boolean> {
  const { process } = server
  const integration = `webhook[${index}]`
  const group = server.book.groups.get(body.groupKey)
  const end = process.wallClock() + Math.max(10_000, group?.route.groupInterval ?? 0)
  let wait = 500
  for (let attempts = 1; ; attempts++) {
    let problem: string
    let hopeless = false
    try {
      const response = await agent.fetch(url, {
        method: 'POST',
        headers: [['Content-Type', 'application/json']],
        body: JSON.stringify(body),
      })
      if (response.status >= 200 && response.status < 300) {
        server.sent++
        return true
      }
      problem = `unexpected status code ${response.status}: ${url}`
      hopeless = Math.floor(response.status / 100) !== 5
    } catch (error) {
      if (!(error instanceof FetchError)) throw error
      problem = error.message
    }
    server.failed++
    const fields = { component: 'dispatcher', receiver: body.receiver, integration }
    if (hopeless || process.wallClock() + wait > end) {
      const why = hopeless
        ? `notify retry canceled due to unrecoverable error after ${attempts} attempts`
        : `notify retry canceled after ${attempts} attempts`
      logfmt(process, 'dispatch.go:354', 'error', {
        component: 'dispatcher',
        msg: 'Notify for alerts failed',
        num_alerts: body.alerts.length,
        err: `${body.receiver}/${integration}: ${why}: ${problem}`,
      })
      return false
    }
    if (attempts === 1)
      logfmt(process, 'notify.go:732', 'warn', {
        ...fields,
        msg: 'Notify attempt failed, will retry later',
        attempts,
        err: problem,
      })
    await process.sleep(wait)
    wait = Math.min(60_000, wait * 1.5)
  }
}

interface WebhookBody {
  receiver: string
  groupKey: string
  alerts: readonly object[]
  [field: string]: unknown
}

function webhookBody(
  { externalUrl }: Server,
  receiver: Receiver,
  group: AlertGroup,
  alerts: readonly HeldAlert[],
  now: number,
): WebhookBody {
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
    externalURL: externalUrl,
    version: '4',
    groupKey: group.key,
    truncatedAlerts: 0,
  }
}
