import { age } from '../cells.ts'
import type { Cell } from '../definition.ts'

const ROLE = 'node-role.kubernetes.io/'

function roles(labels: Record<string, string> = {}): string {
  const found = new Set<string>()
  for (const [key, value] of Object.entries(labels)) {
    if (key.startsWith(ROLE) && key.length > ROLE.length) found.add(key.slice(ROLE.length))
    else if (key === 'kubernetes.io/role' && value !== '') found.add(value)
  }
  return [...found].sort().join(',') || '<none>'
}

export function nodeCells(node: any, now: number): Cell[] {
  const { metadata, spec, status = {} } = node
  const ready = status.conditions?.find((c: any) => c.type === 'Ready')
  const state = [ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown']
  if (spec?.unschedulable) state.push('SchedulingDisabled')
  const address = (type: string) => status.addresses?.find((a: any) => a.type === type)?.address || '<none>'
  const info = status.nodeInfo ?? {}
  const kernel = info.kernelVersion || '<unknown>'
  return [
    metadata.name,
    state.join(','),
    roles(metadata.labels),
    age(metadata.creationTimestamp, now),
    info.kubeletVersion ?? '',
    address('InternalIP'),
    address('ExternalIP'),
    info.osImage || '<unknown>',
    info.kernelVersion && info.architecture ? `${kernel} (${info.architecture})` : kernel,
    info.containerRuntimeVersion || '<unknown>',
  ]
}
