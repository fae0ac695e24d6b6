import { CRI_SOCKET, createCri } from '../../containers/api/create-cri.ts'
import type { Registry } from '../../containers/images/registry.ts'
import { createEngine, type Engine } from '../../containers/runtime/create-engine.ts'
import { baseFiles } from '../../linux/base-files.ts'
import { type LayerEntry, makeLayer } from '../../linux/fs/layer.ts'
import { createKernel, type Kernel } from '../../linux/kernel.ts'
import type { WorldContext } from '../../linux/machine.ts'
import type { Fabric } from '../../linux/net/fabric.ts'
import type { Process, Program } from '../../linux/process.ts'
import { installNfs } from '../../programs/nfs/install.ts'
import { sshd } from '../../programs/ssh/server.ts'
import type { RestPort } from '../../rest/port.ts'
import { defer } from '../../time/waiting.ts'
import { PAUSE_IMAGE } from '../kubelet/sync/container-spec.ts'
import { DaemonUnit } from './daemon-unit.ts'

/** What machines of a world have in common. */
export interface MachineParts {
  world: WorldContext
  fabric: Fabric
  programs: ReadonlyMap<string, Program>
  registries: ReadonlyMap<string, Registry>
  /** An ordinary account on every machine, of group sudo. */
  account?: { name: string; uid: number }
  /** What a disk holds besides the base system (its executables): paths without a leading slash. */
  files?: readonly (readonly [string, LayerEntry | string])[]
}

/** A network card of a machine. */
export interface Card {
  device: string
  /** Of the fabric. */
  segment: string
  /** `192.168.10.210/24` */
  address: string
  /** Through this card lies the default route. */
  gateway?: string
  /** Behind a translation of addresses: nobody else reaches it. */
  isHidden?: boolean
}

export interface MachineSpec {
  name: string
  cards: readonly Card[]
  nameservers: readonly string[]
  /** Lines of /etc/hosts. */
  hosts: readonly string[]
  /** Images on its disk from the start. */
  images: readonly string[]
  /** As its installer left it: swap is on, no module is loaded for containers, nothing is forwarded. */
  fresh?: boolean
  /** Instead of the account that all machines have. */
  account?: { name: string; uid: number }
}

/** A computer with a container runtime: what a node is made of. */
export interface NodeMachine {
  readonly name: string
  readonly kernel: Kernel
  readonly containers: Engine
  /** What it can execute; a cluster it joins adds its own programs. */
  readonly programs: Map<string, Program>
  /** Starts a process of the machine that does nothing but be there. */
  daemon(argv: string[]): Process
  /** Starts its services again, after the power was off. */
  startServices(): void
}

const SWAP = { path: '/swap.img', kind: 'file', size: 2 * 1024 ** 3 } as const

/** Switches a machine on: kernel, network, container runtime, sshd. */
export function bootMachine(
  parts: MachineParts,
  spec: MachineSpec,
  dial: (kernel: Kernel, origin: string) => RestPort | undefined,
): NodeMachine {
  const { world, fabric } = parts
  const programs = new Map(parts.programs)
  const account = spec.account ?? parts.account
  const kernel: Kernel = createKernel(
    {
      hostname: spec.name,
      cores: 2,
      memory: 24_684_096 * 1024,
      programs,
      layer: makeLayer([
        ...baseFiles({
          hostname: spec.name,
          hosts: spec.hosts,
          nameservers: spec.nameservers,
          ...(account ? { user: account } : {}),
        }),
        ...((parts.files ?? []) as [string, string][]),
      ]),
      firstPid: 400,
      dial: (origin) => {
        if (origin !== CRI_SOCKET) return dial(kernel, origin)
        return containerd.running ? cri : undefined
      },
    },
    world,
  )
  installNfs(kernel)
  const { net } = kernel.namespaces
  for (const { device, segment, address, gateway } of spec.cards)
    fabric.attach(net, device, fabric.segment(segment), { address, ...(gateway ? { gateway } : {}) })
  net.setUp('lo', true)
  net.ipForward = !spec.fresh
  if (spec.fresh) {
    for (const module of ['overlay', 'br_netfilter']) kernel.modules.delete(module)
    kernel.swaps.push({ ...SWAP })
  }
  const containers = createEngine({
    kernel,
    registries: parts.registries,
    random: world.random.fork(`machine/${spec.name}`).fork('engine'),
    namespace: 'k8s.io',
    layout: { folder: (id) => `/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/${id}` },
    stateFolder: '/var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes',
  })
  const cri = createCri(containers)
  containers.preload([...new Set([PAUSE_IMAGE, ...spec.images])])
  const daemon = (argv: string[]) =>
    kernel.spawn({ argv, program: (process) => defer<number>(process.machine.world.waiting).promise, newSession: true })
  const containerd = new DaemonUnit(kernel, 'containerd container runtime', () => daemon(['/usr/bin/containerd']))
  kernel.units.set('containerd', containerd)
  const startServices = () => {
    containerd.start()
    kernel.spawn({ argv: ['/usr/sbin/sshd', '-D'], program: sshd, newSession: true })
  }
  startServices()
  return { name: spec.name, kernel, containers, programs, daemon, startServices }
}
