import type { Registry } from '../../containers/images/registry.ts'
import type { Kernel } from '../../linux/kernel.ts'
import type { WorldContext } from '../../linux/machine.ts'
import type { Fabric } from '../../linux/net/fabric.ts'
import type { Process, Program } from '../../linux/process.ts'
import type { RestPort } from '../../rest/port.ts'
import { addonPrograms } from '../addons/programs.ts'
import { addonObjects, staticManifests } from '../addons/system/manifests.ts'
import { type SystemComponents, systemPrograms } from '../addons/system/programs.ts'
import type { ApiClient } from '../api/client.ts'
import type { ComponentContext, Running } from '../api/component.ts'
import { serveApi } from '../api-endpoint.ts'
import { type ApiServer, createApiServer } from '../apiserver/server.ts'
import { CONTROLLERS } from '../controllers/index.ts'
import { createEventRecorder } from '../events/recorder.ts'
import { PodSource } from '../kubelet/pod-source.ts'
import { CLUSTER_DNS } from '../kubelet/sync/pod-files.ts'
import { ClusterRecords } from '../network/dns-records.ts'
import { serveDns } from '../network/dns-server.ts'
import { startKubeProxy } from '../network/kube-proxy.ts'
import { NetworkPolicyRules } from '../network/network-policy.ts'
import { PodOverlay } from '../network/pod-network.ts'
import { ProxyRules } from '../network/proxy-rules.ts'
import { ServiceTable } from '../network/service-ports.ts'
import { type RunningScheduler, startScheduler } from '../scheduler/scheduler.ts'
import type { PodVerdict } from '../scheduler/verdicts.ts'
import { bootNode, type ClusterNode, type NodeParts } from './cluster-node.ts'
import type { NodeMachine } from './node-machine.ts'
import { writePast } from './past.ts'
import { quietBoot } from './quiet-boot.ts'
import { Standing } from './standing.ts'
import type { ClusterTopology, NodeTopology } from './topology.ts'
import { type WatchFaults, withWatchFaults } from './watch-faults.ts'

export interface ClusterOptions {
  world: WorldContext
  /** Nodes are plugged into its segment `lan`. */
  fabric: Fabric
  /** What machines and containers can execute. */
  programs: ReadonlyMap<string, Program>
  registries: ReadonlyMap<string, Registry>
  topology: ClusterTopology
  /** An ordinary account on every node, of group sudo. */
  account?: NodeParts['account']
  /** Executables and files of every node's disk. */
  nodeFiles?: NodeParts['files']
  /** Told of every reconciliation that failed, for tests. */
  onError?: ComponentContext['onError']
  /** Components hear of changes late and twice, for tests. */
  watchFaults?: WatchFaults
}

export interface Cluster {
  readonly server: ApiServer
  /** The administrator's client, in process. */
  readonly client: ApiClient
  readonly topology: ClusterTopology
  readonly nodes: ReadonlyMap<string, ClusterNode>
  readonly services: ServiceTable
  /** The node's kubelet stops answering; its containers go on. */
  nodeDown(name: string): void
  nodeUp(name: string): void
  /** Adds a node; with a machine, that machine becomes it. */
  join(node: NodeTopology, machine?: NodeMachine): ClusterNode
  /** A node's kubelet ends for good; its Node object and its containers are left. */
  leave(name: string): void
  /** The API server behind a URL's origin, while it runs. */
  dial(origin: string): RestPort | undefined
  /** What the scheduler's plugins said of each node, at the latest attempt to place each of the last Pods. */
  scheduling(): PodVerdict[]
  /** Lets a machine of the LAN that is no node reach Pod and Service addresses, as the nodes' own shells can. */
  connect(machine: Kernel, device?: string): Running
}

/** Boots a whole cluster: API server, controllers, scheduler, and its nodes with kubelet and kube-proxy. */
export function bootCluster(options: ClusterOptions): Cluster {
  const { world, fabric, topology } = options
  const random = world.random.fork('cluster')
  const server = createApiServer({
    clock: world.clock,
    waiting: world.waiting,
    get epoch() {
      return world.epoch
    },
    random,
    ...topology.apiServer,
  })
  const apiPort = topology.apiServer?.port ?? 6443
  const { client } = server
  const events = quietBoot(createEventRecorder({ api: client, clock: world.clock }), world.clock)
  const api = options.watchFaults
    ? withWatchFaults(client, world.clock, random.fork('watch faults'), options.watchFaults)
    : client
  const context: ComponentContext = {
    api,
    clock: world.clock,
    random: random.fork('components'),
    events,
    ...(topology.nodes.length === 0 ? { clusterCIDR: topology.podCIDR } : {}),
    ...(options.onError ? { onError: options.onError } : {}),
  }
  const startControllers = (): Running => {
    const running = CONTROLLERS.map((controller) => controller.start(context))
    return {
      stop: () => {
        for (const each of running) each.stop()
      },
    }
  }
  let scheduler: RunningScheduler | undefined
  const runScheduler = (): Running => {
    scheduler = startScheduler(context)
    return scheduler
  }
  // A cluster that is there when the world begins has run for long.
  const isSettled = topology.systemPods && topology.nodes.length > 0
  const isRunning = isSettled || !topology.systemPods
  const controllers = new Standing(startControllers, isRunning)
  const scheduling = new Standing(runScheduler, isRunning)

  const services = new ServiceTable(client)
  const proxyRules = new ProxyRules(services, topology.podCIDR)
  const overlay = new PodOverlay(topology.podCIDR, fabric.segment('flannel.1'))
  const nodes = new Map<string, ClusterNode>()
  const origins = new Set<string>()
  let apiServers = 0
  const answering = new Standing(() => {
    apiServers++
    return { stop: () => void apiServers-- }
  }, isRunning)
  const apiProcesses = new Set<Process>()
  /** A paused API server takes no request. */
  const paused = () => apiProcesses.size > 0 && [...apiProcesses].every(isFrozen)
  const serving = () => apiServers > 0 && !paused()
  const dial = (origin: string) => (origins.has(origin) && serving() ? server : undefined)
  const components: SystemComponents = {
    apiServer(process) {
      const running = answering.take()
      apiProcesses.add(process)
      void serveApi(
        process.net,
        server,
        { port: apiPort },
        apiCertificate(process.machine.hostname, addressesOf(topology), world),
      ).catch(() => {})
      return {
        stop() {
          apiProcesses.delete(process)
          running.stop()
        },
      }
    },
    controllers: () => controllers.take(),
    scheduler: () => scheduling.take(),
    kubeProxy: (process) => {
      const { hostname } = process.machine
      const { netfilter } = process.system.namespaces.net
      return parts.proxies.get(hostname)?.take() ?? startKubeProxy(netfilter, proxyRules, hostname)
    },
    flannel: (process, address) => nodes.get(process.machine.hostname)?.network?.install(address),
    podCIDR: (process) => client.get('nodes', undefined, process.machine.hostname)?.spec.podCIDR,
    records: new ClusterRecords(services),
  }
  const clusterPrograms: [string, Program][] = [
    ...addonPrograms(server),
    // A cluster without system Pods has its network already; flannel may still be applied to it.
    ...systemPrograms(components).filter(([name]) => topology.systemPods || name === 'flanneld' || name === 'kindnetd'),
  ]
  const parts: NodeParts = {
    world,
    context,
    topology,
    fabric,
    overlay,
    proxyRules,
    policies: new NetworkPolicyRules(client),
    networks: new Map(),
    proxies: new Map(),
    isSettled,
    dial,
    pods: new PodSource(api),
    programs: new Map([...options.programs, ...clusterPrograms]),
    registries: options.registries,
    ...(options.account ? { account: options.account } : {}),
    ...(options.nodeFiles ? { files: options.nodeFiles } : {}),
  }
  const join = (topologyNode: NodeTopology, machine?: NodeMachine): ClusterNode => {
    for (const [name, program] of machine ? clusterPrograms : []) machine!.programs.set(name, program)
    if (topologyNode.controlPlane) origins.add(`https://${topology.apiServer?.address ?? topologyNode.ip}:${apiPort}`)
    const node = bootNode(parts, topologyNode, machine)
    nodes.set(node.name, node)
    server.registerKubelet(node.name, node.kubelet.port)
    if (node.kernel && !topology.systemPods) {
      if (topologyNode.controlPlane) listen(node, server, topology, world)
      localDns(node, services)
    }
    return node
  }
  topology.nodes.forEach((node, i) => {
    // A world begins with a cluster that has been up for a while: its nodes have their ranges already.
    join({ podCIDR: node.thin ? undefined : rangeOf(topology, i), ...node })
  })
  if (isSettled) settle(server, topology, nodes)
  return {
    server,
    client,
    topology,
    nodes,
    services,
    join,
    leave(name) {
      const node = nodes.get(name)
      node?.leave?.()
      nodes.delete(name)
      server.unregisterKubelet(name)
    },
    dial,
    nodeDown: (name) => nodes.get(name)?.kubelet.stop(),
    nodeUp: (name) => nodes.get(name)?.kubelet.start(),
    scheduling: () => scheduler?.verdicts.all() ?? [],
    connect(machine, device = 'eth0') {
      const { net } = machine.namespaces
      const detach = net.routes.attach(overlay.by(device))
      const proxy = startKubeProxy(net.netfilter, proxyRules, machine.hostname)
      return {
        stop() {
          detach()
          proxy.stop()
        },
      }
    },
  }
}

const isFrozen = (process: Process) => 'frozen' in process && process.frozen === true

/** `10.10.0.0/24`, `10.10.1.0/24`, … */
const rangeOf = ({ podCIDR }: ClusterTopology, i: number) => `${podCIDR.split('.').slice(0, 2).join('.')}.${i}.0/24`

/** Lets the API and the nodes have what a cluster of this kind has when it has been up for long. */
function settle(server: ApiServer, topology: ClusterTopology, nodes: ReadonlyMap<string, ClusterNode>): void {
  const past = topology.nodes.map((node, i) => ({
    name: node.name,
    ip: node.ip,
    controlPlane: node.controlPlane === true,
    range: rangeOf(topology, i).replace('.0/24', ''),
    manifests: node.controlPlane ? staticManifests({ ...node, podCIDR: topology.podCIDR }) : [],
  }))
  const [endpoint = ''] = addressesOf(topology)
  const objects = addonObjects(topology.podCIDR, `${endpoint}:6443`)
  for (const { metadata, spec, status } of writePast({ server, nodes: past, objects }))
    if (!spec.hostNetwork)
      nodes.get(spec.nodeName!)?.network?.keep(`${metadata.namespace}/${metadata.name}`, status!.podIP!)
  for (const { name, manifests } of past)
    for (const { file, text, pod } of manifests) nodes.get(name)!.kubelet.placeManifest(file, text, pod)
}

const addressesOf = ({ nodes, apiServer }: ClusterTopology): string[] =>
  apiServer ? [apiServer.address] : nodes.filter((node) => node.controlPlane).map((node) => node.ip)

function apiCertificate(name: string, addresses: readonly string[], world: WorldContext) {
  const day = 86_400_000
  const base = 'kubernetes'
  const names = [base, `${base}.default`, `${base}.default.svc`, `${base}.default.svc.cluster.local`, name, '10.96.0.1']
  return {
    subject: 'CN=kube-apiserver',
    issuer: 'CN=kubernetes',
    names: [...names, ...addresses],
    notBefore: world.epoch - day,
    notAfter: world.epoch + 364 * day,
    serial: '1',
  }
}

/** The API server's socket on the control plane's machine. */
function listen(node: ClusterNode, server: ApiServer, topology: ClusterTopology, world: WorldContext): void {
  const certificate = apiCertificate(node.name, addressesOf(topology), world)
  node.kernel!.spawn({
    argv: ['kube-apiserver', `--advertise-address=${node.ip}`, '--secure-port=6443'],
    newSession: true,
    program: async (process) => {
      await serveApi(process.net, server, { port: 6443 }, certificate)
      return 0
    },
  })
}

/** The recorded cluster's DNS: no Pod, but a server on each node that has the cluster's DNS address. */
function localDns(node: ClusterNode, services: ServiceTable): void {
  const kernel = node.kernel!
  const { net } = kernel.namespaces
  net.addInterface('nodelocaldns', 'dummy')
  net.setUp('nodelocaldns', true)
  net.addAddress('nodelocaldns', `${CLUSTER_DNS}/32`)
  kernel.spawn({
    argv: ['/usr/bin/cluster-dns', '-conf', '/etc/cluster-dns/Corefile'],
    newSession: true,
    program: async (process) => {
      await serveDns(process.net, {
        records: new ClusterRecords(services),
        upstream: (name) => process.net.resolve(`${name}.`),
        chase: false,
        address: CLUSTER_DNS,
      })
      return 0
    },
  })
}
