import type { Kernel } from '../../linux/kernel.ts'
import { formatAddress, parseAddress } from '../../linux/net/ipv4.ts'
import type { Process } from '../../linux/process.ts'
import type { RestPort } from '../../rest/port.ts'
import { statusFailure } from '../api/status-error.ts'
import { MANIFESTS } from '../kubelet/static-pods.ts'
import { bootCluster, type Cluster, type ClusterOptions } from './cluster.ts'
import { KUBELET_UNIT } from './cluster-node.ts'
import { DaemonUnit } from './daemon-unit.ts'
import { bootMachine, type MachineParts, type MachineSpec, type NodeMachine } from './node-machine.ts'

/** Where etcd keeps what it knows: a cluster is there as long as this is. */
const ETCD_DATA = '/var/lib/etcd/member'
const KUBELET_CONFIG = '/var/lib/kubelet/config.yaml'
const ANYWHERE = 0x08_08_08_08

export interface SiteOptions extends MachineParts {
  onError?: ClusterOptions['onError']
  /** Told of each cluster that is made. */
  onCluster?: (cluster: Cluster) => void
}

interface Member {
  machine: NodeMachine
  spec: MachineSpec
  /** What its kubelet belongs to. */
  cluster?: Cluster
}

/**
 * Machines that are no cluster yet. kubeadm makes them one by what it writes on their disks: a kubelet that starts finds
 * there who it is, and whether the control plane is to run beside it.
 */
export class Site {
  readonly #options: SiteOptions
  readonly #members = new Map<string, Member>()
  /** By the identity that etcd's data has. */
  readonly #clusters = new Map<string, Cluster>()
  #cluster: Cluster | undefined
  #lastCluster = 0

  constructor(options: SiteOptions) {
    this.#options = options
  }

  /** The last one that was made. */
  get cluster(): Cluster | undefined {
    return this.#cluster
  }

  /** Switches a machine on; its kubelet tries to start, and goes on trying. */
  boot(spec: MachineSpec): NodeMachine {
    const machine = bootMachine(this.#options, spec, (kernel, origin) => this.dial(kernel, origin))
    const member: Member = { machine, spec }
    this.#members.set(spec.name, member)
    const unit = new DaemonUnit(
      machine.kernel,
      KUBELET_UNIT,
      () => this.#startKubelet(member),
      () => {
        member.cluster?.leave(spec.name)
        delete member.cluster
      },
    )
    machine.kernel.units.set('kubelet', unit)
    unit.start()
    return machine
  }

  machine(name: string): NodeMachine | undefined {
    return this.#members.get(name)?.machine
  }

  /** Switches a machine off; its disk stays. */
  powerOff(name: string): void {
    const kernel = this.machine(name)?.kernel
    kernel?.units.get('kubelet')?.stop()
    kernel?.powerOff()
  }

  /** Switches it on again: its services start, and with the kubelet what it finds to run. */
  powerOn(name: string): void {
    const machine = this.machine(name)
    machine?.kernel.powerOn()
    machine?.startServices()
    machine?.kernel.units.get('kubelet')?.start()
  }

  /** Throws a machine away. */
  remove(name: string): void {
    this.powerOff(name)
    this.#members.delete(name)
  }

  /** The API server that a machine reaches under a URL's origin. */
  dial(from: Kernel, origin: string): RestPort | undefined {
    const m = /^https:\/\/([^/:]+):(\d+)$/.exec(origin)
    const address = m && (parseAddress(m[1]!) ?? addressInHosts(from, m[1]!))
    const target = address === undefined || address === null ? undefined : this.#at(from, address)
    if (!target) return undefined
    for (const cluster of this.#clusters.values()) {
      const { apiServer } = cluster.topology
      if (
        apiServer &&
        `${apiServer.port}` === m![2] &&
        cluster.nodes.get(target.spec.name)?.kernel === target.machine.kernel
      )
        return cluster.dial(`https://${apiServer.address}:${apiServer.port}`)
    }
    return undefined
  }

  /** The machine that has an address, as another sees it: its own addresses come first. */
  #at(from: Kernel, address: number): Member | undefined {
    const members = [...this.#members.values()]
    if (from.namespaces.net.isLocal(address)) return members.find(({ machine }) => machine.kernel === from)
    return members.find(({ machine: { kernel }, spec }) => {
      const { net } = kernel.namespaces
      const hidden = spec.cards.some((card) => card.isHidden && card.address.startsWith(`${formatAddress(address)}/`))
      return net.powered && !hidden && net.isLocal(address)
    })
  }

  #startKubelet(member: Member): Process {
    const { machine, spec } = member
    const { files, swaps, units } = machine.kernel
    if (!files.exists(KUBELET_CONFIG)) {
      const missing = `open ${KUBELET_CONFIG}: no such file or directory`
      throw new Error(
        `"command failed" err="failed to load kubelet config file, path: ${KUBELET_CONFIG}, error: failed to load Kubelet config file ${KUBELET_CONFIG}, error failed to read kubelet config file \\"${KUBELET_CONFIG}\\", error: ${missing}"`,
      )
    }
    if (swaps.length > 0 && !/^failSwapOn: false$/m.test(files.readText(KUBELET_CONFIG)))
      throw new Error(
        '"command failed" err="failed to run Kubelet: running with swap on is not supported, please disable swap or set --fail-swap-on flag to false"',
      )
    if (!units.get('containerd')?.running)
      throw new Error(
        '"command failed" err="failed to run Kubelet: validate service connection: validate CRI v1 runtime API for endpoint \\"unix:///run/containerd/containerd.sock\\": rpc error: code = Unavailable desc = connection error: desc = \\"transport: Error while dialing: dial unix /run/containerd/containerd.sock: connect: connection refused\\""',
      )
    const cluster = this.#clusterOf(member)
    member.cluster = cluster
    const node = cluster.join(
      { name: spec.name, ip: nodeAddress(machine.kernel), controlPlane: isControlPlane(machine.kernel) },
      machine,
    )
    this.#answerFor(cluster, node.ip, spec.name)
    return node.host!
  }

  /** What a kubelet's papers say it belongs to. */
  #clusterOf(member: Member): Cluster {
    const { kernel } = member.machine
    const { files } = kernel
    if (isControlPlane(kernel)) return this.#ownCluster(kernel)
    const papers = ['/etc/kubernetes/kubelet.conf', '/etc/kubernetes/bootstrap-kubelet.conf'].find((f) =>
      files.exists(f),
    )
    if (!papers)
      throw new Error(
        '"command failed" err="failed to run Kubelet: unable to load bootstrap kubeconfig: stat /etc/kubernetes/bootstrap-kubelet.conf: no such file or directory"',
      )
    const origin = /server: (\S+)/.exec(files.readText(papers))?.[1] ?? ''
    const server = this.dial(kernel, origin)
    const found = [...this.#clusters.values()].find((cluster) => cluster.server === server)
    if (!found)
      throw new Error(
        `"Unable to register node with API server" err="Post \\"${origin}/api/v1/nodes\\": dial tcp ${origin.slice('https://'.length)}: connect: connection refused" node="${kernel.hostname}"`,
      )
    return found
  }

  /** The cluster whose control plane is on this machine; a new one when etcd has no data yet. */
  #ownCluster(kernel: Kernel): Cluster {
    const { files } = kernel
    const id = files.exists(`${ETCD_DATA}/id`) ? files.readText(`${ETCD_DATA}/id`) : undefined
    const known = id === undefined ? undefined : this.#clusters.get(id)
    if (known) return known
    const { world, fabric, programs, registries, onError, onCluster } = this.#options
    const flag = (name: string) => flagOf(kernel, name)
    const cluster = bootCluster({
      world,
      fabric,
      programs,
      registries,
      topology: {
        nodes: [],
        gateway: '',
        podCIDR: flag('cluster-cidr') ?? '',
        systemPods: true,
        apiServer: { address: flag('advertise-address') ?? '', port: Number(flag('secure-port') ?? 6443) },
      },
      ...(onError ? { onError } : {}),
    })
    const fresh = `${++this.#lastCluster}`
    files.mkdir(ETCD_DATA, { parents: true, mode: 0o700 })
    files.write(`${ETCD_DATA}/id`, fresh)
    this.#clusters.set(fresh, cluster)
    this.#cluster = cluster
    onCluster?.(cluster)
    return cluster
  }

  /** The API server asks a kubelet at its node's address: where that is one of its own machine's, its own kubelet hears it. */
  #answerFor(cluster: Cluster, ip: string, name: string): void {
    const address = parseAddress(ip)
    const control = [...cluster.nodes.values()].find(({ kernel }) => kernel && isControlPlane(kernel))
    if (!control?.kernel || control.name === name || address === undefined) return
    if (!control.kernel.namespaces.net.isLocal(address)) return
    const { port } = control.kubelet
    cluster.server.registerKubelet(name, {
      exec: (request) => port.exec(request),
      attach: (request) => port.attach(request),
      portForward: (request) => port.portForward(request),
      stats: () => port.stats(),
      logs: ({ pod }) => {
        const text = `the server could not find the requested resource ( pods/log ${pod})`
        throw statusFailure(404, 'NotFound', text)
      },
    })
  }
}

const isControlPlane = (kernel: Kernel) => kernel.files.exists(`${MANIFESTS}/kube-apiserver.yaml`)

/** A flag in the control plane's manifests. */
function flagOf(kernel: Kernel, name: string): string | undefined {
  for (const file of ['kube-apiserver', 'kube-controller-manager']) {
    const path = `${MANIFESTS}/${file}.yaml`
    const value = kernel.files.exists(path) && new RegExp(`--${name}=(\\S+)`).exec(kernel.files.readText(path))?.[1]
    if (value) return value
  }
  return undefined
}

/** `--node-ip` of the kubelet's arguments; the address of the card with the default route otherwise. */
function nodeAddress(kernel: Kernel): string {
  const sources = [
    '/etc/default/kubelet',
    '/etc/systemd/system/kubelet.service.d/10-kubeadm.conf',
    '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf',
    '/var/lib/kubelet/kubeadm-flags.env',
  ]
  for (const path of sources) {
    const given = kernel.files.exists(path) && /--node-ip=([\d.]+)/.exec(kernel.files.readText(path))?.[1]
    if (given) return given
  }
  return defaultAddress(kernel)
}

/** The address that what goes far away comes from. */
function defaultAddress(kernel: Kernel): string {
  const { net } = kernel.namespaces
  const device = net.routes.lookup(ANYWHERE)?.device
  const address = device === undefined ? undefined : net.interface(device)?.addresses[0]?.address
  return address === undefined ? '127.0.0.1' : formatAddress(address)
}

function addressInHosts(kernel: Kernel, name: string): number | undefined {
  if (name === 'localhost') return parseAddress('127.0.0.1')
  for (const line of kernel.files.readText('/etc/hosts').split('\n')) {
    const [address = '', ...names] = line.trim().split(/\s+/)
    if (names.includes(name)) return parseAddress(address)
  }
  return undefined
}
