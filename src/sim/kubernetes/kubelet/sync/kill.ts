import type { NodeServices } from '../node.ts'
import { type Container, containersOf, isSidecar, type Pod } from '../pod.ts'
import { type ContainerRun, isLive, type PodRuntime } from '../runtime/pod-runtime.ts'
import { runHook } from './hooks.ts'

/** Ends one container: preStop hook, stop signal, SIGKILL when the grace (seconds) is over. */
export async function killContainer(
  node: NodeServices,
  pod: Pod,
  run: ContainerRun,
  container: Container | undefined,
  options: { message: string; grace: number },
): Promise<void> {
  if (!isLive(run)) return
  run.killing = true
  const began = node.world.clock.now
  node.recordContainer(pod, run.kind, run.name, 'Normal', 'Killing', options.message)
  let grace = options.grace * 1000
  const hook = container?.lifecycle?.preStop
  if (hook && grace > 0) {
    const timer = node.deadline(grace)
    const done = runHook(node, pod, container, run.handle, hook).catch((error: unknown) => {
      node.recordContainer(pod, run.kind, run.name, 'Warning', 'FailedPreStopHook', `PreStopHook failed`)
      return error
    })
    await Promise.race([done, timer.expired])
    timer.cancel()
    grace -= node.world.clock.now - began
  }
  // A kill always leaves the process two seconds, unless it was asked to be immediate.
  await run.handle.stop(options.grace === 0 ? 0 : Math.max(grace, 2000))
}

/** Ends all containers of a Pod: the main ones together, then the sidecars, last first. */
export async function killPod(node: NodeServices, pod: Pod, runtime: PodRuntime, grace: () => number): Promise<void> {
  const began = node.world.clock.now
  const specs = new Map(containersOf(pod).map(({ container }) => [container.name, container]))
  const left = () => (grace() === 0 ? 0 : Math.max(0, grace() - (node.world.clock.now - began) / 1000))
  const kill = (run: ContainerRun, seconds: number) =>
    killContainer(node, pod, run, specs.get(run.name), {
      message: `Stopping container ${run.name}`,
      grace: seconds,
    })
  const live = runtime.live()
  const sidecars = live.filter(
    (run) => run.kind === 'initContainers' && isSidecar(specs.get(run.name) ?? ({} as Container)),
  )
  await Promise.all(live.filter((run) => !sidecars.includes(run)).map((run) => kill(run, grace())))
  const order = (pod.spec.initContainers ?? []).map((c) => c.name)
  sidecars.sort((a, b) => order.indexOf(b.name) - order.indexOf(a.name))
  for (const run of sidecars) await kill(run, left())
}
