import { formatSelector } from '../../../../sim/kubernetes/api/label-selector.ts'
import { equal } from '../../patch/equal.ts'
import type { DescribeContext, Describer } from '../describer.ts'
import { describeEvents } from '../events.ts'
import { writeAnnotations, writeLabels } from '../maps.ts'
import { writePodTemplate } from '../pod-template.ts'
import { rfc1123 } from '../time.ts'

export const describeDeployment: Describer = async (w, context) => {
  const { object: d } = context
  const { metadata, spec, status = {} } = d
  w.line(0, `Name:\t${metadata.name}`)
  w.line(0, `Namespace:\t${metadata.namespace}`)
  w.line(0, `CreationTimestamp:\t${rfc1123(metadata.creationTimestamp)}`)
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  w.line(0, `Selector:\t${formatSelector(spec.selector) || '<none>'}`)
  const count = (name: string) => status[name] ?? 0
  w.line(
    0,
    `Replicas:\t${spec.replicas ?? 0} desired | ${count('updatedReplicas')} updated | ${count('replicas')} total | ${count('availableReplicas')} available | ${count('unavailableReplicas')} unavailable`,
  )
  w.line(0, `StrategyType:\t${spec.strategy?.type ?? ''}`)
  w.line(0, `MinReadySeconds:\t${spec.minReadySeconds ?? 0}`)
  const rolling = spec.strategy?.rollingUpdate
  if (rolling)
    w.line(0, `RollingUpdateStrategy:\t${rolling.maxUnavailable} max unavailable, ${rolling.maxSurge} max surge`)
  writePodTemplate(w, spec.template)
  if (status.conditions?.length > 0) {
    w.line(0, 'Conditions:\n  Type\tStatus\tReason')
    w.line(1, '----\t------\t------')
    for (const c of status.conditions) w.line(1, `${c.type} \t${c.status}\t${c.reason ?? ''}`)
  }
  const { old, current } = await replicaSetsOf(context)
  w.line(0, `OldReplicaSets:\t${listed(old)}`)
  w.line(0, `NewReplicaSet:\t${listed(current ? [current] : [])}`)
  await describeEvents(w, context)
}

const HASH = 'pod-template-hash'

/** The ReplicaSet of the present template, and those others that have been scaled or have history. */
async function replicaSetsOf(context: DescribeContext): Promise<{ old: any[]; current: any }> {
  const { object: d } = context
  const list = await context.get(`/apis/apps/v1/namespaces/${d.metadata.namespace}/replicasets`, [
    ['labelSelector', formatSelector(d.spec.selector)],
  ])
  const owned: any[] = (list.items ?? []).filter((rs: any) =>
    (rs.metadata.ownerReferences ?? []).some((o: any) => o.controller && o.uid === d.metadata.uid),
  )
  owned.sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1))
  const current = owned.find((rs) => equal(withoutHash(rs.spec.template), withoutHash(d.spec.template)))
  return { old: owned.filter((rs) => rs !== current), current }
}

function withoutHash(template: any): any {
  const { [HASH]: _, ...labels } = template.metadata?.labels ?? {}
  return { ...template, metadata: { ...template.metadata, labels, creationTimestamp: undefined } }
}

function listed(replicaSets: readonly any[]): string {
  const texts = replicaSets.map(
    (rs) => `${rs.metadata.name} (${rs.status?.replicas ?? 0}/${rs.spec.replicas ?? 0} replicas created)`,
  )
  return texts.length > 0 ? texts.join(', ') : '<none>'
}
