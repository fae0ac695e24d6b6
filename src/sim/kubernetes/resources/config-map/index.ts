import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'
import { validateConfigMap, validateImmutable } from './validate.ts'

export const configMap: KindDefinition = {
  resource: 'configmaps',
  cells: (o, now) => [
    o.metadata.name,
    String(Object.keys(o.data ?? {}).length + Object.keys(o.binaryData ?? {}).length),
    age(o.metadata.creationTimestamp, now),
  ],
  validate: validateConfigMap,
  validateUpdate: (o, old) => validateImmutable(o, old, ['data', 'binaryData']),
}
