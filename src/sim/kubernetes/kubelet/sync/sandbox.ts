import { about, type NodeServices } from '../node.ts'
import type { Pod } from '../pod.ts'
import type { PodRuntime } from '../runtime/pod-runtime.ts'
import { podHostname, sandboxSpec } from './container-spec.ts'
import { SyncError } from './sync-error.ts'

/** Makes the Pod's sandbox: the pause container, and its network. */
export async function startSandbox(node: NodeServices, pod: Pod, runtime: PodRuntime): Promise<void> {
  const attempt = runtime.sandbox ? runtime.sandbox.attempt + 1 : 0
  if (runtime.sandbox) stopSandbox(node, pod, runtime)
  const notReady = pod.spec.hostNetwork ? undefined : node.network.notReady()
  if (notReady) {
    node.record(pod, 'Warning', 'NetworkNotReady', `network is not ready: ${notReady}`)
    throw new SyncError('', `network is not ready: ${notReady}`)
  }
  const { hostname } = podHostname(pod, node.node.name)
  const handle = node.engine.create(sandboxSpec(pod, attempt, hostname))
  let ip: string | undefined = node.node.ip
  try {
    if (!pod.spec.hostNetwork) ip = node.network.attach(handle, pod)
    await node.sleep(about(node.random, 30))
    await handle.start()
  } catch (error) {
    const words = `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox ${JSON.stringify(handle.id)}: ${(error as Error).message}`
    node.record(pod, 'Warning', 'FailedCreatePodSandBox', words)
    node.network.detach(handle, pod)
    handle.remove()
    throw new SyncError('', words)
  }
  runtime.sandbox = { handle, attempt, ip }
}

/** Ends the sandbox and gives its network back. */
export function stopSandbox(node: NodeServices, pod: Pod, runtime: PodRuntime): void {
  const { sandbox } = runtime
  if (!sandbox) return
  if (!pod.spec.hostNetwork) node.network.detach(sandbox.handle, pod)
  if (sandbox.handle.status === 'running') sandbox.handle.kill('SIGKILL')
}

/** The sandbox was stopped behind the kubelet's back. */
export function reportSandboxChanged(node: NodeServices, pod: Pod): void {
  node.record(pod, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.')
}
