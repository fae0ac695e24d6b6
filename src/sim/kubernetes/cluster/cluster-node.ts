import { CRI_SOCKET, createCri } from '../../containers/api/create-cri.ts'
import type { ContainerEngine } from '../../containers/engine.ts'
import type { Registry } from '../../containers/images/registry.ts'
import { createEngine, type Engine } from '../../containers/runtime/create-engine.ts'
import { baseFiles } from '../../linux/base-files.ts'
import { type LayerDirectory, makeLayer } from '../../linux/fs/layer.ts'
import { createKernel, type Kernel } from '../../linux/kernel.ts'
import type { WorldContext } from '../../linux/machine.ts'
import type { Fabric } from '../../linux/net/fabric.ts'
import type { Program } from '../../linux/process.ts'
import { installNfs } from '../../programs/nfs/install.ts'
import { sshd } from '../../programs/ssh/server.ts'
import type { RestPort } from '../../rest/port.ts'
import { defer } from '../../time/waiting.ts'
import { SYSTEM_IMAGES, staticManifests } from '../addons/system/manifests.ts'
import type { ComponentContext } from '../api/component.ts'
import { type Kubelet, startKubelet } from '../kubelet/kubelet.ts'
import type { PodSource } from '../kubelet/pod-source.ts'
import { MANIFESTS } from '../kubelet/static-pods.ts'
import { PAUSE_IMAGE } from '../kubelet/sync/container-spec.ts'
import { ThinEngine } from '../kubelet/thin/thin-engine.ts'
import { thinNetwork } from '../kubelet/thin/thin-network.ts'
import { startKubeProxy } from '../network/kube-proxy.ts'
import type { NetworkPolicyRules } from '../network/network-policy.ts'
import { NodeNetwork, type PodOverlay } from '../network/pod-network.ts'
import type { ProxyRules } from '../network/proxy-rules.ts'
import type { ClusterTopology, NodeTopology } from './topology.ts'

/** One machine of a cluster. `kernel` and `network` are absent on thin nodes. */
export interface ClusterNode {
  readonly name: string
  readonly ip: string
  readonly engine: ContainerEngine
  readonly kubelet: Kubelet
  readonly kernel?: Kernel
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
  /** Servers that programs on a node reach by URL. */
  dial: (origin: string) => RestPort | undefined
  /** An ordinary account on every node, of group sudo. */
  account?: { name: string; uid: number }
  /** What a node's disk holds besides the base system (its executables). */
  files?: readonly (readonly [string, import('../../linux/fs/layer.ts').LayerEntry | string])[]
}

/** Switches a node on: machine, container engine, kubelet, kube-proxy. */
export function bootNode(parts: NodeParts, node: NodeTopology): ClusterNode {
  return node.thin ? bootThin(parts, node) : bootMachine(parts, node)
}

function bootThin({ world, context, pods }: NodeParts, node: NodeTopology): ClusterNode {
  const random = context.random.fork(`node/${node.name}`)
  const engine = new ThinEngine(world, random)
  const podCIDR = () => context.api.get('nodes', undefined, node.name)?.spec.podCIDR as string | undefined
  const kubelet = startKubelet({ context, world, engine, node, pods, network: thinNetwork(podCIDR) })
  return { name: node.name, ip: node.ip, engine, kubelet }
}

function bootMachine(parts: NodeParts, node: NodeTopology): ClusterNode {
  const { world, context, topology, pods, overlay, proxyRules } = parts
  const random = world.random.fork(`machine/${node.name}`)
  const kernel = createKernel(
    {
      hostname: node.name,
      cores: 2,
      memory: 24_684_096 * 1024,
      programs: parts.programs,
      layer: nodeDisk(parts, node),
      firstPid: 400,
      dial: (origin) => (origin === CRI_SOCKET ? cri : parts.dial(origin)),
    },
    world,
  )
  installNfs(kernel)
  const lan = parts.fabric.segment('lan')
  parts.fabric.attach(kernel.namespaces.net, 'eth0', lan, { address: `${node.ip}/24`, gateway: topology.gateway })
  kernel.namespaces.net.setUp('lo', true)
  kernel.namespaces.net.ipForward = true

  const engine = createEngine({
    kernel,
    registries: parts.registries,
    random: random.fork('engine'),
    namespace: 'k8s.io',
    layout: { folder: (id) => `/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/${id}` },
    stateFolder: '/var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes',
  })
  const cri = createCri(engine)
  engine.preload([PAUSE_IMAGE, ...(topology.systemPods ? SYSTEM_IMAGES : []), ...(node.images ?? [])])
  const daemon = (argv: string[]) =>
    kernel.spawn({ argv, program: (process) => defer<number>(process.machine.world.waiting).promise, newSession: true })
  daemon(['/usr/bin/containerd'])
  kernel.spawn({ argv: ['/usr/sbin/sshd', '-D'], program: sshd, newSession: true })
  const host = daemon([
    '/usr/bin/kubelet',
    '--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf',
    '--kubeconfig=/etc/kubernetes/kubelet.conf',
    '--config=/var/lib/kubelet/config.yaml',
    '--container-runtime-endpoint=unix:///run/containerd/containerd.sock',
  ])
  const network = new NodeNetwork({
    kernel,
    overlay,
    nodeName: node.name,
    ip: node.ip,
    podCIDR: () => node.podCIDR ?? (context.api.get('nodes', undefined, node.name)?.spec.podCIDR as string | undefined),
  })
  if (topology.systemPods) {
    for (const [name, text] of node.controlPlane ? staticManifests(node, topology.podCIDR) : []) {
      kernel.files.mkdir(MANIFESTS, { parents: true })
      kernel.files.write(`${MANIFESTS}/${name}`, text, { mode: 0o600 })
    }
  } else {
    network.install()
    startKubeProxy(kernel.namespaces.net.netfilter, proxyRules, node.name)
  }
  parts.policies.attach(kernel.namespaces.net.netfilter)
  const kubelet = startKubelet({ context, world, engine, node, pods, network, host })
  kernel.units.set('kubelet', kubelet)
  return { name: node.name, ip: node.ip, engine, kubelet, kernel, containers: engine, network }
}

function nodeDisk({ topology, account, files = [] }: NodeParts, node: NodeTopology): LayerDirectory {
  const hosts = topology.nodes.filter((other) => !other.thin).map((other) => `${other.ip}\t${other.name}`)
  return makeLayer([
    ...baseFiles({
      hostname: node.name,
      hosts,
      nameservers: [topology.gateway],
      ...(account ? { user: account } : {}),
    }),
    ...(files as [string, string][]),
  ])
}
