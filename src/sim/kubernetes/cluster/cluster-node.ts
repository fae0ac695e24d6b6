import type { ContainerEngine } from '../../containers/engine.ts'
import type { Registry } from '../../containers/images/registry.ts'
import type { Engine } from '../../containers/runtime/create-engine.ts'
import type { Kernel } from '../../linux/kernel.ts'
import type { WorldContext } from '../../linux/machine.ts'
import type { Fabric } from '../../linux/net/fabric.ts'
import type { Process, Program } from '../../linux/process.ts'
import type { ServiceUnit } from '../../linux/system-calls.ts'
import type { RestPort } from '../../rest/port.ts'
import { systemImages } from '../addons/system/manifests.ts'
import type { ComponentContext } from '../api/component.ts'
import { type Kubelet, startKubelet } from '../kubelet/kubelet.ts'
import { serveKubelet } from '../kubelet/metrics/serve.ts'
import type { PodSource } from '../kubelet/pod-source.ts'
import { ThinEngine } from '../kubelet/thin/thin-engine.ts'
import { thinNetwork } from '../kubelet/thin/thin-network.ts'
import { startKubeProxy } from '../network/kube-proxy.ts'
import type { NetworkPolicyRules } from '../network/network-policy.ts'
import { NodeNetwork, type PodOverlay } from '../network/pod-network.ts'
import type { ProxyRules } from '../network/proxy-rules.ts'
import { bootMachine, type NodeMachine } from './node-machine.ts'
import { Standing } from './standing.ts'
import type { ClusterTopology, NodeTopology } from './topology.ts'

export const KUBELET_UNIT = 'kubelet: The Kubernetes Node Agent'

/** One machine of a cluster. `kernel` and `network` are absent on thin nodes. */
export interface ClusterNode {
  readonly name: string
  readonly ip: string
  readonly engine: ContainerEngine
  readonly kubelet: Kubelet
  readonly kernel?: Kernel
  /** The kubelet's process. */
  readonly host?: Process
  /** The kubelet ends for good. */
  leave?(): void
  /** The engine with everything it offers beyond the kubelet's contract (preload, …). */
  readonly containers?: Engine
  readonly network?: NodeNetwork
}

export interface NodeParts {
  world: WorldContext
  context: ComponentContext
  topology: ClusterTopology
  pods: PodSource
  fabric: Fabric
  programs: ReadonlyMap<string, Program>
  registries: ReadonlyMap<string, Registry>
  overlay: PodOverlay
  proxyRules: ProxyRules
  policies: NetworkPolicyRules
  /** The machines' Pod networks outlive their kubelets. */
  networks: Map<Kernel, NodeNetwork>
  /** By node: each node's kube-proxy, until there is a Pod that runs it. */
  proxies: Map<string, Standing>
  /** The cluster has its own Pods, and has had them for long. */
  isSettled: boolean
  /** Servers that programs on a node reach by URL. */
  dial: (origin: string) => RestPort | undefined
  /** An ordinary account on every node, of group sudo. */
  account?: { name: string; uid: number }
  /** What a node's disk holds besides the base system (its executables). */
  files?: readonly (readonly [string, import('../../linux/fs/layer.ts').LayerEntry | string])[]
}

/** Switches a node on: machine (unless it is there already), container engine, kubelet, kube-proxy. */
export function bootNode(parts: NodeParts, node: NodeTopology, machine?: NodeMachine): ClusterNode {
  if (node.thin) return bootThin(parts, node)
  return installNode(parts, node, machine ?? machineOf(parts, node))
}

function bootThin({ world, context, pods }: NodeParts, node: NodeTopology): ClusterNode {
  const random = context.random.fork(`node/${node.name}`)
  const engine = new ThinEngine(world, random)
  const podCIDR = () => context.api.get('nodes', undefined, node.name)?.spec.podCIDR as string | undefined
  const kubelet = startKubelet({ context, world, engine, node, pods, network: thinNetwork(podCIDR) })
  return { name: node.name, ip: node.ip, engine, kubelet }
}

/** The machine of a topology's node. */
function machineOf(parts: NodeParts, node: NodeTopology): NodeMachine {
  const { topology, account, files } = parts
  const card = { device: 'eth0', segment: 'lan', address: `${node.ip}/24`, gateway: topology.gateway }
  return bootMachine(
    { ...parts, ...(account ? { account } : {}), ...(files ? { files } : {}) },
    {
      name: node.name,
      cards: [card],
      nameservers: [topology.gateway],
      hosts: topology.nodes.filter((other) => !other.thin).map((other) => `${other.ip}\t${other.name}`),
      images: [...(topology.systemPods ? systemImages(node.controlPlane === true) : []), ...(node.images ?? [])],
    },
    (_, origin) => parts.dial(origin),
  )
}

/** Makes a machine a node: kubelet, and with it what else runs there. */
function installNode(parts: NodeParts, node: NodeTopology, machine: NodeMachine): ClusterNode {
  const { world, context, topology, pods, overlay, proxyRules } = parts
  const { kernel, containers } = machine
  const host = machine.daemon([
    '/usr/bin/kubelet',
    '--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf',
    '--kubeconfig=/etc/kubernetes/kubelet.conf',
    '--config=/var/lib/kubelet/config.yaml',
    '--container-runtime-endpoint=unix:///run/containerd/containerd.sock',
  ])
  const network =
    parts.networks.get(kernel) ??
    new NodeNetwork({
      kernel,
      overlay,
      nodeName: node.name,
      ip: node.ip,
      podCIDR: () =>
        node.podCIDR ?? (context.api.get('nodes', undefined, node.name)?.spec.podCIDR as string | undefined),
    })
  parts.networks.set(kernel, network)
  if (!topology.systemPods || parts.isSettled) {
    network.install()
    const proxy = () => startKubeProxy(kernel.namespaces.net.netfilter, proxyRules, node.name)
    parts.proxies.set(node.name, new Standing(proxy, true))
  }
  const policies = parts.policies.attach(kernel.namespaces.net.netfilter)
  const kubelet = startKubelet({
    context,
    world,
    engine: containers,
    node,
    pods,
    network,
    host,
    isSettled: parts.isSettled,
  })
  const unit = kernel.units.get('kubelet')
  if (!unit) kernel.units.set('kubelet', kubeletUnit(kernel, kubelet, host))
  const controlPlane = topology.nodes.find((each) => each.controlPlane) ?? node
  const metrics = serveKubelet({
    host,
    nodeName: node.name,
    kubelet,
    server: () => parts.dial(`https://${controlPlane.ip}:6443`),
  })
  return {
    name: node.name,
    ip: node.ip,
    engine: containers,
    kubelet,
    kernel,
    containers,
    network,
    host,
    leave() {
      kubelet.stop()
      metrics.stop()
      policies.stop()
    },
  }
}

/** The service of a kubelet that ran from the start. */
function kubeletUnit(kernel: Kernel, kubelet: Kubelet, host: Process): ServiceUnit {
  const first = { time: kernel.wallClock(), text: `Started ${KUBELET_UNIT}.` }
  return {
    description: KUBELET_UNIT,
    enabled: true,
    get running() {
      return kubelet.running
    },
    get mainPid() {
      return kubelet.running ? host.pid : undefined
    },
    log: [first],
    start: () => kubelet.start(),
    stop: () => kubelet.stop(),
  }
}
