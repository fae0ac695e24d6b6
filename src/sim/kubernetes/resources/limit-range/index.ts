import type { KindDefinition } from '../definition.ts'

export const limitRange: KindDefinition = {
  resource: 'limitranges',
}
