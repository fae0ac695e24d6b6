import type {
  ContainerEngine,
  ContainerHandle,
  ContainerSpec,
  ContainerStatus,
  ImageInfo,
  LogLine,
} from '../../../containers/engine.ts'
import { SystemError } from '../../../linux/errors.ts'
import type { WorldContext } from '../../../linux/machine.ts'
import type { Signal } from '../../../linux/signals.ts'
import type { Random } from '../../../time/random.ts'
import { defer } from '../../../time/waiting.ts'

/** When a container of a thin node ends by itself; undefined: never. */
export type ThinEnding = (spec: ContainerSpec) => { afterMs: number; exitCode: number } | undefined

/**
 * A container engine without kernel, files or processes, for clusters of many nodes: containers start, run until they
 * are ended (or as `ending` says), and write nothing. Every image exists.
 */
export class ThinEngine implements ContainerEngine {
  readonly world: WorldContext
  readonly random: Random
  readonly ending: ThinEnding
  readonly #images = new Map<string, ImageInfo>()
  readonly #containers = new Map<string, ThinContainer>()

  constructor(world: WorldContext, random: Random, ending: ThinEnding = () => undefined) {
    this.world = world
    this.random = random
    this.ending = ending
  }

  async pull(reference: string): Promise<ImageInfo> {
    const done = defer<void>(this.world.waiting)
    this.world.clock.after(500 + this.random.float() * 1500, () => done.resolve())
    await done.promise
    return this.#add(reference)
  }

  image(reference: string): ImageInfo | undefined {
    return this.#images.get(reference)
  }

  images(): readonly ImageInfo[] {
    return [...this.#images.values()]
  }

  removeImage(reference: string): void {
    this.#images.delete(reference)
  }

  create(spec: ContainerSpec): ContainerHandle {
    const container = new ThinContainer(this, spec, this.#images.get(spec.image) ?? this.#add(spec.image))
    this.#containers.set(container.id, container)
    return container
  }

  container(id: string): ContainerHandle | undefined {
    return this.#containers.get(id)
  }

  containers(): readonly ContainerHandle[] {
    return [...this.#containers.values()]
  }

  forget(id: string): void {
    this.#containers.delete(id)
  }

  #add(reference: string): ImageInfo {
    const digest = `sha256:${this.random.hex(64)}`
    const image: ImageInfo = {
      id: `sha256:${this.random.hex(64)}`,
      tags: [reference],
      digests: [`${reference.replace(/:[^/:]*$/, '')}@${digest}`],
      size: this.random.int(1, 100) * 1_000_003,
      config: { env: [], workingDir: '/', user: '', exposedPorts: [], volumes: [], labels: {} },
    }
    this.#images.set(reference, image)
    return image
  }
}

class ThinContainer implements ContainerHandle {
  readonly id: string
  readonly spec: ContainerSpec
  readonly image: ImageInfo
  readonly process = undefined
  readonly oomKilled = false
  readonly ip = undefined
  status: ContainerStatus = 'created'
  startedAt: number | undefined
  finishedAt: number | undefined
  exitCode: number | undefined
  readonly #engine: ThinEngine
  readonly #listeners = new Set<(exitCode: number) => void>()

  constructor(engine: ThinEngine, spec: ContainerSpec, image: ImageInfo) {
    this.#engine = engine
    this.spec = spec
    this.image = image
    this.id = engine.random.hex(64)
  }

  async start(): Promise<void> {
    const { world, ending } = this.#engine
    this.status = 'running'
    this.startedAt = world.epoch + world.clock.now
    const end = ending(this.spec)
    if (end) world.clock.after(end.afterMs, () => this.#end(end.exitCode))
  }

  onExit(listener: (exitCode: number) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  kill(signal: Signal): void {
    if (signal === 'SIGKILL') this.#end(137)
    else if (signal === 'SIGTERM' || signal === 'SIGQUIT') this.#end(0)
  }

  async stop(grace: number): Promise<void> {
    const done = defer<void>(this.#engine.world.waiting)
    this.#engine.world.clock.after(Math.min(grace, 50), () => {
      this.#end(grace === 0 ? 137 : 0)
      done.resolve()
    })
    await done.promise
  }

  remove(): void {
    this.#engine.forget(this.id)
  }

  async exec(): Promise<never> {
    throw new SystemError('ENOSYS')
  }

  logs(): readonly LogLine[] {
    return []
  }

  onLog(): () => void {
    return () => {}
  }

  attach(): { detach(): void } {
    return { detach() {} }
  }

  usage(): { cpu: number; memory: number } {
    return { cpu: 0, memory: 1 << 20 }
  }

  #end(code: number): void {
    if (this.status !== 'running') return
    this.status = 'exited'
    this.exitCode = code
    this.finishedAt = this.#engine.world.epoch + this.#engine.world.clock.now
    for (const listener of [...this.#listeners]) listener(code)
  }
}
