import type { KindDefinition } from '../definition.ts'

export const configMap: KindDefinition = { resource: 'configmaps' }
