import type { KindDefinition } from '../definition.ts'
import { defaultLimitRange, validateLimitRange } from './validate.ts'

export const limitRange: KindDefinition = {
  resource: 'limitranges',
  defaults: defaultLimitRange,
  validate: validateLimitRange,
}
