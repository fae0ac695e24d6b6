import type { NodeServices } from '../node.ts'
import type { ContainerKind, Pod } from '../pod.ts'
import { ANNOTATION, LABEL } from '../sync/container-spec.ts'
import { PodRuntime } from './pod-runtime.ts'

/** What already runs of a Pod, found by the containers' labels; undefined when there is nothing. */
export function restoreRuntime(node: NodeServices, pod: Pod): PodRuntime | undefined {
  const handles = node.engine.containers().filter((c) => c.spec.labels?.[LABEL.uid] === pod.metadata.uid)
  if (handles.length === 0) return undefined
  const runtime = new PodRuntime()
  const byAttempt = [...handles].sort((a, b) => attemptOf(a) - attemptOf(b))
  for (const handle of byAttempt) {
    const { labels = {}, annotations = {} } = handle.spec
    if (labels[LABEL.kind] === 'sandbox') {
      runtime.sandbox = {
        handle,
        attempt: attemptOf(handle),
        ip: pod.spec.hostNetwork ? node.node.ip : (handle.ip ?? pod.status?.podIP),
      }
      continue
    }
    runtime.add({
      name: labels[LABEL.container] ?? '',
      kind: (annotations[ANNOTATION.list] ?? 'containers') as ContainerKind,
      attempt: attemptOf(handle),
      handle,
      image: annotations[ANNOTATION.image] ?? '',
      createdAt: Number(annotations[ANNOTATION.created] ?? 0),
    })
  }
  return runtime
}

const attemptOf = (handle: { spec: { annotations?: Readonly<Record<string, string>> } }) =>
  Number(handle.spec.annotations?.[ANNOTATION.attempt] ?? 0)
