import type { SchedulerPlugin } from '../plugin.ts'
import { unschedulable } from '../status.ts'

export const nodePorts: SchedulerPlugin = {
  name: 'NodePorts',
  wakes: ['pod-gone', 'node'],
  preFilter: ({ info }) => ({ skip: info.hostPorts.length === 0 }),
  filter({ info }, node) {
    return info.hostPorts.some((port) => node.usesPort(port))
      ? unschedulable("node(s) didn't have free ports for the requested pod ports")
      : undefined
  },
}
