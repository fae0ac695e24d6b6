import type { Clock } from '../../time/event-queue.ts'
import type { Random } from '../../time/random.ts'
import type { ApiClient } from './client.ts'
import type { KubeObject } from './object.ts'

/** What a control-plane component (a controller, the scheduler, a kubelet) is given. */
export interface ComponentContext {
  readonly api: ApiClient
  readonly clock: Clock
  readonly random: Random
  readonly events: EventRecorder
  /** Nodes are given ranges out of this network (`--cluster-cidr`), none when it is empty; 10.10.0.0/16 unless told. */
  readonly clusterCIDR?: string
  /** Told of every failed reconciliation before the key is tried again. */
  onError?(component: string, key: string, error: unknown): void
}

/** client-go's event recorder with its correlator: repeats are counted, floods are dropped. */
export interface EventRecorder {
  /** `type` is Normal or Warning; `component` e.g. `deployment-controller`, `kubelet`; host for kubelets. */
  record(object: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string, source: EventSource): void
}

export interface EventSource {
  component: string
  host?: string
  fieldPath?: string
  /** What was done (`Binding`): the event is written the way of events.k8s.io, as the scheduler's are. */
  action?: string
  /** A second object concerned, with `action`. */
  related?: KubeObject
}

/** A running component. */
export interface Running {
  stop(): void
}

/** One reconciling loop of the controller manager. One file each in `controllers/`, listed in `controllers/index.ts`. */
export interface ControllerDefinition {
  /** As kube-controller-manager names it: `deployment-controller`. */
  readonly name: string
  start(context: ComponentContext): Running
}
