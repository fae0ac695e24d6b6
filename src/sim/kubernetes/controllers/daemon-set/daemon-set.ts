import type { KubeObject } from '../../api/object.ts'
import { claim, watchOrphans } from '../shared/claim.ts'
import { type Controller, defineController } from '../shared/controller.ts'
import { equal } from '../shared/equal.ts'
import { keyOf, splitKey } from '../shared/meta.ts'
import { createPod, deletePod, podFromTemplate, slowStart } from '../shared/pod-control.ts'
import { isPodAvailable, isPodReady, untilAvailable } from '../shared/pods.ts'
import { claimRevisions, currentRevision, trimRevisions, watchRevisions } from '../shared/revisions.ts'
import { watchKeys, watchOwned } from '../shared/watch-owned.ts'
import { nodeFit, pinnedTo, targetNode, withDaemonTolerations } from './node-fit.ts'
import { podsToReplace } from './rolling-update.ts'

const HASH = 'controller-revision-hash'
const GENERATION = 'deprecated.daemonset.template.generation'

export const daemonSetController = defineController('daemonset-controller', (controller) => {
  const { api } = controller
  const orphans = watchOrphans(controller, 'pods')
  const oldRevisions = watchRevisions(controller)
  watchKeys(controller, 'daemonsets.apps')
  watchOwned(controller, 'pods', 'DaemonSet', 'daemonsets.apps')
  controller.watch('nodes', ({ type, object, previous }) => {
    const same =
      type === 'MODIFIED' &&
      previous !== undefined &&
      equal(previous.metadata.labels, object.metadata.labels) &&
      equal(previous.spec?.taints, object.spec?.taints)
    if (!same) for (const set of api.list('daemonsets.apps')) controller.enqueue(keyOf(set))
  })

  return (key) => {
    const { namespace, name } = splitKey(key)
    const set = api.get('daemonsets.apps', namespace, name)
    if (!set) return
    if (set.metadata.deletionTimestamp) return
    const revisions = claimRevisions(controller, set, oldRevisions)
    const revision = currentRevision(controller, set, revisions, HASH)
    const hash = revision.metadata.labels![HASH]!
    const pods = claim(controller, set, 'pods', orphans)
    const nodes = api.list('nodes')
    controller.weigh(key, nodes.length)
    manage(controller, set, hash, byNode(pods), nodes)
    const now = claim(controller, set, 'pods', orphans)
    if (set.spec.updateStrategy?.type === 'RollingUpdate') {
      for (const pod of podsToReplace(set, hash, byNode(now), nodes, api.now())) deletePod(controller, set, pod)
    }
    const live = new Set(now.map(({ metadata }) => metadata.labels?.[HASH]))
    trimRevisions(
      controller,
      claimRevisions(controller, set, oldRevisions),
      ({ metadata }) => metadata.uid === revision.metadata.uid || live.has(metadata.labels?.[HASH]),
      set.spec.revisionHistoryLimit ?? 10,
    )
    writeStatus(controller, set, hash, claim(controller, set, 'pods', orphans), nodes)
    for (const pod of pods) {
      const wait = untilAvailable(pod, set.spec.minReadySeconds ?? 0, api.now())
      if (wait !== undefined) controller.enqueueAfter(key, wait)
    }
  }
})

export type PodsByNode = ReadonlyMap<string, KubeObject[]>

function byNode(pods: readonly KubeObject[]): PodsByNode {
  const out = new Map<string, KubeObject[]>()
  for (const pod of pods) {
    const node = targetNode(pod)
    if (node === undefined) continue
    const list = out.get(node)
    if (list) list.push(pod)
    else out.set(node, [pod])
  }
  return out
}

function manage(
  controller: Controller,
  set: KubeObject,
  hash: string,
  pods: PodsByNode,
  nodes: readonly KubeObject[],
): void {
  const wanting: string[] = []
  const unwanted: KubeObject[] = []
  for (const node of nodes) {
    const { run, stay } = nodeFit(set.spec.template, node)
    const here = pods.get(node.metadata.name) ?? []
    if (!stay) unwanted.push(...here.filter(({ metadata }) => !metadata.deletionTimestamp))
    else if (here.length > 0) unwanted.push(...surplus(controller, set, here, hash))
    else if (run) wanting.push(node.metadata.name)
  }
  const known = new Set(nodes.map(({ metadata }) => metadata.name))
  for (const [node, here] of pods) {
    if (!known.has(node))
      unwanted.push(...here.filter(({ spec, metadata }) => !spec.nodeName && !metadata.deletionTimestamp))
  }
  for (const pod of unwanted) deletePod(controller, set, pod)
  let next = 0
  const { error } = slowStart(Math.min(wanting.length, 250), () => {
    createPod(controller, set, daemonPod(set, hash, wanting[next++]!))
  })
  if (error) throw error
  if (wanting.length > 250) controller.enqueue(keyOf(set))
}

/** Failed and finished Pods, and all but the oldest of several. */
function surplus(controller: Controller, set: KubeObject, here: readonly KubeObject[], hash: string): KubeObject[] {
  const out: KubeObject[] = []
  const running: KubeObject[] = []
  for (const pod of here) {
    const { namespace, name } = pod.metadata
    if (pod.metadata.deletionTimestamp) continue
    if (pod.status?.phase === 'Failed') {
      const message = `Found failed daemon pod ${namespace}/${name} on node ${pod.spec.nodeName}, will try to kill it`
      controller.event(set, 'Warning', 'FailedDaemonPod', message)
      out.push(pod)
    } else if (pod.status?.phase === 'Succeeded') {
      const message = `Found succeeded daemon pod ${namespace}/${name} on node ${pod.spec.nodeName}, will try to delete it`
      controller.event(set, 'Normal', 'SucceededDaemonPod', message)
      out.push(pod)
    } else running.push(pod)
  }
  running.sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1))
  const surge = set.spec.updateStrategy?.rollingUpdate?.maxSurge
  if (running.length > 1 && (!surge || surge === '0%')) return [...out, ...running.slice(1)]
  // While surging, an old Pod runs until the new one beside it is available.
  const [fresh, old] = [running.filter((p) => isOf(p, hash)), running.filter((p) => !isOf(p, hash))]
  const replaced = fresh.some((pod) => isPodAvailable(pod, set.spec.minReadySeconds ?? 0, controller.api.now()))
  return [...out, ...fresh.slice(1), ...(replaced ? old : old.slice(1))]
}

function isOf(pod: KubeObject, hash: string): boolean {
  return pod.metadata.labels?.[HASH] === hash
}

export function daemonPod(set: KubeObject, hash: string, node: string): object {
  const { template } = set.spec
  const generation = set.metadata.annotations?.[GENERATION]
  const labels = {
    ...template.metadata?.labels,
    [HASH]: hash,
    ...(generation && { 'pod-template-generation': generation }),
  }
  const spec = pinnedTo(node, withDaemonTolerations(template.spec))
  return podFromTemplate(set, { metadata: { ...template.metadata, labels }, spec })
}

function writeStatus(
  controller: Controller,
  set: KubeObject,
  hash: string,
  pods: readonly KubeObject[],
  nodes: readonly KubeObject[],
): void {
  const { api } = controller
  const here = byNode(pods)
  const status = {
    currentNumberScheduled: 0,
    numberMisscheduled: 0,
    desiredNumberScheduled: 0,
    numberReady: 0,
    updatedNumberScheduled: 0,
    numberAvailable: 0,
    numberUnavailable: 0,
  }
  for (const node of nodes) {
    const { run } = nodeFit(set.spec.template, node)
    const own = here.get(node.metadata.name) ?? []
    if (!run) {
      if (own.length > 0) status.numberMisscheduled++
      continue
    }
    status.desiredNumberScheduled++
    if (own.length === 0) continue
    status.currentNumberScheduled++
    const [pod] = [...own].sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1))
    if (isPodReady(pod!)) {
      status.numberReady++
      if (isPodAvailable(pod!, set.spec.minReadySeconds ?? 0, api.now())) status.numberAvailable++
    }
    if (isOf(pod!, hash)) status.updatedNumberScheduled++
  }
  status.numberUnavailable = status.desiredNumberScheduled - status.numberAvailable
  const { updatedNumberScheduled, numberAvailable, numberUnavailable, ...required } = status
  const next = {
    ...required,
    observedGeneration: set.metadata.generation,
    ...(updatedNumberScheduled && { updatedNumberScheduled }),
    ...(numberAvailable && { numberAvailable }),
    ...(numberUnavailable && { numberUnavailable }),
  }
  if (equal(next, set.status)) return
  api.update('daemonsets.apps', { ...set, status: next }, { subresource: 'status' })
}
