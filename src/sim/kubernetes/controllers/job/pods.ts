import type { KubeObject } from '../../api/object.ts'
import { podFromTemplate } from '../shared/pod-control.ts'
import { INDEX, INDEX_FAILURES } from './indexes.ts'

export const TRACKING = 'batch.kubernetes.io/job-tracking'

/** A Pod of the Job; of one of its indexes when it is an Indexed one. */
export function jobPod(job: KubeObject, index?: number, failures?: number): object {
  const { template } = job.spec
  const metadata = { ...template.metadata, finalizers: [...(template.metadata?.finalizers ?? []), TRACKING] }
  if (index === undefined) return podFromTemplate(job, { metadata, spec: template.spec })
  const text = String(index)
  metadata.labels = { ...metadata.labels, [INDEX]: text }
  metadata.annotations = {
    ...metadata.annotations,
    [INDEX]: text,
    ...(failures !== undefined && { [INDEX_FAILURES]: String(failures) }),
  }
  const spec = {
    ...template.spec,
    hostname: `${job.metadata.name}-${index}`,
    containers: template.spec.containers.map(withIndexVariable),
    ...(template.spec.initContainers && { initContainers: template.spec.initContainers.map(withIndexVariable) }),
  }
  const pod = podFromTemplate(job, { metadata, spec }) as KubeObject
  return { ...pod, metadata: { ...pod.metadata, generateName: `${job.metadata.name}-${index}-` } }
}

function withIndexVariable(container: any): any {
  const name = 'JOB_COMPLETION_INDEX'
  if (container.env?.some((variable: any) => variable.name === name)) return container
  const valueFrom = { fieldRef: { apiVersion: 'v1', fieldPath: `metadata.labels['${INDEX}']` } }
  return { ...container, env: [...(container.env ?? []), { name, valueFrom }] }
}

/** When the Pod's last container ended, in ms since 1970; `otherwise` when none says. */
export function finishTime(pod: KubeObject, parse: (text: string) => number, otherwise: number): number {
  let latest = Number.NEGATIVE_INFINITY
  for (const status of [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]) {
    const at = status.state?.terminated?.finishedAt
    if (at) latest = Math.max(latest, parse(at))
  }
  return Number.isFinite(latest) ? latest : otherwise
}
