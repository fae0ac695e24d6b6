import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'
import { validateSecret, validateSecretUpdate } from './validate.ts'

export const secret: KindDefinition = {
  resource: 'secrets',
  defaults(object) {
    object.type ||= 'Opaque'
    if (!object.stringData) return
    object.data = { ...object.data }
    const bytes = new TextEncoder()
    for (const [key, value] of Object.entries<string>(object.stringData)) {
      let binary = ''
      for (const byte of bytes.encode(value)) binary += String.fromCharCode(byte)
      object.data[key] = btoa(binary)
    }
    delete object.stringData
  },
  fields: { type: (o) => o.type ?? '' },
  cells: (o, now) => [
    o.metadata.name,
    o.type,
    String(Object.keys(o.data ?? {}).length),
    age(o.metadata.creationTimestamp, now),
  ],
  validate: validateSecret,
  validateUpdate: validateSecretUpdate,
}
