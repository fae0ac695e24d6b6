import type { Clock } from '../../time/event-queue.ts'
import type { EventRecorder } from '../api/component.ts'

const BOOT = 20_000
const SYSTEM = new Set(['kube-system', 'kube-flannel'])

/**
 * A world begins with a cluster that was set up long ago: the events of its nodes joining and of its own Pods starting have
 * expired. So what is told of them in the first seconds is left out.
 */
export function quietBoot(recorder: EventRecorder, clock: Clock): EventRecorder {
  return {
    record(object, ...rest) {
      const isOld = object.kind === 'Node' || SYSTEM.has(object.metadata.namespace ?? '')
      if (isOld && clock.now < BOOT) return
      recorder.record(object, ...rest)
    },
  }
}
