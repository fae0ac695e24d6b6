import { formatSelector } from '../../../../sim/kubernetes/api/label-selector.ts'
import { writeClaimTemplates } from '../claim.ts'
import type { Describer } from '../describer.ts'
import { describeEvents } from '../events.ts'
import { writeAnnotations, writeLabels } from '../maps.ts'
import { writePodTemplate } from '../pod-template.ts'
import { rfc1123 } from '../time.ts'
import { podsStatus } from './replica-set.ts'

export const describeStatefulSet: Describer = async (w, context) => {
  const { metadata, spec, status = {} } = context.object
  const selector = formatSelector(spec.selector)
  w.line(0, `Name:\t${metadata.name}`)
  w.line(0, `Namespace:\t${metadata.namespace}`)
  w.line(0, `CreationTimestamp:\t${rfc1123(metadata.creationTimestamp)}`)
  w.line(0, `Selector:\t${selector}`)
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  w.line(0, `Replicas:\t${spec.replicas ?? 0} desired | ${status.replicas ?? 0} total`)
  w.line(0, `Update Strategy:\t${spec.updateStrategy?.type ?? ''}`)
  const rolling = spec.updateStrategy?.rollingUpdate
  if (rolling?.partition !== undefined) {
    w.line(1, `Partition:\t${rolling.partition}`)
    if (rolling.maxUnavailable !== undefined) w.line(1, `MaxUnavailable:\t${rolling.maxUnavailable}`)
  }
  w.line(0, `Pods Status:\t${await podsStatus(context, selector)}`)
  writePodTemplate(w, spec.template)
  writeClaimTemplates(w, spec.volumeClaimTemplates)
  await describeEvents(w, context)
}
