import { swarmList } from './list.ts'

export const listServices = swarmList('service', 'List services')
