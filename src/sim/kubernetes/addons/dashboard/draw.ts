import { parseRfc3339 } from '../../../time/date.ts'
import { humanDuration } from '../../api/duration.ts'
import type { KubeObject } from '../../api/object.ts'
import { summarizePod } from '../../resources/pod/cells.ts'
import { ALL_NAMESPACES, type Listing, type Listings } from './listings.ts'
import type { Usage } from './usage.ts'
import { STATES, type State, type Tally, tally, WORKLOADS, warningsOf } from './workload-status.ts'

const WIDTH = 100
const BAR = 30
const SIGNS: Readonly<Record<State, string>> = { running: '█', succeeded: '▓', pending: '▒', failed: '░' }
const BLOCKS = '▁▂▃▄▅▆▇█'
const EVENTS = 10

export interface Overview {
  /** A namespace, or `_all`. */
  namespace: string
  listings: Listings
  usage: Usage | undefined
  /** ms since 1970 */
  now: number
}

/** The dashboard's overview as text. */
export function drawOverview(overview: Overview): string {
  const { namespace, listings } = overview
  const title = 'Kubernetes Dashboard'
  const scope = namespace === ALL_NAMESPACES ? 'All namespaces' : `Namespace: ${namespace}`
  const lines = [title + scope.padStart(WIDTH - title.length), '═'.repeat(WIDTH)]
  const refusals = [...new Set(Object.values(listings).flatMap(({ refusal }: Listing) => refusal ?? []))]
  if (refusals.length > 0) lines.push('', ...refusals.map((text) => `! ${text}`))
  const add = (heading: string, rows: readonly string[]) => {
    if (rows.length > 0) lines.push('', `── ${heading} ${'─'.repeat(Math.max(3, WIDTH - heading.length - 4))}`, ...rows)
  }
  add('Workload Status', statusRows(listings))
  add('Usage', usageRows(overview.usage))
  for (const [heading, rows] of sections(overview)) add(heading, rows)
  if (lines.length === 2)
    lines.push(
      '',
      'There is nothing to display here',
      'You can deploy a containerized app, or choose another namespace.',
    )
  return `${lines.join('\n')}\n`
}

function statusRows(listings: Listings): string[] {
  return WORKLOADS.flatMap(([kind, name]) => {
    const counts = tally(kind, listings)
    const total = STATES.reduce((sum, state) => sum + counts[state], 0)
    if (total === 0) return []
    const words = STATES.filter((state) => counts[state] > 0).map((state) => `${counts[state]} ${state}`)
    return [`  ${name.padEnd(24)} ${bar(counts, total)}  ${words.join(', ')}`]
  })
}

/** Every state that is there has a sign at least. */
function bar(counts: Tally, total: number): string {
  const there = STATES.filter((state) => counts[state] > 0)
  let text = ''
  for (const [i, state] of there.entries()) {
    const left = BAR - text.length - (there.length - i - 1)
    text += SIGNS[state].repeat(
      i === there.length - 1 ? left : Math.max(1, Math.min(left, Math.round((counts[state] / total) * BAR))),
    )
  }
  return text
}

function usageRows(usage: Usage | undefined): string[] {
  if (!usage || usage.history.length === 0) return []
  const row = (name: string, values: readonly number[], last: string) => {
    const top = Math.max(...values, 1)
    const line = values.map((value) => BLOCKS[Math.min(7, Math.floor((value / top) * 7.99))]).join('')
    return `  ${name.padEnd(24)} ${line.padStart(BAR)}  ${last}`
  }
  const { history } = usage
  const now = history.at(-1)!
  return [
    row(
      'CPU Usage (cores)',
      history.map(({ cpu }) => cpu),
      cores(now.cpu),
    ),
    row(
      'Memory Usage (bytes)',
      history.map(({ memory }) => memory),
      bytes(now.memory),
    ),
  ]
}

type Row = readonly string[]

function sections({ namespace, listings, usage, now }: Overview): [string, string[]][] {
  const all = namespace === ALL_NAMESPACES
  const created = (object: KubeObject) => `${age(object.metadata.creationTimestamp, now)} ago`
  const list = (
    heading: string,
    listing: Listing,
    columns: Row,
    cells: (object: KubeObject) => Row,
    below?: (object: KubeObject) => string[],
  ): [string, string[]] => {
    const head = ['Name', ...(all && heading !== 'Nodes' ? ['Namespace'] : []), ...columns]
    const rows = listing.items.map((object) => {
      const where = all && heading !== 'Nodes' ? [object.metadata.namespace ?? ''] : []
      return [object.metadata.name, ...where, ...cells(object)]
    })
    return [heading, table(head, rows, (i) => below?.(listing.items[i]!) ?? [])]
  }
  const ready = (object: KubeObject) => `${object.status?.readyReplicas ?? 0} / ${object.spec?.replicas ?? 0}`
  const replicas = ['Images', 'Pods', 'Created'] as const
  const replicated = (object: KubeObject): Row => [images(object), ready(object), created(object)]
  const current = { items: listings.replicasets.items.filter((set) => set.spec?.replicas !== 0) }
  return [
    ...(all
      ? [list('Nodes', listings.nodes, ['Ready', 'Version', 'Created'], (node) => nodeCells(node, created))]
      : []),
    list('Cron Jobs', listings.cronjobs, ['Images', 'Schedule', 'Suspend', 'Active', 'Created'], (job) => [
      images({ ...job, spec: job.spec.jobTemplate.spec }),
      job.spec.schedule,
      String(job.spec.suspend ?? false),
      String(job.status?.active?.length ?? 0),
      created(job),
    ]),
    list('Daemon Sets', listings.daemonsets, replicas, (set) => [
      images(set),
      `${set.status?.numberReady ?? 0} / ${set.status?.desiredNumberScheduled ?? 0}`,
      created(set),
    ]),
    list('Deployments', listings.deployments, replicas, replicated),
    list('Jobs', listings.jobs, replicas, (job) => [
      images(job),
      `${job.status?.succeeded ?? 0} / ${job.spec.completions ?? 1}`,
      created(job),
    ]),
    list(
      'Pods',
      listings.pods,
      ['Node', 'Status', 'Restarts', ...(usage ? ['CPU (cores)', 'Memory (bytes)'] : []), 'Created'],
      (pod) => {
        const { reason, restarts } = summarizePod(pod)
        const used = usage?.pods.get(`${pod.metadata.namespace}/${pod.metadata.name}`)
        return [
          pod.spec.nodeName ?? '-',
          pod.metadata.deletionTimestamp ? 'Terminating' : reason,
          String(restarts),
          ...(usage ? [used ? cores(used.cpu) : '-', used ? bytes(used.memory) : '-'] : []),
          created(pod),
        ]
      },
      (pod) => warningsOf(pod, listings.events.items).map((text) => `    ! ${text.split('\n')[0]}`),
    ),
    list('Replica Sets', current, replicas, replicated),
    list('Replication Controllers', listings.replicationcontrollers, replicas, replicated),
    list('Stateful Sets', listings.statefulsets, replicas, replicated),
    list('Ingresses', listings.ingresses, ['Endpoints', 'Hosts', 'Created'], (ingress) => [
      (ingress.status?.loadBalancer?.ingress ?? []).map((at: any) => at.ip ?? at.hostname).join(', ') || '-',
      (ingress.spec.rules ?? []).map((rule: any) => rule.host ?? '*').join(', ') || '-',
      created(ingress),
    ]),
    list(
      'Services',
      listings.services,
      ['Type', 'Cluster IP', 'Internal Endpoints', 'External', 'Created'],
      (service) => serviceCells(service, created),
    ),
    list('Config Maps', listings.configmaps, ['Created'], (map) => [created(map)]),
    list(
      'Persistent Volume Claims',
      listings.persistentvolumeclaims,
      ['Status', 'Capacity', 'Class', 'Created'],
      (claim) => [
        claim.status?.phase ?? '-',
        claim.status?.capacity?.storage ?? '-',
        claim.spec.storageClassName ?? '-',
        created(claim),
      ],
    ),
    list('Secrets', listings.secrets, ['Type', 'Created'], (secret) => [secret.type ?? '', created(secret)]),
    ['Events', eventRows(listings.events.items, now)],
  ]
}

const images = (object: KubeObject): string =>
  (object.spec?.template?.spec?.containers ?? []).map((container: any) => container.image).join(', ')

function nodeCells(node: KubeObject, created: (object: KubeObject) => string): Row {
  const ready = node.status?.conditions?.find((condition: any) => condition.type === 'Ready')?.status ?? 'Unknown'
  return [ready, node.status?.nodeInfo?.kubeletVersion ?? '', created(node)]
}

function serviceCells({ metadata, spec, status }: KubeObject, created: (object: KubeObject) => string): Row {
  const ports: any[] = spec.ports ?? []
  const outside: any[] = status?.loadBalancer?.ingress ?? []
  return [
    spec.type,
    spec.clusterIP ?? '-',
    ports.map(({ port, protocol }) => `${metadata.name}:${port} ${protocol}`).join(', '),
    outside.flatMap(({ ip, hostname }) => ports.map(({ port }) => `${ip ?? hostname}:${port}`)).join(', ') ||
      ports.flatMap(({ nodePort }) => nodePort ?? []).join(', ') ||
      '-',
    created({ metadata } as KubeObject),
  ]
}

const seenAt = (event: KubeObject): string => event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp

function eventRows(events: readonly KubeObject[], now: number): string[] {
  const latest = [...events].sort((a, b) => (seenAt(a) < seenAt(b) ? 1 : seenAt(a) > seenAt(b) ? -1 : 0))
  const rows = latest.slice(0, EVENTS).map((event) => {
    const { involvedObject: { kind = '', name = '' } = {}, reason = '', message = '', count } = event
    const text = String(message).split('\n')[0]!
    return [
      event.type === 'Warning' ? '! Warning' : 'Normal',
      reason,
      `${kind.toLowerCase()}/${name}`,
      text.length > 60 ? `${text.slice(0, 59)}…` : text,
      String(count ?? event.series?.count ?? 1),
      `${age(seenAt(event), now)} ago`,
    ]
  })
  const made = table(['Type', 'Reason', 'Object', 'Message', 'Count', 'Last Seen'], rows, () => [])
  return events.length > EVENTS ? [...made, `  … ${events.length - EVENTS} more`] : made
}

function table(head: Row, rows: readonly Row[], below: (row: number) => string[]): string[] {
  if (rows.length === 0) return []
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)))
  const line = (cells: Row) => `  ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join('  ')}`.trimEnd()
  return [line(head), ...rows.flatMap((row, i) => [line(row), ...below(i)])]
}

const age = (time: string | undefined, now: number): string =>
  time === undefined ? '?' : humanDuration(Math.max(0, now - parseRfc3339(time)))

/** `5m` of millicores, as the dashboard writes cores. */
const cores = (millicores: number): string => `${(millicores / 1000).toFixed(3)}`

const bytes = (count: number): string => {
  const mebi = count / 2 ** 20
  return mebi >= 1024 ? `${(mebi / 1024).toFixed(2)}Gi` : `${mebi.toFixed(2)}Mi`
}
