import { parseRfc3339 } from '../../../time/date.ts'
import { humanDuration } from '../../api/duration.ts'
import { age, containerCells, selectorCell } from '../cells.ts'
import type { Cell } from '../definition.ts'

/** The STATUS column: the first that holds. */
function statusOf(job: any): string {
  const has = (type: string) => job.status?.conditions?.some((c: any) => c.type === type && c.status === 'True')
  if (has('Complete')) return 'Complete'
  if (has('Failed')) return 'Failed'
  if (job.metadata.deletionTimestamp) return 'Terminating'
  if (has('Suspended')) return 'Suspended'
  if (has('FailureTarget')) return 'FailureTarget'
  if (has('SuccessCriteriaMet')) return 'SuccessCriteriaMet'
  return 'Running'
}

export function jobCells(job: any, now: number): Cell[] {
  const { spec, status = {}, metadata } = job
  const succeeded = status.succeeded ?? 0
  let completions: string
  if (spec.completions !== undefined) completions = `${succeeded}/${spec.completions}`
  else completions = (spec.parallelism ?? 0) > 1 ? `${succeeded}/1 of ${spec.parallelism}` : `${succeeded}/1`
  let duration = ''
  if (status.startTime) {
    const end = status.completionTime ? parseRfc3339(status.completionTime) : now
    duration = humanDuration(end - parseRfc3339(status.startTime))
  }
  return [
    metadata.name,
    statusOf(job),
    completions,
    duration,
    age(metadata.creationTimestamp, now),
    ...containerCells(spec.template?.spec),
    selectorCell(spec.selector),
  ]
}
