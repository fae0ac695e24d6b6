import { addQuantities, milliValue, quantityValue } from '../../../../sim/kubernetes/api/quantity.ts'
import { ageOf } from '../../printers/age.ts'
import type { DescribeContext, Describer } from '../describer.ts'
import { describeEvents } from '../events.ts'
import { writeAnnotations, writeLabels, writePairs } from '../maps.ts'
import { podResources, type ResourceTotals } from '../pod-resources.ts'
import { rfc1123 } from '../time.ts'
import type { DescribeWriter } from '../writer.ts'

export const describeNode: Describer = async (w, context) => {
  const { metadata, spec = {}, status = {} } = context.object
  w.line(0, `Name:\t${metadata.name}`)
  w.line(0, `Roles:\t${rolesOf(metadata.labels)}`)
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  w.line(0, `CreationTimestamp:\t${rfc1123(metadata.creationTimestamp)}`)
  const taints: any[] = [...(spec.taints ?? [])]
  taints.sort((a, b) => (`${a.effect}${a.key}` < `${b.effect}${b.key}` ? -1 : 1))
  writePairs(
    w,
    'Taints',
    taints.map((t) => `${t.key}${t.value ? `=${t.value}` : ''}:${t.effect}`),
  )
  w.line(0, `Unschedulable:\t${spec.unschedulable ?? false}`)
  await writeLease(w, context)
  writeConditions(w, status.conditions ?? [])
  writeAddresses(w, status.addresses ?? [])
  writeQuantities(w, 'Capacity', status.capacity)
  writeQuantities(w, 'Allocatable', status.allocatable)
  writeSystem(w, status.nodeInfo ?? {})
  if (spec.podCIDR) w.line(0, `PodCIDR:\t${spec.podCIDR}`)
  if (spec.podCIDRs?.length > 0) w.line(0, `PodCIDRs:\t${spec.podCIDRs.join(',')}`)
  if (spec.providerID) w.line(0, `ProviderID:\t${spec.providerID}`)
  await writePods(w, context)
  await describeEvents(w, context)
}

function rolesOf(labels: Record<string, string> = {}): string {
  const roles = Object.keys(labels).flatMap((key) => {
    if (key.startsWith('node-role.kubernetes.io/')) return [key.slice('node-role.kubernetes.io/'.length)]
    return key === 'kubernetes.io/role' && labels[key] ? [labels[key]] : []
  })
  return roles.length > 0 ? [...new Set(roles)].sort().join(',') : '<none>'
}

async function writeLease(w: DescribeWriter, context: DescribeContext): Promise<void> {
  const path = `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${context.object.metadata.name}`
  let lease: any
  try {
    lease = await context.get(path)
  } catch (error) {
    w.line(0, `Lease:\tFailed to get lease: ${(error as Error).message}`)
    return
  }
  w.line(0, 'Lease:')
  w.line(1, `HolderIdentity:\t${lease.spec?.holderIdentity ?? '<unset>'}`)
  w.line(1, `AcquireTime:\t${lease.spec?.acquireTime ? rfc1123(lease.spec.acquireTime) : '<unset>'}`)
  w.line(1, `RenewTime:\t${lease.spec?.renewTime ? rfc1123(lease.spec.renewTime) : '<unset>'}`)
}

function writeConditions(w: DescribeWriter, conditions: readonly any[]): void {
  if (conditions.length === 0) return
  w.line(0, 'Conditions:\n  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage')
  w.line(1, '----\t------\t-----------------\t------------------\t------\t-------')
  for (const c of conditions) {
    w.line(
      1,
      `${c.type} \t${c.status} \t${rfc1123(c.lastHeartbeatTime)} \t${rfc1123(c.lastTransitionTime)} \t${c.reason} \t${c.message}`,
    )
  }
}

function writeAddresses(w: DescribeWriter, addresses: readonly any[]): void {
  w.line(0, 'Addresses:')
  for (const { type, address } of addresses) w.line(1, `${type}:\t${address}`)
}

function writeQuantities(w: DescribeWriter, title: string, quantities: Record<string, string> | undefined): void {
  if (!quantities || Object.keys(quantities).length === 0) return
  w.line(0, `${title}:`)
  for (const name of Object.keys(quantities).sort()) w.line(1, `${name}:\t${quantities[name]}`)
}

function writeSystem(w: DescribeWriter, info: any): void {
  w.line(0, 'System Info:')
  const rows = [
    ['Machine ID', info.machineID],
    ['System UUID', info.systemUUID],
    ['Boot ID', info.bootID],
    ['Kernel Version', info.kernelVersion],
    ['OS Image', info.osImage],
    ['Operating System', info.operatingSystem],
    ['Architecture', info.architecture],
    ['Container Runtime Version', info.containerRuntimeVersion],
    ['Kubelet Version', info.kubeletVersion],
  ]
  for (const [label, value] of rows) w.line(1, `${label}:\t${value ?? ''}`)
}

async function writePods(w: DescribeWriter, context: DescribeContext): Promise<void> {
  const { object: node, now } = context
  const fieldSelector = `spec.nodeName=${node.metadata.name},status.phase!=Failed,status.phase!=Succeeded`
  const list = await context.get('/api/v1/pods', [
    ['fieldSelector', fieldSelector],
    ['limit', '500'],
  ])
  const pods: any[] = list.items ?? []
  const allocatable = node.status?.allocatable ?? node.status?.capacity ?? {}
  w.line(0, `Non-terminated Pods:\t(${pods.length} in total)`)
  w.line(1, 'Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge')
  w.line(1, '---------\t----\t\t------------\t----------\t---------------\t-------------\t---')
  const totals: ResourceTotals = { requests: {}, limits: {} }
  for (const pod of pods) {
    const { requests, limits } = podResources(pod)
    for (const kind of ['requests', 'limits'] as const) {
      for (const [name, value] of Object.entries(kind === 'requests' ? requests : limits)) {
        totals[kind][name] = addQuantities(totals[kind][name] ?? '0', value)
      }
    }
    const cell = (values: Record<string, string>, name: string) => share(values[name] ?? '0', name, allocatable)
    w.line(
      1,
      [
        pod.metadata.namespace,
        pod.metadata.name,
        '',
        cell(requests, 'cpu'),
        cell(limits, 'cpu'),
        cell(requests, 'memory'),
        cell(limits, 'memory'),
        ageOf(pod.metadata.creationTimestamp, now),
      ].join('\t'),
    )
  }
  writeTotals(w, totals, allocatable)
}

function writeTotals(w: DescribeWriter, totals: ResourceTotals, allocatable: Record<string, string>): void {
  w.line(0, 'Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)')
  w.line(1, 'Resource\tRequests\tLimits')
  w.line(1, '--------\t--------\t------')
  const standard = ['cpu', 'memory', 'ephemeral-storage']
  const others = Object.keys(allocatable)
    .filter((name) => !standard.includes(name) && name !== 'pods')
    .sort()
  for (const name of [...standard, ...others]) {
    const [requests, limits] = [totals.requests[name] ?? '0', totals.limits[name] ?? '0']
    if (standard.includes(name) || name.startsWith('hugepages-')) {
      w.line(1, `${name}\t${share(requests, name, allocatable)}\t${share(limits, name, allocatable)}`)
    } else w.line(1, `${name}\t${requests}\t${limits}`)
  }
}

/** `100m (5%)` of what can be allocated. */
function share(value: string, name: string, allocatable: Record<string, string>): string {
  const whole = allocatable[name] ?? '0'
  const fraction = name === 'cpu' ? milliValue(value) / milliValue(whole) : quantityValue(value) / quantityValue(whole)
  return `${value} (${Number.isFinite(fraction) ? Math.trunc(fraction * 100) : 0}%)`
}
