import type { KubeObject } from '../../api/object.ts'
import { scaled } from '../deployment/strategy.ts'
import type { Controller } from '../shared/controller.ts'
import { isAlreadyExists, isGone, isNamespaceTerminating } from '../shared/pod-control.ts'
import { isPodAvailable, isPodReady } from '../shared/pods.ts'
import { ensureClaims, ownClaims } from './claims.ts'
import { ordinalOf, podName, REVISION, startOrdinal, statefulPod } from './identity.ts'
import type { StatefulCounts } from './status.ts'

/** One pass over a StatefulSet: at most one step for an ordered one, everything at once for a parallel one. */
export class StatefulUpdate {
  readonly #controller: Controller
  readonly #set: KubeObject
  readonly #pods = new Map<number, KubeObject>()
  readonly #update: KubeObject
  currentRevision: KubeObject
  readonly #counts: StatefulCounts

  constructor(
    controller: Controller,
    set: KubeObject,
    pods: readonly KubeObject[],
    currentRevision: KubeObject,
    updateRevision: KubeObject,
  ) {
    this.#controller = controller
    this.#set = set
    this.#update = updateRevision
    this.currentRevision = currentRevision
    for (const pod of pods) this.#pods.set(ordinalOf(set, pod)!, pod)
    this.#counts = this.#count()
  }

  status(): StatefulCounts {
    const { updatedReplicas, replicas, readyReplicas } = this.#counts
    const isRolling = this.#set.spec.updateStrategy?.type === 'RollingUpdate'
    const size = this.#set.spec.replicas
    // Every Pod is of the new revision: it is the current one now.
    if (isRolling && updatedReplicas === replicas && readyReplicas === replicas && replicas === size) {
      this.currentRevision = this.#update
      this.#counts.currentReplicas = updatedReplicas
      this.#counts.currentRevision = this.#update.metadata.name
    }
    return this.#counts
  }

  run(): void {
    const set = this.#set
    if (set.metadata.deletionTimestamp) return
    const start = startOrdinal(set)
    const end = start + set.spec.replicas
    const isOrdered = set.spec.podManagementPolicy !== 'Parallel'
    for (let ordinal = start; ordinal < end; ordinal++) {
      if (this.#ensure(ordinal) && isOrdered) return
    }
    const condemned = [...this.#pods.keys()]
      .filter((ordinal) => ordinal < start || ordinal >= end)
      .sort((a, b) => b - a)
    for (const ordinal of condemned) ownClaims(this.#controller, set, ordinal, this.#pods.get(ordinal))
    const firstUnhealthy = this.#firstUnhealthy(start, end, condemned)
    for (const ordinal of condemned) {
      const pod = this.#pods.get(ordinal)!
      if (isGoing(pod)) {
        if (isOrdered) return
        continue
      }
      if (isOrdered && !this.#isHealthy(pod) && pod !== firstUnhealthy) return
      this.#delete(pod)
      if (isOrdered) return
    }
    if (set.spec.updateStrategy?.type === 'RollingUpdate') this.#rollOn(start, end)
  }

  /** True when something was done or has to be waited for at this ordinal. */
  #ensure(ordinal: number): boolean {
    const set = this.#set
    const pod = this.#pods.get(ordinal)
    if (!pod) {
      this.#create(ordinal)
      return true
    }
    const phase = pod.status?.phase
    if ((phase === 'Failed' || phase === 'Succeeded') && !isGoing(pod)) {
      const { namespace, name } = set.metadata
      const [type, reason, word] =
        phase === 'Failed'
          ? (['Warning', 'RecreatingFailedPod', 'failed'] as const)
          : (['Normal', 'RecreatingTerminatedPod', 'terminated'] as const)
      const message = `StatefulSet ${namespace}/${name} is recreating ${word} Pod ${pod.metadata.name}`
      this.#controller.event(set, type, reason, message)
      this.#delete(pod)
      this.#counts.replicas--
      return true
    }
    if (isGoing(pod)) return true
    ensureClaims(this.#controller, set, ordinal)
    ownClaims(this.#controller, set, ordinal, pod)
    return !this.#isHealthy(pod)
  }

  #create(ordinal: number): void {
    const set = this.#set
    const { api } = this.#controller
    const revision = this.#needsCurrent(ordinal) ? this.currentRevision : this.#update
    const { template } = revision.data.spec
    const { $patch: _, ...clean } = template
    // A claim that is on its way out would take the new Pod's data with it.
    if (!ensureClaims(this.#controller, set, ordinal)) return
    ownClaims(this.#controller, set, ordinal, undefined)
    const name = podName(set, ordinal)
    const words = `Create Pod ${name} in StatefulSet ${set.metadata.name}`
    try {
      api.create('pods', statefulPod(set, clean, revision.metadata.name, ordinal))
      this.#controller.event(set, 'Normal', 'SuccessfulCreate', `${words} successful`)
    } catch (error) {
      if (isAlreadyExists(error)) throw error
      if (!isNamespaceTerminating(error)) {
        const message = `${words} failed error: ${(error as Error).message}`
        this.#controller.event(set, 'Warning', 'FailedCreate', message)
      }
      throw error
    }
  }

  #needsCurrent(ordinal: number): boolean {
    const { updateStrategy } = this.#set.spec
    if (updateStrategy?.type !== 'RollingUpdate') return false
    const start = startOrdinal(this.#set)
    const partition = updateStrategy.rollingUpdate?.partition
    if (partition === undefined) return ordinal < start + (this.#set.status?.currentReplicas ?? 0)
    return ordinal < start + partition
  }

  /** Replaces Pods of an older revision from the highest ordinal down, waiting for each to be healthy. */
  #rollOn(start: number, end: number): void {
    const { partition = 0, maxUnavailable = 1 } = this.#set.spec.updateStrategy.rollingUpdate ?? {}
    const allowed = Math.max(1, scaled(maxUnavailable, end - start, false))
    const all = Array.from({ length: end - start }, (_, i) => this.#pods.get(start + i))
    let unavailable = all.filter((pod) => !pod || !this.#isHealthy(pod)).length
    for (let ordinal = end - 1; ordinal >= start + partition; ordinal--) {
      const pod = this.#pods.get(ordinal)
      if (!pod) return
      const isOld = pod.metadata.labels?.[REVISION] !== this.#update.metadata.name
      if (isOld && !isGoing(pod)) {
        const healthy = this.#isHealthy(pod)
        if (healthy && unavailable >= allowed) return
        this.#delete(pod)
        this.#counts.currentReplicas = Math.max(0, this.#counts.currentReplicas - 1)
        if (healthy) unavailable++
        if (unavailable >= allowed) return
      } else if (!this.#isHealthy(pod) && unavailable >= allowed) return
    }
  }

  #delete(pod: KubeObject): void {
    const { namespace, name, uid } = pod.metadata
    const words = `Delete Pod ${name} in StatefulSet ${this.#set.metadata.name}`
    try {
      this.#controller.api.delete('pods', namespace, name, { preconditions: { uid } })
      this.#controller.event(this.#set, 'Normal', 'SuccessfulDelete', `${words} successful`)
    } catch (error) {
      if (isGone(error)) return
      const message = `${words} failed error: ${(error as Error).message}`
      this.#controller.event(this.#set, 'Warning', 'FailedDelete', message)
      throw error
    }
  }

  #isHealthy(pod: KubeObject): boolean {
    const wait = this.#set.spec.minReadySeconds ?? 0
    return pod.status?.phase === 'Running' && !isGoing(pod) && isPodAvailable(pod, wait, this.#controller.api.now())
  }

  #firstUnhealthy(start: number, end: number, condemned: readonly number[]): KubeObject | undefined {
    const ordinals = [...Array.from({ length: end - start }, (_, i) => start + i), ...[...condemned].reverse()]
    for (const ordinal of ordinals) {
      const pod = this.#pods.get(ordinal)
      if (pod && !this.#isHealthy(pod)) return pod
    }
    return undefined
  }

  #count(): StatefulCounts {
    const counts: StatefulCounts = {
      replicas: 0,
      readyReplicas: 0,
      availableReplicas: 0,
      currentReplicas: 0,
      updatedReplicas: 0,
      currentRevision: this.currentRevision.metadata.name,
      updateRevision: this.#update.metadata.name,
    }
    for (const pod of this.#pods.values()) {
      counts.replicas++
      if (pod.status?.phase === 'Running' && isPodReady(pod)) {
        counts.readyReplicas++
        if (isPodAvailable(pod, this.#set.spec.minReadySeconds ?? 0, this.#controller.api.now()))
          counts.availableReplicas++
      }
      if (isGoing(pod)) continue
      const revision = pod.metadata.labels?.[REVISION]
      if (revision === counts.currentRevision) counts.currentReplicas++
      if (revision === counts.updateRevision) counts.updatedReplicas++
    }
    return counts
  }
}

function isGoing(pod: KubeObject): boolean {
  return pod.metadata.deletionTimestamp !== undefined
}
