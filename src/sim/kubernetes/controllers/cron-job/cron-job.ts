import type { KubeObject } from '../../api/object.ts'
import { type Controller, defineController } from '../shared/controller.ts'
import { equal } from '../shared/equal.ts'
import { controllerOf, controllerRef, formatTime, keyOf, parseTime, splitKey } from '../shared/meta.ts'
import { isAlreadyExists, isGone, isNamespaceTerminating } from '../shared/pod-control.ts'
import { watchKeys } from '../shared/watch-owned.ts'
import { parseSchedule, type Schedule } from './schedule.ts'

const SCHEDULED = 'batch.kubernetes.io/cronjob-scheduled-timestamp'
/** The schedule's own slack: Jobs start a little after the minute. */
const SLACK_MS = 100
const TOO_MANY = 100

export const cronJobController = defineController('cronjob-controller', (controller) => {
  const { api } = controller
  watchKeys(controller, 'cronjobs.batch')
  controller.watch('jobs.batch', ({ object, previous }) => {
    for (const job of previous ? [object, previous] : [object]) {
      const owner = controllerOf(job)
      if (owner?.kind === 'CronJob') controller.enqueue(`${job.metadata.namespace}/${owner.name}`)
    }
  })
  return (key) => {
    const { namespace, name } = splitKey(key)
    const cronJob = api.get('cronjobs.batch', namespace, name)
    if (cronJob) new CronPass(controller, cronJob).run()
  }
})

class CronPass {
  readonly #controller: Controller
  readonly #cron: KubeObject
  readonly #now: number
  readonly #jobs: KubeObject[]
  #active: any[]
  #lastSchedule: string | undefined
  #lastSuccess: string | undefined

  constructor(controller: Controller, cron: KubeObject) {
    this.#controller = controller
    this.#cron = cron
    this.#now = controller.api.now()
    this.#jobs = [
      ...controller.api.list('jobs.batch', { namespace: cron.metadata.namespace, ownedBy: cron.metadata.uid }),
    ]
    this.#active = [...(cron.status?.active ?? [])]
    this.#lastSchedule = cron.status?.lastScheduleTime
    this.#lastSuccess = cron.status?.lastSuccessfulTime
  }

  run(): void {
    this.#noteJobs()
    this.#trimHistory()
    if (!this.#cron.metadata.deletionTimestamp && !this.#cron.spec.suspend) this.#schedule()
    this.#writeStatus()
  }

  #event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#controller.event(this.#cron, type, reason, message)
  }

  /** Brings the list of active Jobs up to what is there. */
  #noteJobs(): void {
    for (const job of this.#jobs) {
      const { uid, name } = job.metadata
      const end = endOf(job)
      const isListed = this.#active.some((reference) => reference.uid === uid)
      if (!isListed && !end) {
        this.#event('Warning', 'UnexpectedJob', `Saw a job that the controller did not create or forgot: ${name}`)
      } else if (isListed && end) {
        this.#active = this.#active.filter((reference) => reference.uid !== uid)
        this.#event('Normal', 'SawCompletedJob', `Saw completed job: ${name}, condition: ${end.type}`)
      }
      const done = end?.type === 'Complete' ? job.status?.completionTime : undefined
      if (done && (!this.#lastSuccess || done > this.#lastSuccess)) this.#lastSuccess = done
    }
    const present = new Set(this.#jobs.map(({ metadata }) => metadata.uid))
    for (const reference of this.#active) {
      if (present.has(reference.uid)) continue
      this.#event('Normal', 'MissingJob', `Active job went missing: ${reference.name}`)
      this.#active = this.#active.filter(({ uid }) => uid !== reference.uid)
    }
  }

  #trimHistory(): void {
    const { successfulJobsHistoryLimit: successes, failedJobsHistoryLimit: failures } = this.#cron.spec
    for (const [type, limit] of [
      ['Complete', successes],
      ['Failed', failures],
    ] as const) {
      if (limit === undefined) continue
      const ended = this.#jobs.filter((job) => endOf(job)?.type === type).sort(byStart)
      for (const job of ended.slice(0, Math.max(0, ended.length - limit))) this.#delete(job)
    }
  }

  #delete({ metadata }: KubeObject): void {
    try {
      this.#controller.api.delete('jobs.batch', metadata.namespace, metadata.name, { propagationPolicy: 'Background' })
      this.#event('Normal', 'SuccessfulDelete', `Deleted job ${metadata.name}`)
    } catch (error) {
      if (!isGone(error)) this.#event('Warning', 'FailedDelete', `Deleted job: ${(error as Error).message}`)
    }
    this.#active = this.#active.filter(({ uid }) => uid !== metadata.uid)
  }

  #schedule(): void {
    const { spec, metadata } = this.#cron
    let schedule: Schedule
    try {
      schedule = parseSchedule(spec.schedule, spec.timeZone)
    } catch (error) {
      const message = `unparseable schedule: ${spec.schedule} : ${(error as Error).message}`
      this.#event('Warning', 'UnparseableSchedule', message)
      return
    }
    const due = this.#lastDue(schedule)
    const next = schedule.next(this.#now)
    if (next !== undefined) this.#controller.enqueueAfter(keyOf(this.#cron), next - this.#now + SLACK_MS)
    if (due === undefined) return
    const { startingDeadlineSeconds, concurrencyPolicy } = spec
    if (startingDeadlineSeconds !== undefined && due + startingDeadlineSeconds * 1000 < this.#now) {
      this.#event('Warning', 'MissSchedule', `Missed scheduled time to start a job: ${formatTime(due)}`)
      return
    }
    const name = `${metadata.name}-${Math.floor(due / 60_000)}`
    if (this.#active.some((reference) => reference.name === name) || this.#lastSchedule === formatTime(due)) return
    if (concurrencyPolicy === 'Forbid' && this.#active.length > 0) {
      this.#event(
        'Normal',
        'JobAlreadyActive',
        'Not starting job because prior execution is running and concurrency policy is Forbid',
      )
      return
    }
    if (concurrencyPolicy === 'Replace')
      for (const job of this.#jobs) if (this.#active.some(({ uid }) => uid === job.metadata.uid)) this.#delete(job)
    this.#start(name, due)
  }

  /** The latest time not after now that was not served yet. */
  #lastDue(schedule: Schedule): number | undefined {
    const { spec, metadata } = this.#cron
    let from = parseTime(this.#lastSchedule ?? metadata.creationTimestamp)
    if (spec.startingDeadlineSeconds !== undefined)
      from = Math.max(from, this.#now - spec.startingDeadlineSeconds * 1000)
    let due: number | undefined
    let missed = 0
    for (let time = schedule.next(from); time !== undefined && time <= this.#now; time = schedule.next(time)) {
      due = time
      missed++
      if (missed === TOO_MANY + 1) {
        const message = `too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew`
        this.#event('Warning', 'TooManyMissedTimes', message)
      }
    }
    return due
  }

  #start(name: string, due: number): void {
    const { spec, metadata } = this.#cron
    const template = spec.jobTemplate
    const annotations = { ...template.metadata?.annotations, [SCHEDULED]: formatTime(due) }
    const object = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name,
        namespace: metadata.namespace,
        ...(template.metadata?.labels && { labels: { ...template.metadata.labels } }),
        annotations,
        ownerReferences: [controllerRef(this.#cron)],
      },
      spec: template.spec,
    }
    try {
      const job = this.#controller.api.create('jobs.batch', object)
      this.#event('Normal', 'SuccessfulCreate', `Created job ${name}`)
      const { uid, resourceVersion, namespace } = job.metadata
      this.#active.push({ apiVersion: 'batch/v1', kind: 'Job', name, namespace, resourceVersion, uid })
    } catch (error) {
      if (isNamespaceTerminating(error)) return
      if (!isAlreadyExists(error)) {
        this.#event('Warning', 'FailedCreate', `Error creating job: ${(error as Error).message}`)
        throw error
      }
    }
    this.#lastSchedule = formatTime(due)
  }

  #writeStatus(): void {
    const status = {
      ...(this.#active.length > 0 && { active: this.#active }),
      ...(this.#lastSchedule && { lastScheduleTime: this.#lastSchedule }),
      ...(this.#lastSuccess && { lastSuccessfulTime: this.#lastSuccess }),
    }
    if (equal(status, this.#cron.status ?? {})) return
    try {
      this.#controller.api.update('cronjobs.batch', { ...this.#cron, status }, { subresource: 'status' })
    } catch (error) {
      if (!isGone(error)) throw error
      this.#controller.enqueue(keyOf(this.#cron))
    }
  }
}

function endOf(job: KubeObject): { type: string } | undefined {
  return job.status?.conditions?.find((c: any) => (c.type === 'Complete' || c.type === 'Failed') && c.status === 'True')
}

function byStart(a: KubeObject, b: KubeObject): number {
  const [x, y] = [a.status?.startTime ?? '', b.status?.startTime ?? '']
  return x < y ? -1 : x > y ? 1 : a.metadata.name < b.metadata.name ? -1 : 1
}
