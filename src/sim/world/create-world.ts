import { createDocker } from '../containers/api/create-docker.ts'
import { publicRegistries } from '../containers/catalogue/catalogue.ts'
import { parseReference, withDefaultTag } from '../containers/images/reference.ts'
import type { Registry } from '../containers/images/registry.ts'
import { createEngine } from '../containers/runtime/create-engine.ts'
import type { ApiClient } from '../kubernetes/api/client.ts'
import type { KubeObject } from '../kubernetes/api/object.ts'
import { bootCluster, type Cluster } from '../kubernetes/cluster/cluster.ts'
import { kicbase } from '../kubernetes/cluster/kicbase.ts'
import { Site } from '../kubernetes/cluster/site.ts'
import { CLUSTER_TOPOLOGIES, type ClusterTopology } from '../kubernetes/cluster/topology.ts'
import type { WatchFaults } from '../kubernetes/cluster/watch-faults.ts'
import type { PodVerdict } from '../kubernetes/scheduler/verdicts.ts'
import type { Kernel } from '../linux/kernel.ts'
import type { WorldContext } from '../linux/machine.ts'
import { Fabric } from '../linux/net/fabric.ts'
import { formatAddress } from '../linux/net/ipv4.ts'
import { remoteRegistries } from '../programs/registry/open.ts'
import type { RestPort } from '../rest/port.ts'
import { type RunLimits, type RunResult, run } from '../time/driver.ts'
import { EventQueue } from '../time/event-queue.ts'
import { Random } from '../time/random.ts'
import type { HistoryEntry, ScriptResult, World, WorldOptions } from './api.ts'
import { DOCKER_GROUP, LEARNER, makeComputer, putFile, ROOT } from './computer.ts'
import { HistoryRecorder } from './history.ts'
import type { Input, Journal, Topology } from './journal.ts'
import { adminKubeconfig } from './kubeconfig.ts'
import { machinesOf } from './machines.ts'
import { serveOutsideNames } from './name-server.ts'
import { type Account, ScriptRun } from './script.ts'
import { makeSoftware } from './software.ts'
import { Terminal } from './terminal.ts'

/** Virtual time zero of every world: 2026-11-21T08:00:00Z. */
const EPOCH = 1_795_248_000_000
/** A world begins when its cluster has settled: this many virtual ms after it was made, or after minikube made it. */
const SETTLED = 30_000
/** A cluster with Pods of its own was made so long before: until they run, the world's calendar shows that day. */
const CLUSTER_AGE = 12 * 86_400_000
const CLUSTER_RUNS = 5000
const SCRIPT_DEADLINE = 15 * 60_000
const DOCKER_SOCKET = 'unix:///var/run/docker.sock'
const IMAGES_MADE = EPOCH - 20 * 86_400_000

/** More than learners need: for recordings and benchmarks. */
export interface SpecialOptions extends WorldOptions {
  /** Another cluster than the topology's own. */
  cluster?: ClusterTopology
  /** The account at the terminal; learner unless told. */
  account?: 'learner' | 'root'
  hostname?: string
  /** Images every machine has from the start; those that no registry holds are left out. */
  images?: readonly string[]
  /** How badly the cluster's components hear of changes. */
  watchFaults?: WatchFaults
  /** Told of every reconciliation that failed. */
  onError?: (component: string, key: string, error: unknown) => void
}

/** Makes a world and lets it settle. Equal options give equal worlds. */
export async function createWorld(options: SpecialOptions): Promise<SimulatedWorld> {
  const world = new SimulatedWorld(options)
  if (options.topology === 'minikube') await world.startMinikube()
  await world.run({ until: world.now + SETTLED })
  return world
}

/** Makes the world of a journal, up to the journal's `now`. */
export async function replayJournal(
  journal: Journal,
  options: Omit<SpecialOptions, 'seed' | 'topology'>,
): Promise<SimulatedWorld> {
  const world = await createWorld({ ...options, seed: journal.seed, topology: journal.topology })
  for (const { t, input } of journal.entries) {
    await world.run({ until: t })
    world.input(input)
  }
  await world.run({ until: journal.now })
  return world
}

const clusterOf = (topology: Topology): ClusterTopology | undefined =>
  topology in CLUSTER_TOPOLOGIES ? CLUSTER_TOPOLOGIES[topology as keyof typeof CLUSTER_TOPOLOGIES] : undefined

export class SimulatedWorld implements World {
  readonly topology: Topology
  readonly seed: number
  readonly context: WorldContext
  readonly queue = new EventQueue()
  readonly fabric: Fabric
  /** The computer the learner sits at. */
  readonly computer: Kernel
  /** Machines that become a cluster only when somebody makes them one. */
  readonly site: Site
  readonly account: Account
  readonly docker: RestPort | undefined
  readonly #options: SpecialOptions
  readonly #terminal: Terminal
  readonly #booted: Cluster | undefined
  #recorder: HistoryRecorder | undefined
  readonly #entries: Journal['entries'] = []

  constructor(options: SpecialOptions) {
    this.#options = options
    this.topology = options.topology
    this.seed = options.seed
    const random = new Random(options.seed, 'world')
    const topology = options.cluster ?? clusterOf(options.topology)
    const { queue } = this
    this.context = {
      clock: queue,
      waiting: { awakened: false },
      random,
      get epoch() {
        return topology?.systemPods && queue.now < CLUSTER_RUNS ? EPOCH - CLUSTER_AGE : EPOCH
      },
    }
    this.fabric = new Fabric(this.context)
    const software = makeSoftware(options.commands, IMAGES_MADE, [['kicbase', kicbase(() => this.site)]])
    const registries = publicRegistries(software.ingredients)
    const gateway = topology?.gateway ?? '192.168.10.1'
    const router = this.fabric.host('router', this.fabric.segment('lan'), `${gateway}/24`)
    const outside = [...registries.keys()].map((host) => (host === 'docker.io' ? 'registry-1.docker.io' : host))
    const addresses = new Map(outside.map((host) => [host, gateway]))
    serveOutsideNames(router.sockets, addresses, this.queue).catch(() => {})
    const nodes = topology?.nodes.filter((node) => !node.thin) ?? []
    // A cluster whose nodes are left out is still served where its control plane would be.
    const controlPlane = [...nodes, ...(clusterOf(options.topology)?.nodes ?? [])].find((node) => node.controlPlane)
    const server = `https://${controlPlane?.ip ?? gateway}:6443`
    const account = { name: LEARNER.name, uid: LEARNER.credentials.uid }
    const record = (cluster: Cluster) => {
      if (options.history) this.#recorder = new HistoryRecorder(cluster.client, this.queue)
    }
    this.site = new Site({
      world: this.context,
      fabric: this.fabric,
      programs: software.programs,
      registries,
      account,
      files: software.machineFiles,
      onCluster: record,
    })
    const machines = machinesOf(options.topology, this.fabric).map((spec) => this.site.boot(spec))
    if (topology) {
      this.#booted = bootCluster({
        world: this.context,
        fabric: this.fabric,
        programs: software.programs,
        registries,
        topology: withImages(topology, options.images, registries),
        nodeFiles: software.machineFiles,
        account,
        ...(options.watchFaults ? { watchFaults: options.watchFaults } : {}),
        ...(options.onError ? { onError: options.onError } : {}),
      })
    }
    this.computer = makeComputer({
      world: this.context,
      fabric: this.fabric,
      software,
      hostname: options.hostname ?? 'laptop',
      address: `${gateway.replace(/\d+$/, '100')}/24`,
      gateway,
      hosts: [
        ...nodes.map((node) => `${node.ip}\t${node.name}`),
        ...machines.flatMap(({ kernel }) => hostsLine(kernel)),
      ],
      dial: (origin) => {
        if (origin === DOCKER_SOCKET) return docker?.port
        if (origin !== server || !this.#booted) return this.site.dial(this.computer, origin)
        // Where the control plane is a node of its own, it answers while its Pod runs.
        return topology?.systemPods ? this.#booted.dial(origin) : this.#booted.server
      },
    })
    const docker = options.topology === 'none' ? undefined : this.#installDocker(registries, options)
    this.docker = docker?.port
    this.account = options.account === 'root' ? ROOT : LEARNER
    if (this.cluster) this.#giveKubeconfig(server)
    if (this.#booted) record(this.#booted)
    this.#terminal = new Terminal(this.computer, this.account, options.size ?? { columns: 80, rows: 24 })
  }

  #installDocker(registries: ReadonlyMap<string, Registry>, options: SpecialOptions): ReturnType<typeof createDocker> {
    const random = this.context.random.fork('docker')
    const engine = createEngine({
      kernel: this.computer,
      registries,
      random,
      openRegistry: remoteRegistries(this.computer, registries),
    })
    if (options.topology === 'docker' && options.images) engine.preload(knownImages(options.images, registries))
    const docker = createDocker(engine)
    this.computer.files.chown('/var/run/docker.sock', 0, DOCKER_GROUP)
    return docker
  }

  #giveKubeconfig(server: string): void {
    const names = { cluster: 'kubernetes', user: 'kubernetes-admin', context: 'kubernetes-admin@kubernetes' }
    const text = adminKubeconfig(server, names)
    for (const account of [LEARNER, ROOT]) putFile(this.computer, account, '.kube/config', text)
    for (const node of this.cluster!.nodes.values()) {
      for (const account of node.kernel ? [LEARNER, ROOT] : []) putFile(node.kernel!, account, '.kube/config', text)
    }
  }

  /** What happened before a world of topology minikube began: its learner has started minikube. */
  async startMinikube(): Promise<void> {
    const force = this.account === ROOT ? ' --force' : ''
    const { status, stderr } = await this.probe(`minikube start${force}`)
    if (status !== 0) throw new Error(`minikube start: ${stderr}`)
  }

  get cluster(): Cluster | undefined {
    return this.#booted ?? this.site.cluster
  }

  get now(): number {
    return this.queue.now
  }

  wallClock(): number {
    return this.context.epoch + this.now
  }

  get journal(): Journal {
    return { format: 1, seed: this.seed, topology: this.topology, entries: [...this.#entries], now: this.now }
  }

  get api(): RestPort | undefined {
    return this.cluster?.server
  }

  get client(): ApiClient | undefined {
    return this.cluster?.client
  }

  scheduling(): readonly PodVerdict[] {
    return this.cluster?.scheduling() ?? []
  }

  get history(): readonly HistoryEntry[] {
    return this.#recorder?.entries ?? []
  }

  onOutput(listener: (text: string) => void): () => void {
    return this.#terminal.onOutput(listener)
  }

  input(input: Input): void {
    this.#entries.push({ t: this.now, input })
    this.#apply(input)
  }

  #apply(input: Input): void {
    if (input.type === 'type') this.#terminal.type(input.text)
    else if (input.type === 'resize') this.#terminal.resize(input.size)
    else if (input.type === 'write') putFile(this.computer, this.account, input.path, input.content)
    else if (input.type === 'script') this.#start(input.text, input)
    else if (input.type === 'node-down') this.cluster?.nodeDown(input.node)
    else this.cluster?.nodeUp(input.node)
  }

  #start(
    text: string,
    { deadline = SCRIPT_DEADLINE, cwd = this.account.home }: { deadline?: number; cwd?: string },
  ): ScriptRun {
    const script = new ScriptRun(this.computer, this.account, text, cwd)
    const timer = this.queue.after(deadline, () => script.kill())
    void script.process.ended.then(() => timer.cancel())
    return script
  }

  run(limits: RunLimits): Promise<RunResult> {
    return run(this.queue, this.context.waiting, this.#options.drain, limits)
  }

  async script(
    text: string,
    options: { deadline?: number; cwd?: string; cancelled?: () => boolean } = {},
  ): Promise<ScriptResult> {
    const { deadline, cwd, cancelled } = options
    const input: Input = {
      type: 'script',
      text,
      ...(deadline === undefined ? {} : { deadline }),
      ...(cwd === undefined ? {} : { cwd }),
    }
    this.#entries.push({ t: this.now, input })
    return this.#finish(this.#start(text, input), cancelled)
  }

  probe(text: string, options: { deadline?: number } = {}): Promise<ScriptResult> {
    return this.#finish(this.#start(text, options), undefined)
  }

  async #finish(script: ScriptRun, cancelled: (() => boolean) | undefined): Promise<ScriptResult> {
    await this.run({ when: () => script.ended, ...(cancelled ? { cancelled } : {}) })
    return script.result
  }

  fork(): Promise<World> {
    return replayJournal(this.journal, { ...this.#options, history: this.#options.history === true })
  }

  readFile(path: string): string | undefined {
    try {
      return this.computer.files.readText(path.startsWith('/') ? path : `${this.account.home}/${path}`)
    } catch {
      return undefined
    }
  }

  /** Objects of a kind, for the map and the graders' texts. */
  objects(resource: string): readonly KubeObject[] {
    return this.client?.list(resource) ?? []
  }
}

/** A machine's line for the others' /etc/hosts: the address on the network they share. */
function hostsLine({ hostname, namespaces: { net } }: Kernel): string[] {
  const card = net.interface('enp0s8') ?? net.interface('eth0')
  return card?.addresses[0] ? [`${formatAddress(card.addresses[0].address)}\t${hostname}`] : []
}

function withImages(
  topology: ClusterTopology,
  images: readonly string[] | undefined,
  registries: ReadonlyMap<string, Registry>,
): ClusterTopology {
  if (!images) return topology
  const known = knownImages(images, registries)
  return { ...topology, nodes: topology.nodes.map((node) => ({ ...node, images: known })) }
}

function knownImages(images: readonly string[], registries: ReadonlyMap<string, Registry>): string[] {
  return images.filter((name) => {
    const reference = withDefaultTag(parseReference(name))
    return registries
      .get(reference.domain)
      ?.tags(reference.path)
      ?.includes(reference.tag ?? 'latest')
  })
}
