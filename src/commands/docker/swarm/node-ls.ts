import { swarmList } from './list.ts'

export const listNodes = swarmList('node', 'List nodes in the swarm')
