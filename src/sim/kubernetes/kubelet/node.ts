import type { ContainerEngine, ContainerHandle } from '../../containers/engine.ts'
import type { WorldContext } from '../../linux/machine.ts'
import type { Process } from '../../linux/process.ts'
import type { Random } from '../../time/random.ts'
import type { ApiClient } from '../api/client.ts'
import type { KubeObject } from '../api/object.ts'
import type { ImageManager } from './images/image-manager.ts'
import type { ContainerKind, Pod } from './pod.ts'

/** What a node is: decided by the topology. */
export interface NodeConfig {
  name: string
  /** InternalIP */
  ip: string
  labels?: Record<string, string>
  taints?: readonly { key: string; value?: string; effect: string }[]
  /** Defaults to the recorded machine: 2 CPUs, 24684096Ki, 110 Pods. */
  capacity?: Record<string, string>
  /** Added by the control plane's node IPAM when absent. */
  podCIDR?: string
}

/** Gives Pods their network (the kubelet's CNI). */
export interface PodNetwork {
  /** Undefined while the network is not ready; the text says why. */
  notReady(): string | undefined
  /** Gives a sandbox that is about to start its address; the cards appear with its network namespace. */
  attach(sandbox: ContainerHandle, pod: Pod): string | undefined
  detach(sandbox: ContainerHandle, pod: Pod): void
}

/** What every part of one kubelet shares. */
export interface NodeServices {
  readonly node: NodeConfig
  /** As `system:node:NAME`. */
  readonly api: ApiClient
  readonly world: WorldContext
  readonly random: Random
  readonly engine: ContainerEngine
  /** The kubelet's own process on the node: its files and sockets. Undefined on nodes without a kernel. */
  readonly host: Process | undefined
  readonly images: ImageManager
  readonly network: PodNetwork
  /** Virtual ms. */
  sleep(ms: number): Promise<void>
  /** A timer to race against. */
  deadline(ms: number): { expired: Promise<'expired'>; cancel(): void }
  /** ms since 1970 */
  wallClock(): number
  record(object: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): void
  recordContainer(
    pod: Pod,
    kind: ContainerKind,
    name: string,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
  ): void
}

/** A duration around `ms`, as real machines vary. */
export function about(random: Random, ms: number): number {
  return ms * (0.7 + 0.6 * random.float())
}

/** wait.Jitter: between `ms` and `ms * (1 + factor)`. */
export function jitter(random: Random, ms: number, factor = 0.5): number {
  return ms * (1 + factor * random.float())
}
