import type {
  Container as BaseContainer,
  ContainerStatus as BaseContainerStatus,
  Lifecycle as BaseLifecycle,
  PodCondition as BasePodCondition,
  PodSpec as BasePodSpec,
  PodStatus as BasePodStatus,
  ContainerState,
  EphemeralContainer,
  Probe,
} from 'kubernetes-types/core/v1'
import type { KubeObject } from '../api/object.ts'

/** The API's Pod types, with the fields that came after kubernetes-types 1.30. */
export interface Lifecycle extends BaseLifecycle {
  stopSignal?: string
}

export interface RestartRule {
  action: string
  exitCodes?: { operator: string; values?: number[] }
}

export interface Container extends Omit<BaseContainer, 'lifecycle'> {
  lifecycle?: Lifecycle
  restartPolicyRules?: RestartRule[]
}

export interface PodSpec extends Omit<BasePodSpec, 'containers' | 'initContainers'> {
  containers: Container[]
  initContainers?: Container[]
  resources?: Container['resources']
  hostnameOverride?: string
}

export interface ContainerStatus extends Omit<BaseContainerStatus, 'volumeMounts' | 'resources'> {
  resources?: unknown
  user?: { linux: { uid: number; gid: number; supplementalGroups: number[] } }
  volumeMounts?: unknown[]
  stopSignal?: string
}

export interface PodCondition extends Omit<BasePodCondition, 'lastProbeTime' | 'lastTransitionTime'> {
  lastProbeTime?: string | null
  lastTransitionTime?: string
  observedGeneration?: number
}

export interface PodStatus
  extends Omit<
    BasePodStatus,
    'conditions' | 'containerStatuses' | 'initContainerStatuses' | 'ephemeralContainerStatuses'
  > {
  conditions?: PodCondition[]
  containerStatuses?: ContainerStatus[]
  initContainerStatuses?: ContainerStatus[]
  ephemeralContainerStatuses?: ContainerStatus[]
  observedGeneration?: number
  resources?: unknown
  allocatedResources?: unknown
}

export interface Pod extends KubeObject {
  spec: PodSpec
  status?: PodStatus
}

export type { ContainerState, EphemeralContainer, Probe }

/** Which list of the Pod a container comes from; also its field path in events. */
export type ContainerKind = 'initContainers' | 'containers' | 'ephemeralContainers'

export function containersOf(pod: Pod): { kind: ContainerKind; container: Container }[] {
  return [
    ...(pod.spec.initContainers ?? []).map((container) => ({ kind: 'initContainers' as const, container })),
    ...pod.spec.containers.map((container) => ({ kind: 'containers' as const, container })),
    ...(pod.spec.ephemeralContainers ?? []).map((container) => ({
      kind: 'ephemeralContainers' as const,
      container: container as Container,
    })),
  ]
}

export function isSidecar(container: Container): boolean {
  return container.restartPolicy === 'Always'
}

export const fieldPath = (kind: ContainerKind, name: string): string => `spec.${kind}{${name}}`

export const podKey = (pod: KubeObject): string => `${pod.metadata.namespace}/${pod.metadata.name}`

export function isTerminal(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
}

export const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror'
export const SOURCE_ANNOTATION = 'kubernetes.io/config.source'
export const HASH_ANNOTATION = 'kubernetes.io/config.hash'
