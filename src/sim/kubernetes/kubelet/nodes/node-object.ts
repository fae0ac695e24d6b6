import { rfc3339 } from '../../../time/date.ts'
import type { KubeObject } from '../../api/object.ts'
import { quantityValue } from '../../api/quantity.ts'
import type { NodeConfig, NodeServices } from '../node.ts'

/** The recorded machine. */
export const DEFAULT_CAPACITY: Record<string, string> = {
  cpu: '2',
  'ephemeral-storage': '264212084Ki',
  'hugepages-1Gi': '0',
  'hugepages-2Mi': '0',
  memory: '24684096Ki',
  pods: '110',
}

export const VERSION = 'v1.36.2'

export interface NodeIdentity {
  machineID: string
  bootID: string
  kernelVersion: string
  osImage: string
  containerRuntimeVersion: string
}

/** Capacity less what is kept back: 100 MiB of memory and a tenth of the disk, for eviction. */
export function allocatableOf(capacity: Record<string, string>): Record<string, string> {
  const memory = quantityValue(capacity.memory) / 1024 - 102_400
  const disk = Math.floor(quantityValue(capacity['ephemeral-storage']) * 0.99)
  return { ...capacity, 'ephemeral-storage': String(disk), memory: `${memory}Ki` }
}

/** The Node a kubelet registers. */
export function nodeObject(config: NodeConfig, status: object): KubeObject {
  const { name, labels, taints } = config
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        ...labels,
      },
      annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
    } as unknown as KubeObject['metadata'],
    spec: {
      ...(config.podCIDR ? { podCIDR: config.podCIDR, podCIDRs: [config.podCIDR] } : {}),
      ...(taints && taints.length > 0 ? { taints } : {}),
    },
    status,
  }
}

export interface NodePressure {
  memory: boolean
  disk: boolean
  pid: boolean
  /** Why the node is not ready; undefined when it is. */
  notReady?: string
}

/** The Node's status as a heartbeat writes it. */
export function nodeStatus(
  node: NodeServices,
  identity: NodeIdentity,
  pressure: NodePressure,
  before: KubeObject['status'],
): Record<string, unknown> {
  const now = rfc3339(node.wallClock())
  const capacity = { ...DEFAULT_CAPACITY, ...node.node.capacity }
  const condition = (type: string, status: string, reason: string, message: string) => {
    const old = before?.conditions?.find((c: { type: string }) => c.type === type)
    const lastTransitionTime = old?.status === status ? old.lastTransitionTime : now
    return { type, status, lastHeartbeatTime: now, lastTransitionTime, reason, message }
  }
  const pressed = (type: string, on: boolean, good: [string, string], bad: [string, string]) =>
    on ? condition(type, 'True', ...bad) : condition(type, 'False', ...good)
  return {
    capacity,
    allocatable: allocatableOf(capacity),
    conditions: [
      pressed(
        'MemoryPressure',
        pressure.memory,
        ['KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
        ['KubeletHasInsufficientMemory', 'kubelet has insufficient memory available'],
      ),
      pressed(
        'DiskPressure',
        pressure.disk,
        ['KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
        ['KubeletHasDiskPressure', 'kubelet has disk pressure'],
      ),
      pressed(
        'PIDPressure',
        pressure.pid,
        ['KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
        ['KubeletHasInsufficientPID', 'kubelet has insufficient PID available'],
      ),
      pressure.notReady === undefined
        ? condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status')
        : condition('Ready', 'False', 'KubeletNotReady', pressure.notReady),
    ],
    addresses: [
      { type: 'InternalIP', address: node.node.ip },
      { type: 'Hostname', address: node.node.name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: {
      machineID: identity.machineID,
      systemUUID: identity.machineID,
      bootID: identity.bootID,
      kernelVersion: identity.kernelVersion,
      osImage: identity.osImage,
      containerRuntimeVersion: identity.containerRuntimeVersion,
      kubeletVersion: VERSION,
      kubeProxyVersion: '',
      operatingSystem: 'linux',
      architecture: 'amd64',
    },
    images: imageList(node),
    runtimeHandlers: ['', 'runc'].map((name) => ({
      name,
      features: { recursiveReadOnlyMounts: false, userNamespaces: false },
    })),
    features: { supplementalGroupsPolicy: true },
    declaredFeatures: [
      'ExtendWebSocketsToKubelet',
      'InPlacePodLevelResourcesVerticalScaling',
      'InPlacePodVerticalScalingInitContainers',
      'RestartAllContainersOnContainerExits',
    ],
  }
}

/** The largest images first, at most 50. */
function imageList(node: NodeServices): { names: string[]; sizeBytes: number }[] {
  return node.engine
    .images()
    .map((image) => ({ names: [...image.digests, ...image.tags], sizeBytes: image.size }))
    .sort((a, b) => b.sizeBytes - a.sizeBytes || ((a.names[0] ?? '') < (b.names[0] ?? '') ? -1 : 1))
    .slice(0, 50)
}
