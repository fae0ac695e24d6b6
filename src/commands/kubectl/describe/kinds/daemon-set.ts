import { formatSelector } from '../../../../sim/kubernetes/api/label-selector.ts'
import type { Describer } from '../describer.ts'
import { describeEvents } from '../events.ts'
import { joinLabels, writeAnnotations, writeLabels } from '../maps.ts'
import { writePodTemplate } from '../pod-template.ts'
import { podsStatus } from './replica-set.ts'

export const describeDaemonSet: Describer = async (w, context) => {
  const { metadata, spec, status = {} } = context.object
  const selector = formatSelector(spec.selector)
  w.line(0, `Name:\t${metadata.name}`)
  w.line(0, `Namespace:\t${metadata.namespace}`)
  w.line(0, `Selector:\t${selector}`)
  w.line(0, `Node-Selector:\t${joinLabels(spec.template.spec.nodeSelector)}`)
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  w.line(0, `Desired Number of Nodes Scheduled: ${status.desiredNumberScheduled ?? 0}`)
  w.line(0, `Current Number of Nodes Scheduled: ${status.currentNumberScheduled ?? 0}`)
  w.line(0, `Number of Nodes Scheduled with Up-to-date Pods: ${status.updatedNumberScheduled ?? 0}`)
  w.line(0, `Number of Nodes Scheduled with Available Pods: ${status.numberAvailable ?? 0}`)
  w.line(0, `Number of Nodes Misscheduled: ${status.numberMisscheduled ?? 0}`)
  w.line(0, `Pods Status:\t${await podsStatus(context, selector)}`)
  writePodTemplate(w, spec.template)
  await describeEvents(w, context)
}
