import { type FieldError, invalid, notSupported, required } from '../../api/field-error.ts'
import { validateJobSpec } from '../job/validate.ts'
import { nonNegative } from '../validation.ts'
import { isTimeZone } from './time-zones.ts'

export function validateCronJob({ spec = {}, metadata }: any): FieldError[] {
  const errors: FieldError[] = []
  if (metadata.name?.length > 52)
    errors.push(invalid('metadata.name', metadata.name, 'must be no more than 52 characters'))
  errors.push(...validateSchedule(spec.schedule ?? ''))
  if (spec.timeZone !== undefined) errors.push(...validateTimeZone(spec.timeZone))
  errors.push(...nonNegative(spec.startingDeadlineSeconds, 'spec.startingDeadlineSeconds'))
  if (!['Allow', 'Forbid', 'Replace'].includes(spec.concurrencyPolicy))
    errors.push(
      spec.concurrencyPolicy
        ? notSupported('spec.concurrencyPolicy', spec.concurrencyPolicy, ['Allow', 'Forbid', 'Replace'])
        : required('spec.concurrencyPolicy'),
    )
  errors.push(...validateJobSpec(spec.jobTemplate?.spec ?? {}, 'spec.jobTemplate.spec', true))
  errors.push(...nonNegative(spec.successfulJobsHistoryLimit, 'spec.successfulJobsHistoryLimit'))
  errors.push(...nonNegative(spec.failedJobsHistoryLimit, 'spec.failedJobsHistoryLimit'))
  return errors
}

function validateTimeZone(zone: string): FieldError[] {
  if (zone === '') return [invalid('spec.timeZone', zone, 'timeZone must be nil or non-empty string')]
  if (zone.toLowerCase() === 'local')
    return [
      invalid(
        'spec.timeZone',
        zone,
        'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones',
      ),
    ]
  return isTimeZone(zone) ? [] : [invalid('spec.timeZone', zone, `unknown time zone ${zone}`)]
}

function validateSchedule(schedule: string): FieldError[] {
  if (schedule === '') return [required('spec.schedule')]
  if (schedule.includes('TZ'))
    return [invalid('spec.schedule', schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead')]
  const problem = cronProblem(schedule)
  return problem ? [invalid('spec.schedule', schedule, problem)] : []
}

const FIELDS: readonly [min: number, max: number, names: readonly string[]][] = [
  [0, 59, []],
  [0, 23, []],
  [1, 31, []],
  [1, 12, ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']],
  [0, 6, ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']],
]
const DESCRIPTORS = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly']

/** What robfig/cron's standard parser says of a schedule; undefined when it is fine. */
function cronProblem(schedule: string): string | undefined {
  if (schedule.startsWith('@')) {
    if (DESCRIPTORS.includes(schedule)) return undefined
    if (/^@every (\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(schedule)) return undefined
    if (schedule.startsWith('@every '))
      return `failed to parse duration ${schedule}: time: invalid duration ${JSON.stringify(schedule.slice(7))}`
    return `unrecognized descriptor: ${schedule}`
  }
  const fields = schedule.trim().split(/\s+/)
  if (fields.length !== 5) return `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`
  for (const [i, field] of fields.entries())
    for (const expression of field.split(',')) {
      const problem = rangeProblem(expression, ...FIELDS[i]!)
      if (problem) return problem
    }
  return undefined
}

function rangeProblem(expression: string, min: number, max: number, names: readonly string[]): string | undefined {
  const [range = '', step, ...moreSteps] = expression.split('/')
  const [low = '', high, ...moreRange] = range.split('-')
  const number = (text: string): number | string => {
    const index = names.indexOf(text.toLowerCase())
    if (index >= 0) return index + min
    return /^\d+$/.test(text)
      ? Number(text)
      : `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`
  }
  let start: number | string = min
  let end: number | string = max
  if (low !== '*' && low !== '?') {
    start = number(low)
    if (typeof start === 'string') return start
    if (high === undefined) end = step === undefined ? start : max
    else {
      end = number(high)
      if (typeof end === 'string') return end
    }
    if (moreRange.length > 0) return `too many hyphens: ${expression}`
  }
  if (moreSteps.length > 0) return `too many slashes: ${expression}`
  if (step !== undefined) {
    const value = number(step)
    if (typeof value === 'string') return value
    if (value === 0) return `step of range should be a positive number: ${expression}`
  }
  if (start < min) return `beginning of range (${start}) below minimum (${min}): ${expression}`
  if ((end as number) > max) return `end of range (${end}) above maximum (${max}): ${expression}`
  if (start > (end as number)) return `beginning of range (${start}) beyond end of range (${end}): ${expression}`
  return undefined
}
