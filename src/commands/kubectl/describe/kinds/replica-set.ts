import { formatSelector } from '../../../../sim/kubernetes/api/label-selector.ts'
import type { DescribeContext, Describer } from '../describer.ts'
import { describeEvents } from '../events.ts'
import { controllerOf, joinLabels, writeAnnotations, writeLabels } from '../maps.ts'
import { writePodTemplate } from '../pod-template.ts'
import type { DescribeWriter } from '../writer.ts'

export const describeReplicaSet: Describer = (w, context) =>
  describe(w, context, formatSelector(context.object.spec.selector))

export const describeReplicationController: Describer = (w, context) =>
  describe(w, context, joinLabels(context.object.spec.selector))

async function describe(w: DescribeWriter, context: DescribeContext, selector: string): Promise<void> {
  const { metadata, spec, status = {} } = context.object
  w.line(0, `Name:\t${metadata.name}`)
  w.line(0, `Namespace:\t${metadata.namespace}`)
  w.line(0, `Selector:\t${selector}`)
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  const controller = controllerOf(context.object)
  if (controller) w.line(0, `Controlled By:\t${controller}`)
  w.line(0, `Replicas:\t${status.replicas ?? 0} current / ${spec.replicas ?? 0} desired`)
  w.line(0, `Pods Status:\t${await podsStatus(context, selector)}`)
  writePodTemplate(w, spec.template)
  if (status.conditions?.length > 0) {
    w.line(0, 'Conditions:\n  Type\tStatus\tReason')
    w.line(1, '----\t------\t------')
    for (const c of status.conditions) w.line(1, `${c.type} \t${c.status}\t${c.reason ?? ''}`)
  }
  await describeEvents(w, context)
}

/** `2 Running / 0 Waiting / 0 Succeeded / 0 Failed` of the Pods that the object controls. */
export async function podsStatus(context: DescribeContext, selector: string): Promise<string> {
  const { metadata } = context.object
  const list = await context.get(`/api/v1/namespaces/${metadata.namespace}/pods`, [['labelSelector', selector]])
  const owned: any[] = (list.items ?? []).filter((pod: any) =>
    (pod.metadata.ownerReferences ?? []).some((o: any) => o.controller && o.uid === metadata.uid),
  )
  const count = (phase: string) => owned.filter((pod) => (pod.status?.phase ?? 'Pending') === phase).length
  return `${count('Running')} Running / ${count('Pending')} Waiting / ${count('Succeeded')} Succeeded / ${count('Failed')} Failed`
}
