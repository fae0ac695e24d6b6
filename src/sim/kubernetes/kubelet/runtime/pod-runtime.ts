import type { ContainerHandle } from '../../../containers/engine.ts'
import type { ContainerKind } from '../pod.ts'

/** One run of one container of a Pod: what is remembered of it even after the engine has removed it. */
export interface ContainerRun {
  readonly name: string
  readonly kind: ContainerKind
  /** 0 for the first start; the container's restart count. */
  readonly attempt: number
  readonly handle: ContainerHandle
  /** The image as the Pod asked for it; another one means the container must be replaced. */
  readonly image: string
  /** ms since 1970 */
  readonly createdAt: number
  /** Why it could not be started, when the runtime refused. */
  startError?: string
  /** What it left in its termination message file. */
  message?: string
  /** Set when the kubelet itself is ending it. */
  killing?: boolean
  /** uid, gid and groups its first process got. */
  user?: { uid: number; gid: number; supplementalGroups: number[] }
  /** Settles the restart of a container whose postStart hook or probe failed. */
  postStarted?: boolean
  /** The resources it was given last (changed by an in-place resize). */
  resources?: unknown
  /** Its end is being listened for. */
  watched?: boolean
  /** The kubelet removed it from the engine. */
  removed?: boolean
}

export interface Sandbox {
  readonly handle: ContainerHandle
  readonly attempt: number
  readonly ip: string | undefined
}

/** What runs of one Pod on this node. Rebuilt from the engine's containers when the kubelet starts. */
export class PodRuntime {
  sandbox: Sandbox | undefined
  /** Newest first, by container name. */
  readonly #runs = new Map<string, ContainerRun[]>()

  add(run: ContainerRun): void {
    const runs = this.#runs.get(run.name) ?? []
    runs.unshift(run)
    this.#runs.set(run.name, runs)
  }

  latest(name: string): ContainerRun | undefined {
    return this.#runs.get(name)?.[0]
  }

  previous(name: string): ContainerRun | undefined {
    return this.#runs.get(name)?.[1]
  }

  runs(name: string): readonly ContainerRun[] {
    return this.#runs.get(name) ?? []
  }

  all(): ContainerRun[] {
    return [...this.#runs.values()].flat()
  }

  /** Runs whose first process is alive. */
  live(): ContainerRun[] {
    return this.all().filter((run) => isLive(run))
  }

  /** Forgets all but the two newest runs, and hands back those whose containers may go. */
  prune(name: string, keep: number): ContainerRun[] {
    const runs = this.#runs.get(name) ?? []
    const exited = runs.filter((run) => !isLive(run) && run.handle.status !== 'created')
    const doomed = exited.slice(keep).filter((run) => !run.removed)
    if (runs.length > 2) runs.length = 2
    return doomed
  }

  get sandboxReady(): boolean {
    return this.sandbox?.handle.status === 'running'
  }
}

export function isLive(run: ContainerRun): boolean {
  return run.handle.status === 'running' || run.handle.status === 'paused'
}

export function hasExited(run: ContainerRun): boolean {
  return run.handle.status === 'exited' || run.handle.status === 'dead' || run.startError !== undefined
}

/** The exit code, as the status shows it. */
export function exitCode(run: ContainerRun): number {
  return run.handle.exitCode ?? (run.startError === undefined ? 0 : 128)
}
