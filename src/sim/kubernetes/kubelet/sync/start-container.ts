import { type MountSpec, StartError } from '../../../containers/engine.ts'
import { quantityValue } from '../../api/quantity.ts'
import { containerEnvironment } from '../env/environment.ts'
import type { PullCredentials } from '../images/pull-secrets.ts'
import { about, type NodeServices } from '../node.ts'
import { DEFAULT_CAPACITY } from '../nodes/node-object.ts'
import type { Container, ContainerKind, Pod } from '../pod.ts'
import { keepLogFile } from '../runtime/log-files.ts'
import type { ContainerRun, PodRuntime } from '../runtime/pod-runtime.ts'
import type { PodVolumes } from '../volumes/pod-volumes.ts'
import { containerSpec } from './container-spec.ts'
import { runHook } from './hooks.ts'
import { podFiles } from './pod-files.ts'
import { containerIdentity } from './security.ts'
import { SyncError } from './sync-error.ts'

export interface StartInputs {
  node: NodeServices
  pod: Pod
  kind: ContainerKind
  container: Container
  runtime: PodRuntime
  volumes: PodVolumes
  credentials: PullCredentials
  allocatable: Record<string, string>
  cancelled: Promise<void>
}

/**
 * Pulls, creates and starts one container, with the kubelet's events. Rejects with SyncError, whose reason then shows in
 * the container's status.
 */
export async function startContainer(inputs: StartInputs): Promise<void> {
  const { node, pod, kind, container, runtime } = inputs
  const record = (type: 'Normal' | 'Warning', reason: string, message: string) =>
    node.recordContainer(pod, kind, container.name, type, reason, message)

  const image = await node.images
    .ensure({
      image: container.image ?? '',
      policy: container.imagePullPolicy ?? 'IfNotPresent',
      podUid: pod.metadata.uid,
      auths: inputs.credentials.authsFor(container.image ?? ''),
      record,
    })
    .catch((error: unknown) => {
      if (error instanceof SyncError) record('Warning', 'Failed', `Error: ${error.reason}`)
      throw error
    })

  const previous = runtime.latest(container.name)
  const attempt = previous ? previous.attempt + 1 : 0
  const run = createRun(inputs, image, attempt, record)
  record('Normal', 'Created', 'Container created')
  runtime.add(run)
  if (node.host) keepLogFile(node.host, pod, container.name, attempt, run.handle)
  await node.sleep(about(node.random, 20))
  try {
    await run.handle.start()
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    run.startError = `failed to create containerd task: ${error.message}`
    record('Warning', 'Failed', `Error: ${run.startError}`)
    throw new SyncError('RunContainerError', run.startError)
  }
  record('Normal', 'Started', 'Container started')
  const postStart = container.lifecycle?.postStart
  if (!postStart) return
  run.postStarted = false
  try {
    await runHook(node, pod, container, run.handle, postStart)
    run.postStarted = true
  } catch {
    record('Warning', 'FailedPostStartHook', 'PostStartHook failed')
    record('Normal', 'Killing', 'FailedPostStartHook')
    run.killing = true
    await run.handle.stop((pod.spec.terminationGracePeriodSeconds ?? 30) * 1000)
    throw new SyncError('PostStartHookError', 'PostStartHook failed')
  }
}

function createRun(
  inputs: StartInputs,
  image: Awaited<ReturnType<NodeServices['images']['ensure']>>,
  attempt: number,
  record: (type: 'Normal' | 'Warning', reason: string, message: string) => void,
): ContainerRun {
  const { node, pod, kind, container, runtime, volumes } = inputs
  let stage = 'CreateContainerConfigError'
  try {
    const podIP = pod.spec.hostNetwork ? node.node.ip : runtime.sandbox?.ip
    const env = containerEnvironment(pod, container, {
      api: node.api,
      hostIP: node.node.ip,
      ...(podIP ? { podIP } : {}),
      allocatable: inputs.allocatable,
    })
    const identity = containerIdentity(pod, container, image)
    const vars = new Map(env)
    const mounts: MountSpec[] = [
      ...podFiles(node, pod, runtime, container, attempt),
      ...volumes.mountsFor(container, (name) => vars.get(name)),
    ]
    stage = 'CreateContainerError'
    const targetName = (container as { targetContainerName?: string }).targetContainerName
    const target = targetName ? runtime.latest(targetName) : undefined
    const now = node.wallClock()
    const spec = containerSpec({
      pod,
      kind,
      container,
      attempt,
      image,
      sandboxId: runtime.sandbox!.handle.id,
      ...(target ? { targetId: target.handle.id } : {}),
      identity,
      env,
      mounts,
      now,
      memory: quantityValue(node.node.capacity?.memory ?? DEFAULT_CAPACITY.memory),
    })
    const handle = node.engine.create(spec)
    return {
      name: container.name,
      kind,
      attempt,
      handle,
      image: container.image ?? '',
      createdAt: now,
      user: { uid: identity.uid, gid: identity.gid, supplementalGroups: identity.supplementalGroups },
      resources: container.resources,
    }
  } catch (error) {
    const { message } = error as Error
    record('Warning', 'Failed', `Error: ${message}`)
    throw new SyncError(stage, message)
  }
}
