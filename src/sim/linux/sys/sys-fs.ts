import { directory, file, link, TreeBuilder, type TreeNode } from '../fs/generated-tree.ts'
import type { FileSystem, Inode } from '../fs/inode.ts'
import type { Kernel } from '../kernel.ts'
import type { NetworkInterface } from '../net/interface.ts'
import type { NetworkNamespace } from '../net/network-namespace.ts'

/** /sys: the interfaces of a network namespace, processors, and the places other filesystems are mounted at. */
export class SysFs implements FileSystem {
  readonly type = 'sysfs'
  readonly source = 'sysfs'
  readonly options = ''
  readonly device: number
  readonly #kernel: Kernel
  readonly #net: NetworkNamespace
  #root: Inode | undefined

  constructor(kernel: Kernel, net: NetworkNamespace, device: number) {
    this.#kernel = kernel
    this.#net = net
    this.device = device
  }

  get root(): Inode {
    this.#root ??= new TreeBuilder(this, () => this.#kernel.wallClock(), 1).build(this.#tree())
    return this.#root
  }

  usage() {
    return { total: 0, used: 0, available: 0 }
  }

  #tree(): TreeNode {
    const kernel = this.#kernel
    const cpus = kernel.cores === 1 ? '0' : `0-${kernel.cores - 1}`
    const cpuEntries: Record<string, TreeNode> = {
      online: file(() => `${cpus}\n`),
      possible: file(() => `${cpus}\n`),
      present: file(() => `${cpus}\n`),
    }
    for (let cpu = 0; cpu < kernel.cores; cpu++) cpuEntries[`cpu${cpu}`] = directory({})
    return directory({
      block: directory({ vda: directory({ size: file(() => `${Math.floor(kernel.disk.usage().total / 512)}\n`) }) }),
      bus: directory({}),
      class: directory({
        dmi: directory({
          id: directory({
            product_name: file(() => 'Kubebook\n'),
            product_uuid: file(() => `${kernel.bootId}\n`, undefined, 0o400),
            sys_vendor: file(() => 'Kubebook\n'),
          }),
        }),
        net: {
          kind: 'varying',
          names: () => this.#net.interfaces.map(({ name }) => name),
          node: (name) => {
            const card = this.#net.interface(name)
            return card && interfaceTree(card)
          },
        },
      }),
      dev: directory({}),
      devices: directory({ system: directory({ cpu: directory(cpuEntries) }) }),
      firmware: directory({}),
      fs: directory({ cgroup: directory({}), ext4: directory({}) }),
      kernel: directory({ mm: directory({}) }),
      module: directory({}),
      power: directory({}),
    })
  }
}

function interfaceTree(card: NetworkInterface): TreeNode {
  const state = card.type === 'loopback' ? 'unknown' : card.carrier ? 'up' : 'down'
  const counters = {
    rx_bytes: card.received.bytes,
    rx_dropped: 0,
    rx_errors: 0,
    rx_packets: card.received.packets,
    tx_bytes: card.sent.bytes,
    tx_dropped: 0,
    tx_errors: 0,
    tx_packets: card.sent.packets,
  }
  const statistics: Record<string, TreeNode> = {}
  for (const [name, value] of Object.entries(counters)) statistics[name] = file(() => `${value}\n`)
  const ports: Record<string, TreeNode> = {}
  for (const port of card.ports) ports[port.name] = link(() => `../../${port.name}/brport`)
  return directory({
    address: file(() => `${card.mac}\n`),
    ...(card.type === 'bridge' ? { brif: directory(ports), bridge: directory({}) } : {}),
    carrier: file(() => `${card.carrier ? 1 : 0}\n`),
    ifindex: file(() => `${card.index}\n`),
    iflink: file(() => `${card.peer?.index ?? card.index}\n`),
    ...(card.master ? { master: link(() => `../${card.master!.name}`) } : {}),
    mtu: file(() => `${card.mtu}\n`),
    operstate: file(() => `${state}\n`),
    statistics: directory(statistics),
    type: file(() => `${card.type === 'loopback' ? 772 : 1}\n`),
  })
}
