import type { KubeObject } from '../../api/object.ts'
import type { Controller } from '../shared/controller.ts'
import { equal } from '../shared/equal.ts'
import { safeHash } from '../shared/hash.ts'
import { controllerRef, formatTime, isControlledBy } from '../shared/meta.ts'
import { isAlreadyExists, isNamespaceTerminating } from '../shared/pod-control.ts'
import { DESIRED, MAX, newReplicaSetAnnotations, REVISION, revisionOf } from './annotations.ts'
import { conditionOf, withCondition } from './conditions.ts'
import { compactStatus, hasDeadline } from './status.ts'
import { desiredOf, fence, newSetSize } from './strategy.ts'

const HASH = 'pod-template-hash'

/** One pass over a Deployment: what it owns, kept current as the pass changes it. */
export class Rollout {
  readonly controller: Controller
  deployment: KubeObject
  /** Oldest first. */
  sets: KubeObject[]

  constructor(controller: Controller, deployment: KubeObject, sets: readonly KubeObject[]) {
    this.controller = controller
    this.deployment = deployment
    this.sets = [...sets].sort(byCreation)
  }

  /** The set whose template is the Deployment's. */
  get newest(): KubeObject | undefined {
    return this.sets.find((set) => sameTemplate(set.spec.template, this.deployment.spec.template))
  }

  /** All others, oldest first. */
  get old(): KubeObject[] {
    const uid = this.newest?.metadata.uid
    return this.sets.filter((set) => set.metadata.uid !== uid)
  }

  /** Gives the newest set its revision and annotations; creates it when it is missing and wanted. */
  syncRevision(create: boolean): void {
    const revision = Math.max(0, ...this.old.map(revisionOf)) + 1
    const existing = this.newest
    if (existing) this.#refresh(existing, revision)
    else if (create) this.#create(revision)
  }

  /** Sets a ReplicaSet's size and its size annotations; records the event when the size changes. */
  scale(set: KubeObject, size: number): boolean {
    const { deployment, controller } = this
    const before = desiredOf(set)
    const annotations = { ...set.metadata.annotations, ...this.#sizes() }
    if (before === size && equal(annotations, set.metadata.annotations)) return false
    this.#replace(
      controller.api.update('replicasets.apps', {
        ...set,
        metadata: { ...set.metadata, annotations },
        spec: { ...set.spec, replicas: size },
      }),
    )
    if (before === size) return false
    const direction = before < size ? 'up' : 'down'
    const message = `Scaled ${direction} replica set ${set.metadata.name} from ${before} to ${size}`
    controller.event(deployment, 'Normal', 'ScalingReplicaSet', message)
    return true
  }

  /** The same, leaving a set alone that has the size already. */
  resize(set: KubeObject | undefined, size: number): boolean {
    return set !== undefined && desiredOf(set) !== size && this.scale(set, size)
  }

  /** Writes the Deployment's status, and with it its annotations. */
  writeStatus(status: any, annotations = this.deployment.metadata.annotations): void {
    const { metadata } = this.deployment
    const compact = compactStatus(status)
    if (equal(compact, this.deployment.status) && equal(annotations, metadata.annotations)) return
    const next = { ...this.deployment, metadata: { ...metadata, annotations }, status: compact }
    this.deployment = this.controller.api.update('deployments.apps', next, { subresource: 'status' })
  }

  #refresh(set: KubeObject, revision: number): void {
    const annotations = newReplicaSetAnnotations(this.deployment, set.metadata.annotations, revision)
    const minReadySeconds = this.deployment.spec.minReadySeconds
    const sameWait = (set.spec.minReadySeconds ?? 0) === (minReadySeconds ?? 0)
    if (!equal(annotations, set.metadata.annotations) || !sameWait) {
      this.#replace(
        this.controller.api.update('replicasets.apps', {
          ...set,
          metadata: { ...set.metadata, annotations },
          spec: { ...set.spec, minReadySeconds },
        }),
      )
    }
    const found = hasDeadline(this.deployment) && !conditionOf(this.deployment.status, 'Progressing')
    this.#writeRevision(
      annotations[REVISION],
      found && ['True', 'FoundNewReplicaSet', `Found new replica set "${set.metadata.name}"`],
    )
  }

  #create(revision: number): void {
    const { deployment, controller } = this
    const { namespace, name } = deployment.metadata
    const { template, selector, minReadySeconds } = deployment.spec
    const hash = safeHash(template, deployment.status?.collisionCount)
    const labels = { ...template.metadata?.labels, [HASH]: hash }
    const size = newSetSize(deployment, this.sets, 0)
    const annotations = { ...newReplicaSetAnnotations(deployment, undefined, revision), ...this.#sizes() }
    const wanted = {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${name}-${hash}`,
        namespace,
        labels,
        annotations,
        ownerReferences: [controllerRef(deployment)],
      },
      spec: {
        replicas: size,
        ...(minReadySeconds && { minReadySeconds }),
        selector: { ...selector, matchLabels: { ...selector.matchLabels, [HASH]: hash } },
        template: { ...template, metadata: { ...template.metadata, labels } },
      },
    }
    try {
      const set = controller.api.create('replicasets.apps', wanted)
      this.sets.push(set)
      if (size > 0) {
        const message = `Scaled up replica set ${set.metadata.name} from 0 to ${size}`
        controller.event(deployment, 'Normal', 'ScalingReplicaSet', message)
      }
      const created = hasDeadline(deployment)
      this.#writeRevision(
        annotations[REVISION],
        created && ['True', 'NewReplicaSetCreated', `Created new replica set "${set.metadata.name}"`],
      )
    } catch (error) {
      if (isAlreadyExists(error)) this.#countCollision(`${name}-${hash}`)
      else if (hasDeadline(deployment) && !isNamespaceTerminating(error)) {
        const message = `Failed to create new replica set "${name}-${hash}": ${(error as Error).message}`
        this.#writeRevision(undefined, ['False', 'ReplicaSetCreateError', message])
      }
      throw error
    }
  }

  /** Another template took the name: the next try hashes with a higher count. */
  #countCollision(name: string): void {
    const taken = this.controller.api.get('replicasets.apps', this.deployment.metadata.namespace, name)
    const own = taken && isControlledBy(taken, this.deployment)
    if (own && sameTemplate(taken.spec.template, this.deployment.spec.template)) return
    const { status } = this.deployment
    this.writeStatus({ ...status, collisionCount: (status?.collisionCount ?? 0) + 1 })
  }

  #writeRevision(revision: string | undefined, progressing: false | [string, string, string]): void {
    const { metadata, status } = this.deployment
    const annotations = revision ? { ...metadata.annotations, [REVISION]: revision } : metadata.annotations
    let conditions = status?.conditions
    if (progressing) {
      const [value, reason, message] = progressing
      const time = formatTime(this.controller.api.now())
      conditions = withCondition(conditions, { type: 'Progressing', status: value, reason, message }, time)
    }
    this.writeStatus({ ...status, conditions }, annotations)
  }

  #sizes(): Record<string, string> {
    const { replicas } = this.deployment.spec
    return { [DESIRED]: String(replicas), [MAX]: String(replicas + fence(this.deployment).surge) }
  }

  #replace(set: KubeObject): void {
    this.sets = this.sets.map((old) => (old.metadata.uid === set.metadata.uid ? set : old))
  }
}

function sameTemplate(a: any, b: any): boolean {
  return equal(withoutHash(a), withoutHash(b))
}

function withoutHash(template: any): any {
  const { [HASH]: _, ...labels } = template?.metadata?.labels ?? {}
  return { ...template, metadata: { ...template?.metadata, labels } }
}

export function byCreation(a: KubeObject, b: KubeObject): number {
  const [x, y] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp]
  return x < y ? -1 : x > y ? 1 : a.metadata.name < b.metadata.name ? -1 : 1
}
