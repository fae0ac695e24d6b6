import type { ContainerHandle } from '../../containers/engine.ts'
import type { Kernel } from '../../linux/kernel.ts'
import { parseAddress, parseCidr } from '../../linux/net/ipv4.ts'
import type { NetworkNamespace } from '../../linux/net/network-namespace.ts'
import type { Route, RouteSource } from '../../linux/net/route-table.ts'
import type { Segment } from '../../linux/net/segment.ts'
import type { PodNetwork } from '../kubelet/node.ts'
import { type Pod, podKey } from '../kubelet/pod.ts'

/** The overlay of a cluster: which node has which range of Pod addresses. */
export class PodOverlay {
  readonly clusterCIDR: string
  readonly segment: Segment
  readonly #nodes = new Map<string, { cidr: string; ip: string }>()

  constructor(clusterCIDR: string, segment: Segment) {
    this.clusterCIDR = clusterCIDR
    this.segment = segment
  }

  set(node: string, cidr: string, ip: string): void {
    this.#nodes.set(node, { cidr, ip })
  }

  delete(node: string): void {
    this.#nodes.delete(node)
  }

  /** Routes to the other nodes' Pods, as flanneld makes them: through the tunnel, to the far end's tunnel address. */
  through(device: string, self: string): RouteSource {
    return this.#source(self, (cidr) => ({
      destination: parseCidr(cidr)!,
      gateway: parseCidr(cidr)!.base,
      device,
      onlink: true,
    }))
  }

  /** Routes for a machine of the same network that is no node: by way of the nodes themselves. */
  by(device: string): RouteSource {
    return this.#source('', (cidr, ip) => ({ destination: parseCidr(cidr)!, gateway: parseAddress(ip)!, device }))
  }

  #source(self: string, make: (cidr: string, ip: string) => Route): RouteSource {
    const route = (address: number): Route | undefined => {
      const own = this.#nodes.get(self)?.ip
      for (const [name, { cidr, ip }] of this.#nodes) {
        // Two ends of a tunnel with one address (every VirtualBox machine's 10.0.2.15): nothing arrives.
        if (name === self || ip === own) continue
        const { base, prefix } = parseCidr(cidr)!
        if ((address & -(2 ** (32 - prefix))) >>> 0 === base) return make(cidr, ip)
      }
      return undefined
    }
    return {
      lookup: route,
      routes: () => [...this.#nodes].filter(([name]) => name !== self).map(([, { cidr, ip }]) => make(cidr, ip)),
    }
  }
}

const CONFIG = '/etc/cni/net.d/10-flannel.conflist'

/** flannel's part of /etc/cni/net.d. */
export const FLANNEL_CONFIG = `{
  "name": "cbr0",
  "cniVersion": "0.3.1",
  "plugins": [
    {
      "type": "flannel",
      "delegate": {
        "hairpinMode": true,
        "isDefaultGateway": true
      }
    },
    {
      "type": "portmap",
      "capabilities": {
        "portMappings": true
      }
    }
  ]
}
`

export interface NodeNetworkOptions {
  kernel: Kernel
  overlay: PodOverlay
  nodeName: string
  ip: string
  /** Undefined until the control plane has given the node its range. */
  podCIDR(): string | undefined
}

/** A node's part of the Pod network: the bridge, the tunnel, and an address for each sandbox. */
export class NodeNetwork implements PodNetwork {
  readonly #o: NodeNetworkOptions
  readonly #taken = new Map<string, { address: string; veth: string; ports: string[] }>()
  /** By Pod: addresses it was given before the world began. */
  readonly #kept = new Map<string, string>()
  #last = 1
  #address = ''
  #installed = false
  #detach: (() => void) | undefined

  constructor(options: NodeNetworkOptions) {
    this.#o = options
  }

  /** What applying flannel does on a node: its configuration, the tunnel, routes and masquerading. */
  install(address?: string): void {
    this.#installed = true
    this.#address = address ?? this.#o.ip
    const { kernel } = this.#o
    kernel.files.mkdir('/etc/cni/net.d', { parents: true })
    kernel.files.write(CONFIG, FLANNEL_CONFIG)
    this.#connect()
  }

  /** The Pod has this address already, though its sandbox is still to come. */
  keep(pod: string, address: string): void {
    this.#kept.set(pod, address)
    this.#last = Math.max(this.#last, Number(address.split('.')[3]))
  }

  notReady(): string | undefined {
    const { kernel, podCIDR } = this.#o
    if (!podCIDR() || !kernel.files.exists('/etc/cni/net.d')) return 'cni plugin not initialized'
    return kernel.files.list('/etc/cni/net.d').some((e) => /\.(conf|conflist)$/.test(e.name))
      ? undefined
      : 'cni plugin not initialized'
  }

  /** The plugin `bridge` needs no daemon: its configuration is all. */
  #hasBridge(): boolean {
    const { files } = this.#o.kernel
    const found = files
      .list('/etc/cni/net.d')
      .some(
        ({ name }) => name.endsWith('.conflist') && /"type": "bridge"/.test(files.readText(`/etc/cni/net.d/${name}`)),
      )
    if (found) this.#address ||= this.#o.ip
    return found
  }

  attach(sandbox: ContainerHandle, pod: Pod): string {
    if (!this.#installed && !this.#hasBridge()) {
      throw new Error(
        'plugin type="flannel" failed (add): loadFlannelSubnetEnv failed: open /run/flannel/subnet.env: no such file or directory',
      )
    }
    this.#connect()
    const { kernel } = this.#o
    const random = kernel.world.random
    const base = this.#o.podCIDR()!.split('.').slice(0, 3).join('.')
    const address = this.#kept.get(podKey(pod)) ?? this.#free(base)
    this.#kept.delete(podKey(pod))
    const veth = `veth${random.hex(8)}`
    const entry = { address, veth, ports: [] as string[] }
    this.#taken.set(sandbox.id, entry)
    const container = sandbox as ContainerHandle & {
      ipAddress?: string
      onNetwork?: (namespaces: { net: NetworkNamespace }) => void
    }
    container.onNetwork = ({ net }) => {
      const host = kernel.namespaces.net
      host.addVeth(veth, net, 'eth0')
      host.setMaster(veth, 'cni0')
      host.setUp(veth, true)
      net.setUp('lo', true)
      net.setUp('eth0', true)
      net.addAddress('eth0', `${address}/24`)
      net.addDefaultRoute(`${base}.1`, 'eth0')
      container.ipAddress = address
      this.#mapPorts(entry, pod)
    }
    return address
  }

  detach(sandbox: ContainerHandle): void {
    const entry = this.#taken.get(sandbox.id)
    if (!entry) return
    this.#taken.delete(sandbox.id)
    const { net } = this.#o.kernel.namespaces
    net.removeInterface(entry.veth)
    for (const rule of entry.ports) {
      for (const chain of ['PREROUTING', 'OUTPUT'] as const) {
        if (net.netfilter.exists('nat', chain, rule)) net.netfilter.delete('nat', chain, rule)
      }
    }
  }

  /** Addresses go round, as host-local's do: a freed one comes back only after all others. */
  #free(base: string): string {
    const used = new Set([...this.#kept.values(), ...[...this.#taken.values()].map((entry) => entry.address)])
    for (let i = 0; i < 253; i++) {
      this.#last = this.#last >= 254 ? 2 : this.#last + 1
      const address = `${base}.${this.#last}`
      if (!used.has(address)) return address
    }
    throw new Error(
      `plugin type="flannel" failed (add): failed to allocate for range 0: no IP addresses available in range set: ${base}.1-${base}.254`,
    )
  }

  /** hostPort: what arrives at the node's port goes to the Pod's. */
  #mapPorts(entry: { address: string; ports: string[] }, pod: Pod): void {
    const { netfilter } = this.#o.kernel.namespaces.net
    for (const container of [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]) {
      for (const { hostPort, hostIP, containerPort, protocol = 'TCP' } of container.ports ?? []) {
        if (!hostPort) continue
        const name = protocol.toLowerCase()
        const to = hostIP && hostIP !== '0.0.0.0' ? `-d ${hostIP}/32` : ''
        const rule =
          `${to} -p ${name} -m comment --comment "dnat name: cbr0 ${podKey(pod)}" -m addrtype --dst-type LOCAL -m ${name} --dport ${hostPort} -j DNAT --to-destination ${entry.address}:${containerPort}`.trim()
        netfilter.append('nat', 'PREROUTING', rule)
        netfilter.append('nat', 'OUTPUT', rule)
        entry.ports.push(rule)
      }
    }
  }

  #connect(): void {
    const cidr = this.#o.podCIDR()
    const { kernel, overlay, nodeName } = this.#o
    if (cidr) overlay.set(nodeName, cidr, this.#address)
    if (this.#detach || !cidr) return
    const { net } = kernel.namespaces
    const base = cidr.split('.').slice(0, 3).join('.')
    net.ipForward = true
    if (!net.interface('flannel.1')) {
      overlay.segment.plug(net.addInterface('flannel.1', 'vxlan', { mtu: 1450 }))
      net.setUp('flannel.1', true)
      net.addAddress('flannel.1', `${base}.0/32`)
    }
    if (!net.interface('cni0')) {
      net.addInterface('cni0', 'bridge', { mtu: 1450 })
      net.setUp('cni0', true)
      net.addAddress('cni0', `${base}.1/24`)
    }
    this.#detach = net.routes.attach(overlay.through('flannel.1', nodeName))
    this.#masquerade(cidr)
    kernel.files.mkdir('/run/flannel', { parents: true })
    kernel.files.write(
      '/run/flannel/subnet.env',
      `FLANNEL_NETWORK=${overlay.clusterCIDR}\nFLANNEL_SUBNET=${base}.1/24\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n`,
    )
  }

  #masquerade(cidr: string): void {
    const { netfilter } = this.#o.kernel.namespaces.net
    const cluster = this.#o.overlay.clusterCIDR
    const why = '-m comment --comment "flanneld masq"'
    netfilter.newChain('nat', 'FLANNEL-POSTRTG')
    for (const rule of [
      `-m mark --mark 0x4000/0x4000 ${why} -j RETURN`,
      `-s ${cidr} -d ${cluster} ${why} -j RETURN`,
      `-s ${cluster} -d ${cidr} ${why} -j RETURN`,
      `! -s ${cluster} -d ${cidr} ${why} -j RETURN`,
      `-s ${cluster} ! -d 224.0.0.0/4 ${why} -j MASQUERADE --random-fully`,
      `! -s ${cluster} -d ${cluster} ${why} -j MASQUERADE --random-fully`,
    ]) {
      netfilter.append('nat', 'FLANNEL-POSTRTG', rule)
    }
    netfilter.append('nat', 'POSTROUTING', `${why} -j FLANNEL-POSTRTG`)
    netfilter.newChain('filter', 'FLANNEL-FWD')
    netfilter.append('filter', 'FLANNEL-FWD', `-s ${cluster} -m comment --comment "flanneld forward" -j ACCEPT`)
    netfilter.append('filter', 'FLANNEL-FWD', `-d ${cluster} -m comment --comment "flanneld forward" -j ACCEPT`)
    netfilter.append('filter', 'FORWARD', '-m comment --comment "flanneld forward" -j FLANNEL-FWD')
  }
}
