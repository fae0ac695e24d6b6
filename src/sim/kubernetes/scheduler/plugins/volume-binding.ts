import type { KubeObject } from '../../api/object.ts'
import { classOf, findVolume, fitsNode, isFullyBound } from '../../controllers/volumes/match.ts'
import type { NodeInfo } from '../node-info.ts'
import type { Cycle, PluginContext, SchedulerPlugin } from '../plugin.ts'
import { unresolvable, unschedulable } from '../status.ts'
import { matchesNodeSelector } from './node-affinity.ts'

interface State {
  bound: KubeObject[]
  /** Claims that wait for their first consumer. */
  waiting: KubeObject[]
}

/** What is to be bound or provisioned when the Pod goes to one node. */
export interface VolumePlan {
  bind: { claim: KubeObject; volume: KubeObject }[]
  provision: KubeObject[]
}

const NAME = 'VolumeBinding'
const SELECTED_NODE = 'volume.kubernetes.io/selected-node'

export const volumeBinding: SchedulerPlugin = {
  name: NAME,
  wakes: ['volume', 'node', 'pod-itself'],
  preFilter(cycle, context) {
    const state: State = { bound: [], waiting: [] }
    cycle.state.set(NAME, state)
    let immediate = false
    for (const { name, ephemeral } of claimsOf(cycle.pod)) {
      const claim = context.api.get('persistentvolumeclaims', cycle.pod.metadata.namespace, name)
      const problem = problemWith(claim, name, ephemeral ? cycle.pod : undefined)
      if (problem) return { rejection: unresolvable(problem) }
      if (isFullyBound(claim!)) state.bound.push(claim!)
      else if (!isDelayed(claim!, context) || claim!.spec.volumeName) immediate = true
      else state.waiting.push(claim!)
    }
    if (immediate) return { rejection: unresolvable('pod has unbound immediate PersistentVolumeClaims') }
    return { skip: state.bound.length + state.waiting.length === 0 }
  },
  filter(cycle, node, context) {
    const { bound, waiting } = cycle.state.get(NAME) as State
    if (bound.length + waiting.length === 0 || !node.node) return undefined
    for (const claim of bound) {
      const volume = context.api.get('persistentvolumes', undefined, claim.spec.volumeName)
      if (!volume) return unresolvable('node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)')
      if (!fitsNode(volume, node.node)) return unresolvable('node(s) had volume node affinity conflict')
    }
    if (!planVolumes(waiting, node, context)) {
      return unschedulable("node(s) didn't find available persistent volumes to bind")
    }
    return undefined
  },
}

/** What to do for the Pod's unbound claims on the chosen node; undefined when there are none. */
export function volumePlan(cycle: Cycle, node: NodeInfo, context: PluginContext): VolumePlan | undefined {
  const state = cycle.state.get(NAME) as State | undefined
  return state && state.waiting.length > 0 ? planVolumes(state.waiting, node, context) : undefined
}

function planVolumes(
  claims: readonly KubeObject[],
  { node, name }: NodeInfo,
  { api }: PluginContext,
): VolumePlan | undefined {
  const plan: VolumePlan = { bind: [], provision: [] }
  if (claims.length === 0) return plan
  const taken = new Set<string>()
  const volumes = api.list('persistentvolumes')
  for (const claim of claims) {
    const selected = claim.metadata.annotations?.[SELECTED_NODE]
    if (selected) {
      if (selected !== name) return undefined
      plan.provision.push(claim)
      continue
    }
    const volume = findVolume(volumes, claim, node, taken)
    if (volume) {
      taken.add(volume.metadata.name)
      plan.bind.push({ claim, volume })
    } else if (canProvision(claim, node!, api)) plan.provision.push(claim)
    else return undefined
  }
  return plan
}

function canProvision(claim: KubeObject, node: KubeObject, api: PluginContext['api']): boolean {
  const storageClass = api.get('storageclasses.storage.k8s.io', undefined, classOf(claim) ?? '')
  if (!storageClass || storageClass.provisioner === 'kubernetes.io/no-provisioner') return false
  const topologies: any[] = storageClass.allowedTopologies ?? []
  if (topologies.length === 0) return true
  const nodeSelectorTerms = topologies.map(({ matchLabelExpressions = [] }) => ({
    matchExpressions: matchLabelExpressions.map((e: any) => ({ key: e.key, operator: 'In', values: e.values })),
  }))
  return matchesNodeSelector({ nodeSelectorTerms }, node)
}

function isDelayed(claim: KubeObject, { api }: PluginContext): boolean {
  const name = classOf(claim)
  if (!name) return false
  const storageClass = api.get('storageclasses.storage.k8s.io', undefined, name)
  return storageClass?.volumeBindingMode === 'WaitForFirstConsumer'
}

function problemWith(
  claim: KubeObject | undefined,
  name: string,
  ephemeralOf: KubeObject | undefined,
): string | undefined {
  if (!claim) {
    return ephemeralOf
      ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"`
      : `persistentvolumeclaim "${name}" not found`
  }
  if (claim.status?.phase === 'Lost') {
    return `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec.volumeName}"`
  }
  if (claim.metadata.deletionTimestamp) return `persistentvolumeclaim "${name}" is being deleted`
  if (ephemeralOf && !claim.metadata.ownerReferences?.some(({ uid }) => uid === ephemeralOf.metadata.uid)) {
    return `PVC ${claim.metadata.namespace}/${name} was not created for pod ${ephemeralOf.metadata.namespace}/${ephemeralOf.metadata.name} (pod is not owner)`
  }
  return undefined
}

/** The claims a Pod mounts, its generic ephemeral ones included. */
export function claimsOf(pod: KubeObject): { name: string; ephemeral: boolean }[] {
  const out: { name: string; ephemeral: boolean }[] = []
  for (const volume of pod.spec.volumes ?? []) {
    if (volume.persistentVolumeClaim) out.push({ name: volume.persistentVolumeClaim.claimName, ephemeral: false })
    else if (volume.ephemeral) out.push({ name: `${pod.metadata.name}-${volume.name}`, ephemeral: true })
  }
  return out
}
