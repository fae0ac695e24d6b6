import { type Container, type ContainerKind, isSidecar, type Pod } from '../pod.ts'
import { type ContainerRun, exitCode, hasExited, isLive, type PodRuntime } from '../runtime/pod-runtime.ts'
import { restartsAfter } from '../status/phase.ts'

/** What one sync of a Pod has to do (the kubelet's computePodActions). */
export interface Plan {
  createSandbox: boolean
  /** End everything, sandbox included: nothing is left to run. */
  killPod: boolean
  kill: { run: ContainerRun; container: Container; message: string; reason?: string }[]
  start: { kind: ContainerKind; container: Container }[]
}

export interface ProbeVerdicts {
  /** 'liveness' or 'startup' when that probe has failed for good. */
  failed(name: string): 'liveness' | 'startup' | undefined
  started(name: string): boolean
}

export function planSync(pod: Pod, runtime: PodRuntime, probes: ProbeVerdicts): Plan {
  const plan: Plan = { createSandbox: !runtime.sandboxReady, killPod: false, kill: [], start: [] }
  const init = pod.spec.initContainers ?? []
  const main = pod.spec.containers
  const mainEver = main.some((c) => runtime.latest(c.name))
  const finished = main.every((c) => {
    const run = runtime.latest(c.name)
    return run !== undefined && hasExited(run) && !restartsAfter(pod, c, exitCode(run))
  })
  if (finished) {
    plan.killPod = true
    plan.createSandbox = false
    return plan
  }
  for (const container of pod.spec.ephemeralContainers ?? []) {
    if (!runtime.latest(container.name))
      plan.start.push({ kind: 'ephemeralContainers', container: container as Container })
  }
  if (!planInit(pod, init, runtime, probes, plan, mainEver)) return plan
  for (const container of main) planContainer(pod, 'containers', container, runtime, probes, plan)
  return plan
}

/** True when the main containers may run. */
function planInit(
  pod: Pod,
  init: readonly Container[],
  runtime: PodRuntime,
  probes: ProbeVerdicts,
  plan: Plan,
  mainEver: boolean,
): boolean {
  for (const container of init) {
    const run = runtime.latest(container.name)
    if (isSidecar(container)) {
      planContainer(pod, 'initContainers', container, runtime, probes, plan)
      if (mainEver) continue
      if (!run || !isLive(run) || !probes.started(container.name) || run.postStarted === false) return false
      continue
    }
    if (mainEver && !plan.createSandbox) continue
    if (!run) {
      plan.start.push({ kind: 'initContainers', container })
      return false
    }
    if (!hasExited(run)) return false
    const code = exitCode(run)
    if (code === 0) continue
    if (restartsAfter(pod, container, code, true)) plan.start.push({ kind: 'initContainers', container })
    else plan.killPod = true
    return false
  }
  return true
}

function planContainer(
  pod: Pod,
  kind: ContainerKind,
  container: Container,
  runtime: PodRuntime,
  probes: ProbeVerdicts,
  plan: Plan,
): void {
  const run = runtime.latest(container.name)
  if (!run) {
    plan.start.push({ kind, container })
    return
  }
  if (run.handle.status === 'created' && run.startError === undefined) return
  if (!isLive(run)) {
    if (restartsAfter(pod, container, exitCode(run))) plan.start.push({ kind, container })
    return
  }
  if (run.killing) return
  const restart = { kind, container }
  const failed = probes.failed(container.name)
  if (run.image !== container.image) {
    plan.kill.push({ run, container, message: `Container ${container.name} definition changed, will be restarted` })
    plan.start.push(restart)
  } else if (failed) {
    const suffix = restartsAfter(pod, container, 137) ? ', will be restarted' : ''
    plan.kill.push({
      run,
      container,
      message: `Container ${container.name} failed ${failed} probe${suffix}`,
      reason: failed,
    })
    if (suffix) plan.start.push(restart)
  }
}
