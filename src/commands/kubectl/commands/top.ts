import { addQuantities, milliValue, quantityValue } from '../../../sim/kubernetes/api/quantity.ts'
import { allNamespacesFlag, fieldSelectorFlag, selectorFlag } from '../builder/flags.ts'
import type { Command } from '../command.ts'
import { CliError } from '../errors/errors.ts'
import { bool, type FlagSpec, string } from '../flags/flag.ts'
import { TABLE, TabWriter } from '../printers/tab-writer.ts'
import type { Session } from '../session.ts'

const shared = (): FlagSpec[] => [
  bool('no-headers', 'If present, print output without headers.'),
  string('sort-by', "If non-empty, sort list using specified field. The field can be either 'cpu' or 'memory'."),
  bool('use-protocol-buffers', 'Enables using protocol-buffers to access Metrics API.', { default: 'true' }),
  selectorFlag(),
]

const topPod: Command = {
  name: 'pod',
  aliases: ['pods', 'po'],
  short: 'Display resource (CPU/memory) usage of pods',
  long: "Display resource (CPU/memory) usage of pods.\n\n The 'top pod' command allows you to see the resource consumption of pods.\n\n Due to the metrics pipeline delay, they may be unavailable for a few minutes since pod creation.",
  examples:
    '\n# Show metrics for all pods in the default namespace\nkubectl top pod\n\n# Show metrics for a given pod and its containers\nkubectl top pod POD_NAME --containers',
  use: 'pod [NAME | -l label]',
  flags: [
    ...shared(),
    allNamespacesFlag(),
    fieldSelectorFlag(),
    bool('containers', 'If present, print usage of containers within a pod.'),
    bool('sum', 'Print the sum of the resource usage'),
  ],
  run: runPod,
}

const topNode: Command = {
  name: 'node',
  aliases: ['nodes', 'no'],
  short: 'Display resource (CPU/memory) usage of nodes',
  long: 'Display resource (CPU/memory) usage of nodes.\n\n The top-node command allows you to see the resource consumption of nodes.',
  examples:
    '\n# Show metrics for all nodes\nkubectl top node\n\n# Show metrics for a given node\nkubectl top node NODE_NAME',
  use: 'node [NAME | -l label]',
  flags: [
    ...shared(),
    bool('show-capacity', 'Print node resources based on Capacity instead of Allocatable(default) of the nodes.'),
  ],
  run: runNode,
}

export const top: Command = {
  name: 'top',
  short: 'Display resource (CPU/memory) usage',
  long: `Display resource (CPU/memory) usage.

 This command provides a view of recent resource consumption for nodes and pods. It fetches metrics from the Metrics Server, which aggregates this data from the kubelet on each node. The Metrics Server must be installed and running in the cluster for this command to work.

 The metrics shown are specifically optimized for Kubernetes autoscaling decisions, such as those made by the Horizontal Pod Autoscaler (HPA) and Vertical Pod Autoscaler (VPA). Because of this, the values may not match those from standard OS tools like 'top', as the metrics are designed to provide a stable signal for autoscalers rather than for pinpoint accuracy.

 FAQ for Metrics Server: https://github.com/kubernetes-sigs/metrics-server/blob/master/FAQ.md

 When to use this command:

  *  For on-the-fly spot-checks of resource usage (e.g. identify which pods are consuming the most resources at a glance, or get a quick sense of the load on your nodes)
  *  Understand current resource consumption patterns
  *  Validate the behavior of your HPA or VPA configurations by seeing the metrics they use for scaling decisions.

 It is not intended to be a replacement for full-featured monitoring solutions. Its primary design goal is to provide a low-overhead signal for autoscalers, not to be a perfectly accurate monitoring tool. For high-accuracy reporting, historical analysis, dashboarding, or alerting, you should use a dedicated monitoring solution.`,
  use: 'top [flags]',
  subcommands: [topNode, topPod],
}

const METRICS = '/apis/metrics.k8s.io/v1beta1'

async function requireMetrics(session: Session): Promise<void> {
  const sortBy = session.flags.string('sort-by')
  if (sortBy && sortBy !== 'cpu' && sortBy !== 'memory') throw new CliError('--sort-by accepts only cpu or memory')
  const { versions } = await session.mapper.discovered()
  if (!versions.has('metrics.k8s.io')) throw new CliError('Metrics API not available')
}

interface Usage {
  cpu: string
  memory: string
}

const cpuText = (cpu: string) => `${milliValue(cpu)}m`
const memoryText = (memory: string) => `${Math.floor(quantityValue(memory) / 1048576)}Mi`

function sortUsage<T extends { usage: Usage; name: string; namespace?: string }>(session: Session, rows: T[]): T[] {
  const by = session.flags.string('sort-by')
  const key = (row: T) => `${row.namespace ?? ''}/${row.name}`
  return [...rows].sort((a, b) => {
    if (by === 'cpu') return milliValue(b.usage.cpu) - milliValue(a.usage.cpu)
    if (by === 'memory') return quantityValue(b.usage.memory) - quantityValue(a.usage.memory)
    return key(a) < key(b) ? -1 : 1
  })
}

async function table(session: Session, header: string[], rows: string[][]): Promise<void> {
  const lines = session.flags.bool('no-headers') ? rows : [header, ...rows]
  await session.print(new TabWriter(TABLE).format(lines.map((row) => `${row.join('\t')}\n`).join('')))
}

async function runPod(session: Session): Promise<void> {
  const { flags, args } = session
  if (args.length > 1) throw session.usageError(`unexpected arguments: [${args.slice(1).join(' ')}]`)
  if (args.length > 0 && flags.string('selector')) throw new CliError('only one of NAME or --selector can be provided')
  await requireMetrics(session)
  const all = flags.bool('all-namespaces')
  const base = all ? `${METRICS}/pods` : `${METRICS}/namespaces/${session.namespace}/pods`
  const items: any[] = args[0]
    ? [await session.client.json({ path: `${base}/${args[0]}` })]
    : ((
        await session.client.json({
          path: base,
          query: [
            ['labelSelector', flags.string('selector')],
            ['fieldSelector', flags.string('field-selector')],
          ],
        })
      ).items ?? [])
  if (items.length === 0) {
    await session.printError(all ? 'No resources found\n' : `No resources found in ${session.namespace} namespace.\n`)
    return
  }
  const pods = sortUsage(
    session,
    items.map((item) => ({
      name: item.metadata.name as string,
      namespace: item.metadata.namespace as string,
      containers: item.containers as { name: string; usage: Usage }[],
      usage: {
        cpu: addQuantities(...item.containers.map((c: any) => c.usage.cpu)),
        memory: addQuantities(...item.containers.map((c: any) => c.usage.memory)),
      },
    })),
  )
  const namespace = (text: string) => (all ? [text] : [])
  if (flags.bool('containers')) {
    const rows = pods.flatMap((pod) =>
      pod.containers.map((c) => [
        ...namespace(pod.namespace),
        pod.name,
        c.name,
        cpuText(c.usage.cpu),
        memoryText(c.usage.memory),
      ]),
    )
    return table(session, [...namespace('NAMESPACE'), 'POD', 'NAME', 'CPU(cores)', 'MEMORY(bytes)'], rows)
  }
  const rows = pods.map((pod) => [
    ...namespace(pod.namespace),
    pod.name,
    cpuText(pod.usage.cpu),
    memoryText(pod.usage.memory),
  ])
  if (flags.bool('sum')) {
    rows.push([...namespace(''), '', '________', '________'])
    rows.push([
      ...namespace(''),
      '',
      cpuText(addQuantities(...pods.map((p) => p.usage.cpu))),
      memoryText(addQuantities(...pods.map((p) => p.usage.memory))),
    ])
  }
  await table(session, [...namespace('NAMESPACE'), 'NAME', 'CPU(cores)', 'MEMORY(bytes)'], rows)
}

async function runNode(session: Session): Promise<void> {
  const { flags, args } = session
  if (args.length > 1) throw session.usageError(`unexpected arguments: [${args.slice(1).join(' ')}]`)
  await requireMetrics(session)
  const query = [['labelSelector', flags.string('selector')]] as const
  const metrics: any[] = args[0]
    ? [await session.client.json({ path: `${METRICS}/nodes/${args[0]}` })]
    : ((await session.client.json({ path: `${METRICS}/nodes`, query })).items ?? [])
  const nodes: any[] = (await session.client.json({ path: '/api/v1/nodes', query })).items ?? []
  const rows = sortUsage(
    session,
    metrics.map((m) => ({ name: m.metadata.name as string, usage: m.usage as Usage })),
  )
  const field = flags.bool('show-capacity') ? 'capacity' : 'allocatable'
  await table(
    session,
    ['NAME', 'CPU(cores)', 'CPU(%)', 'MEMORY(bytes)', 'MEMORY(%)'],
    rows.map(({ name, usage }) => {
      const available = nodes.find((node) => node.metadata.name === name)?.status?.[field] ?? {}
      const share = (used: number, whole: number) => (whole > 0 ? `${Math.trunc((used / whole) * 100)}%` : '<unknown>')
      return [
        name,
        cpuText(usage.cpu),
        share(milliValue(usage.cpu), milliValue(available.cpu)),
        memoryText(usage.memory),
        share(quantityValue(usage.memory), quantityValue(available.memory)),
      ]
    }),
  )
}
