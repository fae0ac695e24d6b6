import type { NodeServices } from '../node.ts'
import type { Container, Pod } from '../pod.ts'
import { cgroupResources } from '../resources/cgroup.ts'
import { updateResources } from '../runtime/engine-extras.ts'
import { type ContainerRun, isLive, type PodRuntime } from '../runtime/pod-runtime.ts'
import type { Plan } from './plan.ts'

type Resources = { limits?: Record<string, string>; requests?: Record<string, string> } | undefined

/** Carries out changes of a running Pod's CPU and memory (in-place resize), with its events. */
export class PodResize {
  /** The generation whose resize has begun and is not complete. */
  #generation: number | undefined
  #touched = false

  /** Applies what needs no restart; adds to the plan what does. */
  apply(node: NodeServices, pod: Pod, runtime: PodRuntime, plan: Plan): void {
    const changed = changedRuns(pod, runtime)
    if (changed.length === 0) {
      this.#complete(node, pod)
      return
    }
    const generation = pod.metadata.generation ?? 1
    if (this.#generation !== generation) {
      this.#generation = generation
      node.record(pod, 'Normal', 'ResizeStarted', `Pod resize started: ${describe(pod)}`)
    }
    for (const { run, container } of changed) {
      if (needsRestart(run, container)) {
        if (plan.kill.some((kill) => kill.run === run)) continue
        plan.kill.push({ run, container, message: `Container ${container.name} resize requires restart` })
        plan.start.push({ kind: run.kind, container })
      } else {
        updateResources(run.handle, cgroupResources(container))
        run.resources = container.resources
        this.#touched = true
      }
    }
    if (changedRuns(pod, runtime).length === 0) this.#complete(node, pod)
  }

  /** Whether the last `apply` changed a container: its status is to be told. Asking clears it. */
  get touched(): boolean {
    const was = this.#touched
    this.#touched = false
    return was
  }

  /** To be asked after containers were started anew. */
  settle(node: NodeServices, pod: Pod, runtime: PodRuntime): void {
    if (this.#generation !== undefined && changedRuns(pod, runtime).length === 0) this.#complete(node, pod)
  }

  #complete(node: NodeServices, pod: Pod): void {
    if (this.#generation === undefined) return
    this.#generation = undefined
    node.record(pod, 'Normal', 'ResizeCompleted', `Pod resize completed: ${describe(pod)}`)
  }
}

function changedRuns(pod: Pod, runtime: PodRuntime): { run: ContainerRun; container: Container }[] {
  const out: { run: ContainerRun; container: Container }[] = []
  for (const container of [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]) {
    const run = runtime.latest(container.name)
    if (run && isLive(run) && run.resources !== undefined && !same(run.resources, container.resources))
      out.push({ run, container })
  }
  return out
}

function needsRestart(run: ContainerRun, container: Container): boolean {
  const before = run.resources as Resources
  const after = container.resources as Resources
  return ['cpu', 'memory'].some((name) => {
    const changed =
      before?.limits?.[name] !== after?.limits?.[name] || before?.requests?.[name] !== after?.requests?.[name]
    const policy = container.resizePolicy?.find((p) => p.resourceName === name)?.restartPolicy
    return changed && policy === 'RestartContainer'
  })
}

const same = (a: unknown, b: unknown) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))

function sorted(resources: unknown): unknown {
  const { limits, requests } = (resources ?? {}) as NonNullable<Resources>
  const order = (list: Record<string, string> | undefined) =>
    list && Object.fromEntries(Object.entries(list).sort(([a], [b]) => (a < b ? -1 : 1)))
  return { ...(limits ? { limits: order(limits) } : {}), ...(requests ? { requests: order(requests) } : {}) }
}

function describe(pod: Pod): string {
  const containers = pod.spec.containers.map(({ name, resources }) => ({ name, resources: sorted(resources) }))
  return JSON.stringify({ containers, generation: pod.metadata.generation ?? 1 })
}
