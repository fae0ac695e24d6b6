import type { Clock } from '../../time/event-queue.ts'
import type { EventRecorder } from '../api/component.ts'

const BOOT = 20_000

/**
 * A world begins with a cluster that was set up long ago: the events of its nodes joining have expired. So what is told of
 * Nodes in the first seconds is left out.
 */
export function quietBoot(recorder: EventRecorder, clock: Clock): EventRecorder {
  return {
    record(object, ...rest) {
      if (object.kind === 'Node' && clock.now < BOOT) return
      recorder.record(object, ...rest)
    },
  }
}
