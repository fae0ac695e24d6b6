import type { SchedulerPlugin } from '../plugin.ts'

/** Pods with gates wait outside the queue until the last one is removed. */
export const schedulingGates: SchedulerPlugin = { name: 'SchedulingGates', wakes: ['pod-itself'] }

export function isGated(pod: { spec?: any }): boolean {
  return (pod.spec.schedulingGates ?? []).length > 0
}
