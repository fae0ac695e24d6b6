import type { ContainerSpec, ImageInfo, MountSpec } from '../../../containers/engine.ts'
import { canonical, parseReference, withDefaultTag } from '../../../containers/images/reference.ts'
import { expand } from '../env/expansion.ts'
import type { Container, ContainerKind, Pod } from '../pod.ts'
import { cgroupResources, oomScoreAdjust, podCgroup } from '../resources/cgroup.ts'
import type { Identity } from './security.ts'

/** Labels by which a kubelet finds its containers again. */
export const LABEL = {
  container: 'io.kubernetes.container.name',
  pod: 'io.kubernetes.pod.name',
  namespace: 'io.kubernetes.pod.namespace',
  uid: 'io.kubernetes.pod.uid',
  kind: 'io.cri-containerd.kind',
}

export const ANNOTATION = {
  attempt: 'io.kubernetes.container.restartCount',
  list: 'io.kubernetes.container.kind',
  image: 'io.kubernetes.container.image',
  created: 'io.kubernetes.container.created',
}

export interface SpecInputs {
  pod: Pod
  kind: ContainerKind
  container: Container
  attempt: number
  image: ImageInfo
  sandboxId: string
  /** For ephemeral containers: the container whose processes it sees. */
  targetId?: string
  identity: Identity
  env: [string, string][]
  mounts: MountSpec[]
  now: number
  /** Bytes of the node. */
  memory: number
}

export function podLabels(pod: Pod): Record<string, string> {
  return {
    [LABEL.pod]: pod.metadata.name,
    [LABEL.namespace]: pod.metadata.namespace ?? '',
    [LABEL.uid]: pod.metadata.uid,
  }
}

/** What the engine is asked to create for one container of a Pod. */
export function containerSpec(inputs: SpecInputs): ContainerSpec {
  const { pod, kind, container, attempt, sandboxId, identity, env } = inputs
  const { spec } = pod
  const vars = new Map(env)
  const lookup = (name: string) => vars.get(name)
  const security = container.securityContext ?? {}
  return {
    name: `k8s_${container.name}_${pod.metadata.name}_${pod.metadata.namespace}_${pod.metadata.uid}_${attempt}`,
    image: canonical(withDefaultTag(parseReference(container.image ?? ''))),
    ...(container.command?.length ? { entrypoint: container.command.map((word) => expand(word, lookup)) } : {}),
    ...(container.args?.length
      ? { command: container.args.map((word) => expand(word, lookup)) }
      : container.command?.length
        ? { command: [] }
        : {}),
    env,
    ...(container.workingDir ? { workingDir: container.workingDir } : {}),
    ...(identity.user === undefined ? {} : { user: identity.user }),
    supplementalGroups: identity.supplementalGroups.filter((gid) => gid !== identity.gid),
    mounts: inputs.mounts,
    labels: { ...podLabels(pod), [LABEL.container]: container.name, [LABEL.kind]: 'container' },
    annotations: {
      [ANNOTATION.attempt]: String(attempt),
      [ANNOTATION.list]: kind,
      [ANNOTATION.image]: container.image ?? '',
      [ANNOTATION.created]: String(inputs.now),
    },
    tty: container.tty ?? false,
    stdin: container.stdin ?? false,
    stdinOnce: container.stdinOnce ?? false,
    namespaces: {
      network: { container: sandboxId },
      ipc: { container: sandboxId },
      uts: { container: sandboxId },
      pid: inputs.targetId
        ? { container: inputs.targetId }
        : spec.hostPID
          ? 'host'
          : spec.shareProcessNamespace
            ? { container: sandboxId }
            : 'new',
    },
    cgroupParent: podCgroup(pod),
    resources: cgroupResources(container),
    oomScoreAdjust: oomScoreAdjust(pod, container, inputs.memory),
    privileged: security.privileged ?? false,
    readonlyRootfs: security.readOnlyRootFilesystem ?? false,
    ...(security.capabilities
      ? { capabilities: { add: security.capabilities.add ?? [], drop: security.capabilities.drop ?? [] } }
      : {}),
    ...(container.lifecycle?.stopSignal ? { stopSignal: container.lifecycle.stopSignal } : {}),
  }
}

export const PAUSE_IMAGE = 'registry.k8s.io/pause:3.9'

/** The sandbox: the pause container that holds the Pod's namespaces. */
export function sandboxSpec(pod: Pod, attempt: number, hostname: string): ContainerSpec {
  const { spec } = pod
  return {
    name: `k8s_POD_${pod.metadata.name}_${pod.metadata.namespace}_${pod.metadata.uid}_${attempt}`,
    image: PAUSE_IMAGE,
    hostname,
    labels: { ...podLabels(pod), [LABEL.kind]: 'sandbox' },
    annotations: { [ANNOTATION.attempt]: String(attempt) },
    namespaces: {
      network: spec.hostNetwork ? 'host' : 'new',
      pid: spec.hostPID ? 'host' : 'new',
      ipc: spec.hostIPC ? 'host' : 'new',
      uts: spec.hostNetwork ? 'host' : 'new',
    },
    cgroupParent: podCgroup(pod),
    resources: { cpuShares: 2 },
  }
}

/** `spec.hostname`, cut to what a kernel takes; with the subdomain it is the name in /etc/hosts. */
export function podHostname(pod: Pod, nodeName: string): { hostname: string; domain: string } {
  const { spec, metadata } = pod
  if (spec.hostnameOverride) return { hostname: spec.hostnameOverride, domain: '' }
  if (spec.hostNetwork) return { hostname: nodeName, domain: '' }
  const hostname = (spec.hostname || metadata.name).slice(0, 63).replace(/[-.]+$/, '')
  const domain = spec.subdomain ? `${spec.subdomain}.${metadata.namespace}.svc.cluster.local` : ''
  return { hostname: spec.setHostnameAsFQDN && domain ? `${hostname}.${domain}` : hostname, domain }
}
