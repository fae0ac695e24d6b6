import type { KubeObject } from '../api/object.ts'
import { defineController } from '../controllers/shared/controller.ts'
import { isGone } from '../controllers/shared/pod-control.ts'

const TTL_MS = 3_600_000
const PERIOD_MS = 60_000

/** Events live for an hour after they were last written (kube-apiserver's --event-ttl). */
export const eventExpiry = defineController('event-expiry', (controller) => {
  const { api } = controller
  /** Oldest first: a written event moves to the end. */
  const written = new Map<string, { at: number; object: KubeObject }>()
  controller.watch('events', ({ type, object }) => {
    const { uid } = object.metadata
    written.delete(uid)
    if (type !== 'DELETED') written.set(uid, { at: api.now(), object })
  })
  controller.every(PERIOD_MS, () => {
    for (const { at, object } of written.values()) {
      if (at + TTL_MS > api.now()) return
      try {
        api.delete('events', object.metadata.namespace, object.metadata.name)
      } catch (error) {
        if (!isGone(error)) throw error
      }
    }
  })
  return () => {}
})
