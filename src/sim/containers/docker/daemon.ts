import type { Inode } from '../../linux/fs/inode.ts'
import { MemoryInode } from '../../linux/fs/memory.ts'
import { snapshot } from '../../linux/fs/snapshot.ts'
import type { Kernel } from '../../linux/kernel.ts'
import { parseResolvConf } from '../../linux/net/dns/resolver.ts'
import type { NamespaceSet } from '../../linux/process/namespaces.ts'
import { parseSignal, SIGNALS, type Signal } from '../../linux/signals.ts'
import { BuildCache } from '../build/buildkit/cache.ts'
import { StartError } from '../engine.ts'
import type { Engine } from '../runtime/create-engine.ts'
import { ApiError } from './api-error.ts'
import type { DockerContainer, Endpoint } from './docker-container.ts'
import { startEmbeddedDns } from './embedded-dns.ts'
import { Events } from './events.ts'
import { watchHealth } from './health.ts'
import type { HostConfig } from './host-config.ts'
import { Networks } from './networks.ts'
import { PublishedPorts } from './ports.ts'
import { validateLogDriver, validateName } from './validate.ts'
import { Volumes } from './volumes.ts'

export const DAEMON_VERSION = '20.10.24+dfsg1'
const DEFAULT_GRACE = 10_000
const RESTART_DELAY = { first: 100, longest: 60_000, reset: 10_000 }

/** dockerd: containers with names, networks, volumes and policies on top of an engine. */
export class Daemon {
  readonly engine: Engine
  readonly kernel: Kernel
  readonly events: Events
  readonly volumes: Volumes
  readonly networks: Networks
  readonly ports: PublishedPorts
  readonly id: string
  /** What BuildKit has kept of earlier builds. */
  readonly buildCache: BuildCache
  readonly #containers = new Map<string, DockerContainer>()

  constructor(engine: Engine) {
    this.engine = engine
    this.kernel = engine.kernel
    this.events = new Events(() => this.kernel.wallClock())
    this.volumes = new Volumes(this.kernel, engine.random.fork('volumes'), this.events)
    this.networks = new Networks(this.kernel, engine.random.fork('networks'), this.events)
    this.ports = new PublishedPorts(this.kernel)
    this.id = engine.random.text(48, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567').replace(/.{4}(?=.)/g, '$&:')
    this.buildCache = new BuildCache(engine.random, () => this.kernel.wallClock())
    this.volumes.users = (name) =>
      this.list()
        .filter((container) => container.mounts.some((mount) => mount.Name === name))
        .map((container) => container.id)
  }

  // ---- finding

  list(): DockerContainer[] {
    return [...this.#containers.values()]
  }

  byName(name: string): DockerContainer | undefined {
    return this.list().find((container) => container.name === name)
  }

  find(text: string): DockerContainer | undefined {
    const name = text.replace(/^\//, '')
    const exact = this.#containers.get(name) ?? this.byName(name)
    if (exact) return exact
    if (!/^[0-9a-f]+$/.test(name)) return undefined
    const begins = this.list().filter((container) => container.id.startsWith(name))
    if (begins.length > 1) throw new ApiError(400, `Multiple IDs found with provided prefix: ${name}`)
    return begins[0]
  }

  get(text: string): DockerContainer {
    const container = this.find(text)
    if (!container) throw new ApiError(404, `No such container: ${text}`)
    return container
  }

  add(container: DockerContainer): void {
    if (!container.isInternal) this.#containers.set(container.id, container)
    container.runtime.onNetwork = (namespaces) => this.#connectAll(container, namespaces)
    container.runtime.onNetworkGone = () => this.#disconnectAll(container)
    container.runtime.hostLines = () => this.#linkLines(container)
    container.runtime.onExit((exitCode) => this.#ended(container, exitCode))
    this.emit(container, 'create')
  }

  /** On the default bridge links are lines of /etc/hosts. */
  #linkLines(container: DockerContainer): string[] {
    return (container.hostConfig.Links ?? []).flatMap((link) => {
      const [target = '', alias = target] = link.split(':')
      const other = this.find(target)
      const ip = other?.attachments.get('bridge')?.ip
      return other && ip
        ? [`${ip}\t${alias} ${other.id.slice(0, 12)}${alias === other.name ? '' : ` ${other.name}`}`]
        : []
    })
  }

  emit(container: DockerContainer, action: string, extra: Record<string, string> = {}): void {
    if (container.isInternal) return
    this.events.emit('container', action, container.id, { ...container.attributes, ...extra })
  }

  // ---- life

  /** False when it ran already. */
  async start(container: DockerContainer): Promise<boolean> {
    if (container.runtime.status === 'paused')
      throw new ApiError(409, 'cannot start a paused container, try unpause instead')
    if (container.running) return false
    container.restartTimer?.cancel()
    container.restarting = false
    container.stoppedByHand = false
    try {
      await this.#launch(container)
    } catch (error) {
      for (const tell of [...container.onStartFailure]) tell()
      if (container.hostConfig.AutoRemove && !container.removing) this.remove(container, { force: true, volumes: true })
      throw error
    }
    return true
  }

  async #launch(container: DockerContainer): Promise<void> {
    validateLogDriver(container.hostConfig)
    this.#checkDevices(container.hostConfig)
    const { NetworkMode } = container.hostConfig
    if (NetworkMode.startsWith('container:')) {
      const owner = this.get(NetworkMode.slice(10))
      if (!owner.running) throw new ApiError(409, `cannot join network of a non running container: ${owner.id}`)
    }
    this.#fillVolumes(container)
    try {
      await container.runtime.start()
    } catch (error) {
      if (!(error instanceof StartError)) throw error
      const text = error.message
      const daemonWords =
        text.startsWith('failed to create shim task') && !text.includes(': unknown') ? `${text}: unknown` : text
      throw new ApiError(error.exitCode === 125 ? 500 : 400, daemonWords)
    }
    this.emit(container, 'start')
    if (container.healthcheck) container.stopHealth = watchHealth(this.engine, this.events, container)
  }

  #checkDevices(host: HostConfig): void {
    for (const { PathOnHost } of host.Devices)
      if (!this.kernel.files.exists(PathOnHost))
        throw new ApiError(
          500,
          `error gathering device information while adding custom device ${JSON.stringify(PathOnHost)}: no such file or directory`,
        )
    if (host.DeviceRequests?.length)
      throw new ApiError(500, 'could not select device driver "" with capabilities: [[gpu]]')
  }

  /** A named or anonymous volume that is empty gets what the image has at its place. */
  #fillVolumes(container: DockerContainer): void {
    if (container.volumesFilled) return
    container.volumesFilled = true
    for (const mount of container.mounts) {
      if (mount.Type !== 'volume' || !mount.copy) continue
      const target = this.kernel.locate(mount.Source).inode
      if ([...target.entries()].length > 0) continue
      let from: Inode | undefined = container.runtime.rootfs().root
      for (const part of mount.Destination.split('/'))
        if (part !== '') from = from?.type === 'directory' ? from.lookup(part) : undefined
      if (from?.type !== 'directory' || !(target instanceof MemoryInode)) continue
      target.mode = from.mode
      target.uid = from.uid
      target.gid = from.gid
      for (const [name, node] of snapshot(from).entries) target.graft(name, node)
    }
  }

  async stop(container: DockerContainer, grace?: number): Promise<boolean> {
    container.stoppedByHand = true
    container.restartTimer?.cancel()
    if (container.restarting) {
      container.restarting = false
      return true
    }
    if (!container.running) return false
    if (container.runtime.status === 'paused') container.runtime.unpause()
    const wait =
      grace ?? (container.config.StopTimeout === undefined ? DEFAULT_GRACE : container.config.StopTimeout * 1000)
    this.emit(container, 'kill', { signal: String(signalNumber(container)) })
    await container.runtime.stop(wait)
    this.emit(container, 'stop')
    return true
  }

  kill(container: DockerContainer, signalText: string): void {
    const signal = parseSignal(signalText || 'SIGKILL')
    if (!signal) throw new ApiError(400, `Invalid signal: ${signalText}`)
    if (container.restarting)
      throw new ApiError(409, `Cannot kill container: ${container.name}: Container ${container.id} is restarting`)
    if (!container.running) throw new ApiError(409, `Container ${container.id} is not running`)
    if (signal === 'SIGKILL' || signal === 'SIGTERM' || signal === (container.config.StopSignal ?? 'SIGTERM'))
      container.stoppedByHand = true
    this.emit(container, 'kill', { signal: String(numberOf(signal)) })
    container.runtime.kill(signal)
  }

  async restart(container: DockerContainer, grace?: number): Promise<void> {
    await this.stop(container, grace)
    await this.start(container)
    this.emit(container, 'restart')
  }

  pause(container: DockerContainer): void {
    this.requireRunning(container)
    if (container.runtime.status === 'paused') throw new ApiError(409, `Container ${container.id} is already paused`)
    container.runtime.pause()
    this.emit(container, 'pause')
  }

  unpause(container: DockerContainer): void {
    if (container.runtime.status !== 'paused') throw new ApiError(500, `Container ${container.id} is not paused`)
    container.runtime.unpause()
    this.emit(container, 'unpause')
  }

  requireRunning(container: DockerContainer): void {
    if (container.restarting)
      throw new ApiError(409, `Container ${container.id} is restarting, wait until the container is running`)
    if (!container.running) throw new ApiError(409, `Container ${container.id} is not running`)
  }

  rename(container: DockerContainer, name: string): void {
    const wanted = name.replace(/^\//, '')
    if (wanted === '') throw new ApiError(500, 'Neither old nor new names may be empty')
    if (wanted === container.name)
      throw new ApiError(400, 'Renaming a container with the same name as its current name')
    validateName(wanted)
    const holder = this.byName(wanted)
    if (holder)
      throw new ApiError(
        409,
        `Conflict. The container name "/${wanted}" is already in use by container "${holder.id}". You have to remove (or rename) that container to be able to reuse that name.`,
      )
    const oldName = `/${container.name}`
    container.name = wanted
    this.emit(container, 'rename', { oldName })
  }

  remove(container: DockerContainer, options: { force?: boolean; volumes?: boolean } = {}): void {
    if (container.running || container.restarting) {
      if (!options.force) {
        const state = container.restarting ? 'restarting' : container.runtime.status
        const hint = state === 'paused' ? 'Unpause and then stop the container' : 'Stop the container'
        throw new ApiError(
          409,
          `You cannot remove a ${state} container ${container.id}. ${hint} before attempting removal or force remove`,
        )
      }
      container.stoppedByHand = true
    }
    container.removing = true
    container.restartTimer?.cancel()
    container.stopHealth?.()
    const wasRunning = container.running
    if (wasRunning) this.emit(container, 'kill', { signal: '9' })
    container.runtime.remove()
    this.#containers.delete(container.id)
    if (!wasRunning) this.#gone(container, options.volumes ?? false)
    else container.runtime.onExit(() => this.#gone(container, options.volumes ?? false))
  }

  #gone(container: DockerContainer, volumes: boolean): void {
    this.emit(container, 'destroy')
    if (!volumes) return
    for (const mount of container.mounts)
      if (mount.Name && this.volumes.find(mount.Name)?.anonymous && this.volumes.users(mount.Name).length === 0)
        this.volumes.remove(mount.Name)
  }

  #ended(container: DockerContainer, exitCode: number): void {
    container.stopHealth?.()
    container.stopHealth = undefined
    this.emit(container, 'die', { exitCode: String(exitCode) })
    if (container.removing) return
    if (this.#shouldRestart(container, exitCode)) {
      const ran = (container.runtime.finishedAt ?? 0) - (container.runtime.startedAt ?? 0)
      const { first, longest, reset } = RESTART_DELAY
      container.restartDelay =
        ran >= reset || container.restartDelay === 0 ? first : Math.min(longest, container.restartDelay * 2)
      container.restarting = true
      container.restartTimer = this.kernel.world.clock.after(container.restartDelay, () => {
        if (!container.restarting || container.removing) return
        container.restartCount++
        this.kernel.world.waiting.awakened = true
        void this.#launch(container).then(
          () => {
            container.restarting = false
          },
          () => {
            container.restarting = false
          },
        )
      })
      return
    }
    if (container.hostConfig.AutoRemove) this.remove(container, { force: true, volumes: true })
  }

  #shouldRestart(container: DockerContainer, exitCode: number): boolean {
    if (container.stoppedByHand) return false
    const { Name, MaximumRetryCount } = container.hostConfig.RestartPolicy
    if (Name === 'always' || Name === 'unless-stopped') return true
    return (
      Name === 'on-failure' && exitCode !== 0 && (MaximumRetryCount === 0 || container.restartCount < MaximumRetryCount)
    )
  }

  // ---- networks of containers

  resolvConf(
    host: HostConfig,
    userDefined = !['default', 'bridge', 'host', 'none'].includes(host.NetworkMode) &&
      !host.NetworkMode.startsWith('container:'),
  ): string {
    const own = this.#machineResolvConf()
    const conf = parseResolvConf(own)
    const servers = host.Dns.length > 0 ? host.Dns : conf.nameservers
    const search = host.DnsSearch.length > 0 ? host.DnsSearch : conf.search
    const lines = [
      ...(search.length > 0 && search[0] !== '.' ? [`search ${search.join(' ')}`] : []),
      ...(userDefined ? ['nameserver 127.0.0.11'] : servers.map((server) => `nameserver ${server}`)),
      ...(host.DnsOptions.length > 0
        ? [`options ${host.DnsOptions.join(' ')}`]
        : userDefined
          ? ['options ndots:0']
          : []),
    ]
    return `${lines.join('\n')}\n`
  }

  #machineResolvConf(): string {
    return this.kernel.files.exists('/etc/resolv.conf') ? this.kernel.files.readText('/etc/resolv.conf') : ''
  }

  async #connectAll(container: DockerContainer, namespaces: NamespaceSet): Promise<void> {
    const { NetworkMode, PortBindings, PublishAllPorts } = container.hostConfig
    container.sandboxId = this.engine.random.hex(64)
    if (NetworkMode === 'host' || NetworkMode.startsWith('container:')) {
      container.runtime.ipAddress = undefined
      return
    }
    namespaces.net.setUp('lo', true)
    container.runtime.ipAddress = undefined
    for (const endpoint of container.endpoints.values()) this.connect(container, endpoint, namespaces)
    const main = container.attachments.values().next().value
    const wanted = { ...PortBindings }
    if (PublishAllPorts)
      for (const port of Object.keys(container.config.ExposedPorts ?? {}))
        wanted[port] ??= [{ HostIp: '', HostPort: '' }]
    if (main && Object.keys(wanted).length > 0) {
      const published = this.ports.publish(container, main, wanted)
      container.ports = published.ports
      container.closePorts = published.close
    }
  }

  /** Plugs a running container into a network. */
  connect(container: DockerContainer, endpoint: Endpoint, namespaces: NamespaceSet): void {
    const network = this.networks.find(endpoint.network)
    if (!network) throw new ApiError(404, `network ${endpoint.network} not found`)
    if (network.driver !== 'bridge') return
    const attachment = network.attach({ id: container.id, name: container.name }, namespaces.net, {
      ...(endpoint.ip ? { ip: endpoint.ip } : {}),
      aliases: endpoint.aliases,
      endpointId: this.engine.random.hex(64),
      veth: `veth${this.engine.random.hex(7)}`,
    })
    container.attachments.set(network.name, attachment)
    container.runtime.ipAddress ??= attachment.ip
    if (network.name !== 'bridge' && !container.closeDns) {
      const dns = startEmbeddedDns(
        namespaces.net,
        this.kernel.namespaces.net,
        (name) => this.#lookup(container, name),
        () => parseResolvConf(this.#machineResolvConf()).nameservers,
      )
      container.closeDns = () => dns.close()
      // A container of the default bridge asks the machine's name server until it is on a network of the user's.
      const resolvConf = this.resolvConf(container.hostConfig, true)
      container.runtime.spec.resolvConf = resolvConf
      const path = `/var/lib/docker/containers/${container.id}/resolv.conf`
      if (this.kernel.files.exists(path)) this.kernel.files.write(path, resolvConf)
    }
    if (container.isInternal) return
    this.events.emit('network', 'connect', network.id, {
      container: container.id,
      name: network.name,
      type: network.driver,
    })
  }

  #lookup(asker: DockerContainer, name: string): string[] {
    const found: string[] = []
    for (const own of asker.attachments.values()) {
      if (own.network.name === 'bridge') continue
      for (const link of asker.endpoints.get(own.network.name)?.links ?? []) {
        const [target = '', alias = target] = link.split(':')
        if (alias.toLowerCase() !== name) continue
        const ip = this.find(target)?.attachments.get(own.network.name)?.ip
        if (ip) found.push(ip)
      }
      for (const other of own.network.attachments.values()) {
        const container = this.#containers.get(other.containerId)
        const names = [container?.name, ...other.aliases, other.containerId.slice(0, 12)]
        if (names.some((each) => each?.toLowerCase() === name || `${each?.toLowerCase()}.${own.network.name}` === name))
          found.push(other.ip)
      }
    }
    return [...new Set(found)]
  }

  disconnect(container: DockerContainer, networkName: string): void {
    const attachment = container.attachments.get(networkName)
    if (!attachment) return
    attachment.network.detach(attachment)
    container.attachments.delete(networkName)
    const { network } = attachment
    if (container.isInternal) return
    this.events.emit('network', 'disconnect', network.id, {
      container: container.id,
      name: network.name,
      type: network.driver,
    })
  }

  #disconnectAll(container: DockerContainer): void {
    container.closePorts?.()
    container.closePorts = undefined
    container.ports = {}
    container.closeDns?.()
    container.closeDns = undefined
    for (const name of [...container.attachments.keys()]) this.disconnect(container, name)
    container.runtime.ipAddress = undefined
  }
}

function signalNumber(container: DockerContainer): number {
  return numberOf(parseSignal(container.config.StopSignal ?? 'SIGTERM') ?? 'SIGTERM')
}

function numberOf(signal: Signal): number {
  return SIGNALS[signal]
}
