import { podInfo } from '../node-info.ts'
import type { SchedulerPlugin } from '../plugin.ts'
import { unschedulable } from '../status.ts'

export const nodePorts: SchedulerPlugin = {
  name: 'NodePorts',
  wakes: ['pod-gone', 'node'],
  filter({ pod }, node) {
    return podInfo(pod).hostPorts.some((port) => node.usesPort(port))
      ? unschedulable("node(s) didn't have free ports for the requested pod ports")
      : undefined
  },
}
