import type { KindDefinition } from '../definition.ts'
import { defaultTemplate } from '../pod/template-defaults.ts'
import { nameWarnings, templateWarnings } from '../pod/warnings.ts'
import { jobCells } from './cells.ts'
import { validateJob, validateJobUpdate } from './validate.ts'

export function defaultJobSpec(spec: any): void {
  if (spec.completions === undefined && spec.parallelism === undefined) {
    spec.completions = 1
    spec.parallelism = 1
  }
  spec.parallelism ??= 1
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : 2147483647
  spec.completionMode ??= 'NonIndexed'
  spec.suspend ??= false
  spec.manualSelector ??= false
  spec.podReplacementPolicy ??= spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed'
  for (const rule of spec.podFailurePolicy?.rules ?? [])
    for (const pattern of rule.onPodConditions ?? []) pattern.status ||= 'True'
  defaultTemplate(spec.template)
}

const NAME = 'batch.kubernetes.io/job-name'
const UID = 'batch.kubernetes.io/controller-uid'

export const job: KindDefinition = {
  resource: 'jobs.batch',
  defaults(object) {
    if (!object.spec) return
    const labels = object.spec.template?.metadata?.labels
    if (labels && Object.keys(object.metadata.labels ?? {}).length === 0) object.metadata.labels = { ...labels }
    defaultJobSpec(object.spec)
  },
  prepareCreate(object) {
    const { spec, metadata } = object
    if (!spec.template || spec.manualSelector) return
    spec.template.metadata ??= {}
    const template = spec.template.metadata
    template.labels = {
      ...template.labels,
      [UID]: metadata.uid,
      [NAME]: metadata.name,
      'controller-uid': metadata.uid,
      'job-name': metadata.name,
    }
    spec.selector ??= { matchLabels: { [UID]: metadata.uid } }
  },
  cells: jobCells,
  fields: { 'status.successful': (o) => String(o.status?.succeeded ?? 0) },
  validate: validateJob,
  validateUpdate: validateJobUpdate,
  warnings: (o) => [
    ...nameWarnings(o.metadata.name, 'metadata.name'),
    ...templateWarnings(o.spec?.template, 'spec.template'),
  ],
}
