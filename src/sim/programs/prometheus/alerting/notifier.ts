import type { Process } from '../../../linux/process.ts'
import { FetchError, type HttpAgent } from '../../http/agent.ts'
import type { AlertmanagerConfig } from '../config/config.ts'
import type { Discovery } from '../discovery/discovery.ts'
import { Labels } from '../labels.ts'
import { logfmt, milliTime } from '../log.ts'
import { type RelabelRule, relabel } from '../relabel.ts'
import type { Alert } from '../rules/rule-group.ts'
import { authorization, tlsOptions } from '../scrape/target.ts'

/** A firing alert is told of again this often, in ms. */
const RESEND = 60_000

/** Sends alerts to every Alertmanager that the configuration leads to. */
export class Notifier {
  readonly #process: Process
  readonly #agent: HttpAgent
  readonly #discovery: Discovery
  readonly #fault: (error: unknown) => void
  configs: readonly AlertmanagerConfig[] = []
  externalLabels = Labels.EMPTY
  relabelRules: readonly RelabelRule[] = []
  externalUrl = ''
  sent = 0
  errors = 0
  dropped = 0
  #queue: { alert: Alert; query: string; until: number }[] = []
  #sending = false

  constructor(process: Process, agent: HttpAgent, discovery: Discovery, fault: (error: unknown) => void) {
    this.#process = process
    this.#agent = agent
    this.#discovery = discovery
    this.#fault = fault
  }

  /** `http://10.10.1.7:9093/api/v2/alerts` with the configuration each came from. */
  urls(): { url: string; config: AlertmanagerConfig }[] {
    return this.configs.flatMap((config) =>
      this.#discovery.find(config.discovery).flatMap((found) => {
        const labels = relabel(
          Labels.from([
            ['__scheme__', config.scheme],
            ['__alerts_path__', `${config.pathPrefix.replace(/\/$/, '')}/api/v2/alerts`],
            ...Object.entries(found),
          ]),
          config.relabel,
        )
        if (!labels || labels.get('__address__') === '') return []
        return [
          { url: `${labels.get('__scheme__')}://${labels.get('__address__')}${labels.get('__alerts_path__')}`, config },
        ]
      }),
    )
  }

  /** Queues what is due: alerts that fire, and those that just stopped. */
  notify(alerts: readonly Alert[], query: string): void {
    const now = this.#process.wallClock()
    for (const alert of alerts) {
      const due =
        alert.state === 'firing'
          ? now - alert.lastSent >= RESEND
          : alert.state === 'inactive' && (alert.lastSent < alert.resolvedAt || now - alert.lastSent >= RESEND)
      if (!due) continue
      alert.lastSent = now
      this.#queue.push({ alert, query, until: now + 4 * RESEND })
    }
    if (this.#queue.length > 0 && !this.#sending) {
      this.#sending = true
      this.#send().catch(this.#fault)
    }
  }

  async #send(): Promise<void> {
    while (this.#queue.length > 0) {
      // Other groups of the same moment go with it.
      await this.#process.sleep(5)
      const batch = this.#queue.splice(0, 64)
      const body = batch.flatMap(({ alert, query, until }) => {
        const labels = relabel(Labels.from([...this.externalLabels, ...alert.labels]), this.relabelRules)
        if (!labels) return []
        return [
          {
            annotations: alert.annotations.toObject(),
            startsAt: milliTime(alert.firedAt || alert.activeAt),
            endsAt: milliTime(alert.resolvedAt || until),
            generatorURL: `${this.externalUrl}/graph?g0.expr=${encodeURIComponent(query).replaceAll('%20', '+')}&g0.tab=1`,
            labels: labels.toObject(),
          },
        ]
      })
      if (body.length === 0) continue
      const urls = this.urls()
      if (urls.length === 0) this.dropped += body.length
      for (const { url, config } of urls) await this.#post(url, config, body)
    }
    this.#sending = false
  }

  async #post(url: string, config: AlertmanagerConfig, body: readonly object[]): Promise<void> {
    let problem: string | undefined
    try {
      const response = await this.#agent.fetch(url, {
        method: 'POST',
        headers: [['Content-Type', 'application/json'], ...authorization(this.#process, config)],
        body: JSON.stringify(body),
        timeout: config.timeout,
        tls: tlsOptions(this.#process, config),
      })
      if (response.status >= 300) problem = `bad response status ${response.statusText}`
    } catch (error) {
      if (!(error instanceof FetchError)) throw error
      problem = error.message
    }
    if (problem === undefined) this.sent += body.length
    else {
      this.errors += body.length
      logfmt(this.#process, 'notifier.go:527', 'error', {
        component: 'notifier',
        alertmanager: url,
        count: body.length,
        msg: 'Error sending alert',
        err: problem,
      })
    }
  }
}
