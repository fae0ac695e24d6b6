import { Exposition, processMetrics } from '../exposition/exposition.ts'
import type { Server } from './server.ts'

/** The server's own figures. */
export function metrics(server: Server): Exposition {
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
