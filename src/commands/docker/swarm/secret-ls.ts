import { swarmList } from './list.ts'

export const listSecrets = swarmList('secret', 'List secrets')
