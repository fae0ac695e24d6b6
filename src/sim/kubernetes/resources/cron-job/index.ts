import { age, containerCells, selectorCell } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'
import { defaultTemplate } from '../pod/template-defaults.ts'
import { nameWarnings, templateWarnings } from '../pod/warnings.ts'
import { validateCronJob } from './validate.ts'

export const cronJob: KindDefinition = {
  resource: 'cronjobs.batch',
  defaults({ spec }) {
    if (!spec) return
    spec.concurrencyPolicy ||= 'Allow'
    spec.suspend ??= false
    spec.successfulJobsHistoryLimit ??= 3
    spec.failedJobsHistoryLimit ??= 1
    defaultTemplate(spec.jobTemplate?.spec?.template)
  },
  cells: (o, now) => [
    o.metadata.name,
    o.spec?.schedule ?? '',
    o.spec?.timeZone ?? '<none>',
    o.spec?.suspend === undefined ? '<unset>' : o.spec.suspend ? 'True' : 'False',
    o.status?.active?.length ?? 0,
    o.status?.lastScheduleTime ? age(o.status.lastScheduleTime, now) : '<none>',
    age(o.metadata.creationTimestamp, now),
    ...containerCells(o.spec?.jobTemplate?.spec?.template?.spec),
    selectorCell(o.spec?.jobTemplate?.spec?.selector),
  ],
  validate: validateCronJob,
  warnings: (o) => [
    ...nameWarnings(o.metadata.name, 'metadata.name'),
    ...templateWarnings(o.spec?.jobTemplate?.spec?.template, 'spec.jobTemplate.spec.template'),
  ],
}
