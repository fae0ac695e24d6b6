import { formatSelector } from '../../../../sim/kubernetes/api/label-selector.ts'
import { parseRfc3339 } from '../../../../sim/time/date.ts'
import { humanDuration } from '../../printers/age.ts'
import type { Describer } from '../describer.ts'
import { describeEvents } from '../events.ts'
import { controllerOf, writeAnnotations, writeLabels } from '../maps.ts'
import { writePodTemplate } from '../pod-template.ts'
import { rfc1123 } from '../time.ts'

const unset = (value: unknown) => value ?? '<unset>'

export const describeJob: Describer = async (w, context) => {
  const { metadata, spec, status = {} } = context.object
  w.line(0, `Name:\t${metadata.name}`)
  w.line(0, `Namespace:\t${metadata.namespace}`)
  if (spec.selector) w.line(0, `Selector:\t${formatSelector(spec.selector)}`)
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  const controller = controllerOf(context.object)
  if (controller) w.line(0, `Controlled By:\t${controller}`)
  w.line(0, `Parallelism:\t${unset(spec.parallelism)}`)
  w.line(0, `Completions:\t${unset(spec.completions)}`)
  if (spec.completionMode) w.line(0, `Completion Mode:\t${spec.completionMode}`)
  if (spec.suspend !== undefined) w.line(0, `Suspend:\t${spec.suspend}`)
  if (spec.backoffLimit !== undefined) w.line(0, `Backoff Limit:\t${spec.backoffLimit}`)
  if (spec.ttlSecondsAfterFinished !== undefined)
    w.line(0, `TTL Seconds After Finished:\t${spec.ttlSecondsAfterFinished}`)
  if (status.startTime) w.line(0, `Start Time:\t${rfc1123(status.startTime)}`)
  if (status.completionTime) w.line(0, `Completed At:\t${rfc1123(status.completionTime)}`)
  if (status.startTime && status.completionTime) {
    w.line(0, `Duration:\t${humanDuration(parseRfc3339(status.completionTime) - parseRfc3339(status.startTime))}`)
  }
  if (spec.activeDeadlineSeconds !== undefined) w.line(0, `Active Deadline Seconds:\t${spec.activeDeadlineSeconds}s`)
  const ready = status.ready === undefined ? '' : ` (${status.ready} Ready)`
  w.line(
    0,
    `Pods Statuses:\t${status.active ?? 0} Active${ready} / ${status.succeeded ?? 0} Succeeded / ${status.failed ?? 0} Failed`,
  )
  if (spec.completionMode === 'Indexed') w.line(0, `Completed Indexes:\t${status.completedIndexes || '<none>'}`)
  writePodTemplate(w, spec.template)
  await describeEvents(w, context)
}

export const describeCronJob: Describer = async (w, context) => {
  const { metadata, spec, status = {} } = context.object
  w.line(0, `Name:\t${metadata.name}`)
  w.line(0, `Namespace:\t${metadata.namespace}`)
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  w.line(0, `Schedule:\t${spec.schedule}`)
  w.line(0, `Concurrency Policy:\t${spec.concurrencyPolicy}`)
  w.line(0, `Suspend:\t${spec.suspend === undefined ? '<unset>' : spec.suspend ? 'True' : 'False'}`)
  w.line(0, `Time Zone:\t${spec.timeZone ?? '<unset>'}`)
  w.line(0, `Successful Job History Limit:\t${unset(spec.successfulJobsHistoryLimit)}`)
  w.line(0, `Failed Job History Limit:\t${unset(spec.failedJobsHistoryLimit)}`)
  w.line(
    0,
    `Starting Deadline Seconds:\t${spec.startingDeadlineSeconds === undefined ? '<unset>' : `${spec.startingDeadlineSeconds}s`}`,
  )
  const job = spec.jobTemplate.spec
  w.line(0, `Selector:\t${job.selector ? formatSelector(job.selector) : '<unset>'}`)
  w.line(0, `Parallelism:\t${unset(job.parallelism)}`)
  w.line(0, `Completions:\t${unset(job.completions)}`)
  if (job.activeDeadlineSeconds !== undefined) w.line(0, `Active Deadline Seconds:\t${job.activeDeadlineSeconds}s`)
  writePodTemplate(w, job.template)
  w.line(0, `Last Schedule Time:\t${status.lastScheduleTime ? rfc1123(status.lastScheduleTime) : '<unset>'}`)
  const active: any[] = status.active ?? []
  w.line(0, `Active Jobs:\t${active.length > 0 ? active.map((ref) => ref.name).join(', ') : '<none>'}`)
  await describeEvents(w, context)
}
