import { quantityValue } from '../api/quantity.ts'
import type { NodeServices } from './node.ts'
import { folderSize, writableLayerSize } from './runtime/engine-extras.ts'
import type { PodWorker } from './sync/pod-worker.ts'

const PERIOD = 10_000
/** What a Pod uses on the disk is measured this often. */
const MEASURED = 50_000

/** Ends Pods that use more of the node's disk than they may. */
export class EvictionManager {
  readonly #node: NodeServices
  readonly #workers: () => Iterable<PodWorker>
  #timer: { cancel(): void } | undefined

  constructor(node: NodeServices, workers: () => Iterable<PodWorker>) {
    this.#node = node
    this.#workers = workers
  }

  start(): void {
    if (!this.#node.host) return
    const tick = () => {
      this.#timer = this.#node.world.clock.after(PERIOD, tick)
      for (const worker of this.#workers()) if (worker.state === 'syncing' && hasLimits(worker)) this.#check(worker)
    }
    this.#timer = this.#node.world.clock.after(PERIOD, tick)
  }

  stop(): void {
    this.#timer?.cancel()
  }

  #check(worker: PodWorker): void {
    const started = worker.runtime.live().map((run) => run.handle.startedAt ?? 0)
    if (started.length === 0 || this.#node.wallClock() - Math.min(...started) < MEASURED) return
    const reason = this.#emptyDirs(worker) ?? this.#podTotal(worker) ?? this.#containers(worker)
    if (!reason) return
    this.#node.record(worker.pod, 'Warning', 'Evicted', reason)
    worker.terminate(0, { reason: 'Evicted', message: reason })
  }

  #emptyDirs(worker: PodWorker): string | undefined {
    for (const { volume, path } of worker.volumes.entries()) {
      const limit = volume.emptyDir?.sizeLimit
      if (limit === undefined || volume.emptyDir?.medium) continue
      if (folderSize(this.#node.host!.files, path) > quantityValue(limit as string)) {
        return `Usage of EmptyDir volume ${JSON.stringify(volume.name)} exceeds the limit ${JSON.stringify(limit)}. `
      }
    }
    return undefined
  }

  #podTotal(worker: PodWorker): string | undefined {
    const limits = worker.pod.spec.containers.map((c) => limitOf(c))
    if (limits.some((limit) => limit === undefined)) return undefined
    const total = limits.reduce((sum, limit) => sum! + quantityValue(limit), 0)!
    const files = this.#node.host!.files
    const layers = worker.runtime.live().reduce((sum, run) => sum + writableLayerSize(run.handle, files), 0)
    const volumes = worker.volumes
      .entries()
      .filter(({ volume }) => volume.emptyDir && !volume.emptyDir.medium)
      .reduce((sum, { path }) => sum + folderSize(files, path), 0)
    if (layers + volumes <= total) return undefined
    const text = limits.length === 1 ? limits[0] : String(total)
    return `Pod ephemeral local storage usage exceeds the total limit of containers ${text}. `
  }

  #containers(worker: PodWorker): string | undefined {
    const files = this.#node.host!.files
    for (const container of worker.pod.spec.containers) {
      const limit = limitOf(container)
      const run = worker.runtime.latest(container.name)
      if (limit === undefined || !run) continue
      if (writableLayerSize(run.handle, files) > quantityValue(limit)) {
        return `Container ${container.name} exceeded its local ephemeral storage limit ${JSON.stringify(limit)}. `
      }
    }
    return undefined
  }
}

const limitOf = (container: { resources?: { limits?: Record<string, unknown> } }) =>
  container.resources?.limits?.['ephemeral-storage'] as string | undefined

function hasLimits(worker: PodWorker): boolean {
  const { containers, volumes } = worker.pod.spec
  return (
    containers.some((c) => limitOf(c) !== undefined) || (volumes ?? []).some((v) => v.emptyDir?.sizeLimit !== undefined)
  )
}
