import { Exposition, processMetrics } from '../../exposition/exposition.ts'
import { type PrometheusServer, VERSION } from '../server.ts'

/** What Prometheus says of itself at /metrics. */
export function ownMetrics(server: PrometheusServer): Exposition {
  const { head, process, rules, notifier, scraping } = server
  const out = processMetrics(new Exposition(), process, server.started)
  out
    .gauge('prometheus_build_info', "A metric with a constant '1' value labeled by version.", 1, {
      branch: 'HEAD',
      goversion: 'go1.17.5',
      revision: '41f1a8125e664985dd30674e5bdf6b683eff5d32',
      version: VERSION,
    })
    .gauge(
      'prometheus_config_last_reload_successful',
      'Whether the last configuration reload attempt was successful.',
      server.reloadSucceeded ? 1 : 0,
    )
    .gauge(
      'prometheus_config_last_reload_success_timestamp_seconds',
      'Timestamp of the last successful configuration reload.',
      server.reloadedAt / 1000,
    )
    .gauge(
      'prometheus_ready',
      'Whether Prometheus startup was fully completed and the server is ready.',
      server.ready ? 1 : 0,
    )
    .many(
      'prometheus_http_requests_total',
      'counter',
      'Counter of HTTP requests.',
      [...server.requests].map(([key, count]) => {
        const [code = '', handler = ''] = key.split(' ')
        return [{ code, handler }, count] as const
      }),
    )
    .gauge('prometheus_tsdb_head_series', 'Total number of series in the head block.', head.seriesCount)
    .gauge(
      'prometheus_tsdb_head_chunks',
      'Total number of chunks in the head block.',
      Math.ceil(head.sampleCount / 120),
    )
    .counter('prometheus_tsdb_head_samples_appended_total', 'Total number of appended samples.', head.appended)
    .counter(
      'prometheus_tsdb_head_series_created_total',
      'Total number of series created in the head',
      head.seriesCreated,
    )
    .counter(
      'prometheus_tsdb_head_series_removed_total',
      'Total number of series removed in the head',
      head.seriesRemoved,
    )
    .counter(
      'prometheus_tsdb_compactions_failed_total',
      'Total number of compactions that failed for the partition.',
      0,
    )
    .counter(
      'prometheus_tsdb_reloads_failures_total',
      'Number of times the database failed to reloadBlocks block data from disk.',
      0,
    )
    .counter(
      'prometheus_target_scrapes_sample_duplicate_timestamp_total',
      'Total number of samples rejected due to duplicate timestamps but different values.',
      0,
    )
    .counter(
      'prometheus_target_scrapes_sample_out_of_order_total',
      'Total number of samples rejected due to not being out of the expected order.',
      head.outOfOrder,
    )
    .counter('prometheus_target_sync_length_seconds_count', 'Actual interval to sync the scrape pool.', scraping.syncs)
    .counter('prometheus_notifications_sent_total', 'Total number of alerts sent.', notifier.sent)
    .counter(
      'prometheus_notifications_dropped_total',
      'Total number of alerts dropped due to errors when sending to Alertmanager.',
      notifier.dropped,
    )
    .gauge('prometheus_notifications_queue_length', 'The number of alert notifications in the queue.', 0)
    .gauge('prometheus_notifications_queue_capacity', 'The capacity of the alert notifications queue.', 10_000)
  const managers = notifier.urls().map(({ url }) => url)
  out
    .gauge(
      'prometheus_notifications_alertmanagers_discovered',
      'The number of alertmanagers discovered and active.',
      managers.length,
    )
    .many(
      'prometheus_notifications_errors_total',
      'counter',
      'Total number of errors sending alert notifications.',
      managers.map((alertmanager) => [{ alertmanager }, notifier.errors] as const),
    )
  out.family('prometheus_engine_query_duration_histogram_seconds', 'histogram', 'Query timings')
  out.histogram('prometheus_engine_query_duration_histogram_seconds', {}, server.queryDurations)
  const group = (
    name: string,
    type: 'counter' | 'gauge',
    help: string,
    value: (g: (typeof rules.groups)[number]) => number,
  ) =>
    out.many(
      name,
      type,
      help,
      rules.groups.map((g) => [{ rule_group: `${g.source.file};${g.source.name}` }, value(g)] as const),
    )
  group(
    'prometheus_rule_evaluations_total',
    'counter',
    'The total number of rule evaluations.',
    (g) => g.evaluations * g.rules.length,
  )
  group(
    'prometheus_rule_evaluation_failures_total',
    'counter',
    'The total number of rule evaluation failures.',
    (g) => g.failures,
  )
  group(
    'prometheus_rule_group_iterations_total',
    'counter',
    'The total number of scheduled rule group evaluations, whether executed or missed.',
    (g) => g.evaluations,
  )
  group(
    'prometheus_rule_group_iterations_missed_total',
    'counter',
    'The total number of rule group evaluations missed due to slow rule group evaluation.',
    () => 0,
  )
  group('prometheus_rule_group_interval_seconds', 'gauge', 'The interval of a rule group.', (g) => g.interval / 1000)
  group('prometheus_rule_group_rules', 'gauge', 'The number of rules.', (g) => g.rules.length)
  group(
    'prometheus_rule_group_last_duration_seconds',
    'gauge',
    'The duration of the last rule group evaluation.',
    (g) => g.evaluationTime,
  )
  out.many(
    'prometheus_sd_discovered_targets',
    'gauge',
    'Current number of discovered targets.',
    [...scraping.pools].map(([config, { targets }]) => [{ config, name: 'scrape' }, targets.size] as const),
  )
  return out
}
