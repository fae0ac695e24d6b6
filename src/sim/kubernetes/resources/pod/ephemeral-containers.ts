import { duplicate, type FieldError, forbiddenField } from '../../api/field-error.ts'
import { deepEqual } from '../../api/json.ts'
import type { SubresourceUpdate } from '../definition.ts'
import { validateContainers } from './validate-container.ts'

/** pods/ephemeralcontainers: containers may be added, and stay. */
export const ephemeralContainers: SubresourceUpdate = {
  prepare(object, old) {
    const { ephemeralContainers: wanted } = object.spec
    object.spec = { ...old.spec, ...(wanted ? { ephemeralContainers: wanted } : {}) }
  },
  validate({ spec }, old) {
    const list: any[] = spec.ephemeralContainers ?? []
    const errors: FieldError[] = []
    if (list.length > 0) {
      const volumes = new Set<string>((spec.volumes ?? []).map((v: any) => v.name))
      errors.push(
        ...validateContainers(list, 'spec.ephemeralContainers', {
          volumes,
          restartPolicy: spec.restartPolicy,
          hostNetwork: spec.hostNetwork === true,
        }),
      )
    }
    const regular = new Set<string>(
      [...(spec.containers ?? []), ...(spec.initContainers ?? [])].map((c: any) => c.name),
    )
    for (const [i, container] of list.entries()) {
      if (regular.has(container.name)) errors.push(duplicate(`spec.ephemeralContainers[${i}].name`, container.name))
      if (container.targetContainerName && !regular.has(container.targetContainerName))
        errors.push({
          reason: 'FieldValueNotFound',
          field: `spec.ephemeralContainers[${i}].targetContainerName`,
          message: `Not found: ${JSON.stringify(container.targetContainerName)}`,
        })
      for (const name of ['ports', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle'])
        if (container[name])
          errors.push(
            forbiddenField(`spec.ephemeralContainers[${i}].${name}`, 'cannot be set for an Ephemeral Container'),
          )
    }
    for (const before of old.spec.ephemeralContainers ?? []) {
      const now = list.find((c) => c.name === before.name)
      if (!now)
        errors.push(
          forbiddenField(
            'spec.ephemeralContainers',
            `existing ephemeral containers ${JSON.stringify(before.name)} may not be removed\n`,
          ),
        )
      else if (!deepEqual(now, before))
        errors.push(
          forbiddenField(
            'spec.ephemeralContainers',
            `existing ephemeral containers ${JSON.stringify(before.name)} may not be changed\n`,
          ),
        )
    }
    return errors
  },
}
