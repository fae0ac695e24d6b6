import type { KubeObject } from '../api/object.ts'
import { milliValue, quantityValue } from '../api/quantity.ts'
import type { Pod, PodSpec } from './pod.ts'

export interface Refusal {
  reason: string
  message: string
}

/** Whether the node can take a Pod that was bound to it; what the scheduler should have known, checked again. */
export function admit(
  pod: Pod,
  others: readonly Pod[],
  node: KubeObject | undefined,
  allocatable: Record<string, string>,
): Refusal | undefined {
  return (
    tooManyPods(others, allocatable) ??
    resources(pod, others, allocatable) ??
    nodeAffinity(pod, node) ??
    hostPorts(pod, others)
  )
}

function tooManyPods(others: readonly Pod[], allocatable: Record<string, string>): Refusal | undefined {
  const limit = quantityValue(allocatable.pods)
  if (others.length < limit) return undefined
  return {
    reason: 'OutOfpods',
    message: `Node didn't have enough resource: pods, requested: 1, used: ${others.length}, capacity: ${limit}`,
  }
}

function resources(pod: Pod, others: readonly Pod[], allocatable: Record<string, string>): Refusal | undefined {
  for (const name of ['cpu', 'memory', 'ephemeral-storage']) {
    const requested = podRequest(pod.spec, name)
    if (requested === 0) continue
    const used = others.reduce((sum, other) => sum + podRequest(other.spec, name), 0)
    const capacity = value(name, allocatable[name])
    if (used + requested > capacity) {
      return {
        reason: `OutOf${name}`,
        message: `Node didn't have enough resource: ${name}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
      }
    }
  }
  return undefined
}

const value = (name: string, text: string | undefined) => (name === 'cpu' ? milliValue(text) : quantityValue(text))

/** What the Pod asks of a resource: its own request, or the sum of its containers' (at least its largest init container's). */
export function podRequest(spec: PodSpec, name: string): number {
  const own = spec.resources?.requests?.[name] as string | undefined
  if (own !== undefined) return value(name, own)
  const of = (c: PodSpec['containers'][number]) =>
    value(name, (c.resources?.requests?.[name] ?? undefined) as string | undefined)
  const init = spec.initContainers ?? []
  const sidecars = init.filter((c) => c.restartPolicy === 'Always').reduce((sum, c) => sum + of(c), 0)
  const main = spec.containers.reduce((sum, c) => sum + of(c), 0) + sidecars
  const first = Math.max(0, ...init.filter((c) => c.restartPolicy !== 'Always').map(of))
  const overhead = value(name, spec.overhead?.[name] as string | undefined)
  return Math.max(main, first) + overhead
}

function nodeAffinity(pod: Pod, node: KubeObject | undefined): Refusal | undefined {
  const labels = node?.metadata.labels ?? {}
  const refused = {
    reason: 'NodeAffinity',
    message: "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
  }
  for (const [key, wanted] of Object.entries(pod.spec.nodeSelector ?? {})) if (labels[key] !== wanted) return refused
  const terms = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  if (!terms) return undefined
  const matches = terms.some((term) =>
    (term.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
      const label = labels[key]
      if (operator === 'In') return label !== undefined && values.includes(label)
      if (operator === 'NotIn') return label === undefined || !values.includes(label)
      if (operator === 'Exists') return label !== undefined
      if (operator === 'DoesNotExist') return label === undefined
      if (operator === 'Gt') return Number(label) > Number(values[0])
      return Number(label) < Number(values[0])
    }),
  )
  return matches ? undefined : refused
}

function hostPorts(pod: Pod, others: readonly Pod[]): Refusal | undefined {
  const taken = new Set(others.flatMap((other) => hostPortsOf(other.spec)))
  if (!hostPortsOf(pod.spec).some((port) => taken.has(port))) return undefined
  return {
    reason: 'NodePorts',
    message: "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
  }
}

export function hostPortsOf(spec: PodSpec): string[] {
  return spec.containers.flatMap((c) =>
    (c.ports ?? []).filter((p) => p.hostPort).map((p) => `${p.protocol ?? 'TCP'}/${p.hostPort}`),
  )
}
