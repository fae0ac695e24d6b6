import { swarmList } from './list.ts'

export const listConfigs = swarmList('config', 'List configs')
