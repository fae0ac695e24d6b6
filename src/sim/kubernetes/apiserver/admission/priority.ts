import { forbidden } from '../../api/status-error.ts'
import type { AdmissionPlugin } from './plugin.ts'

/** Turns a priority class into a number; only one class may be the default. */
export const priority: AdmissionPlugin = {
  name: 'Priority',
  admit({ operation, info, subresource, object, old, name, context }) {
    if (info.name === 'priorityclasses.scheduling.k8s.io' && operation === 'DELETE' && name.startsWith('system-'))
      throw forbidden(info, name, 'this is a system priority class and cannot be deleted')
    if (info.name !== 'pods' || subresource !== '' || !object) return
    const { spec } = object
    if (operation === 'UPDATE') {
      if (spec.priority === undefined && old?.spec.priority !== undefined) spec.priority = old.spec.priority
      if (spec.preemptionPolicy === undefined && old?.spec.preemptionPolicy)
        spec.preemptionPolicy = old.spec.preemptionPolicy
      return
    }
    if (operation !== 'CREATE') return
    let value = 0
    let policy = 'PreemptLowerPriority'
    if (!spec.priorityClassName) {
      const standard = context
        .list<any>('priorityclasses.scheduling.k8s.io')
        .filter((c) => c.globalDefault)
        .sort((a, b) => a.value - b.value)[0]
      if (standard) {
        spec.priorityClassName = standard.metadata.name
        value = standard.value ?? 0
        policy = standard.preemptionPolicy ?? policy
      }
    } else {
      const chosen = context.get<any>('priorityclasses.scheduling.k8s.io', undefined, spec.priorityClassName)
      if (!chosen) throw forbidden(info, name, `no PriorityClass with name ${spec.priorityClassName} was found`)
      value = chosen.value ?? 0
      policy = chosen.preemptionPolicy ?? policy
    }
    if (spec.priority !== undefined && spec.priority !== value)
      throw forbidden(
        info,
        name,
        `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`,
      )
    if (spec.preemptionPolicy && spec.preemptionPolicy !== policy)
      throw forbidden(
        info,
        name,
        `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`,
      )
    spec.priority = value
    spec.preemptionPolicy = policy
  },
  validate({ operation, info, object, name, context }) {
    if (info.name !== 'priorityclasses.scheduling.k8s.io' || operation === 'DELETE' || !object?.globalDefault) return
    const other = context
      .list<any>('priorityclasses.scheduling.k8s.io')
      .find((c) => c.globalDefault && c.metadata.name !== name)
    if (other)
      throw forbidden(
        info,
        name,
        `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`,
      )
  },
}
