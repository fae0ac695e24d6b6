import type { Info } from '../builder/info.ts'
import { resourcePath } from '../discovery/resource.ts'
import { isNotFound } from '../errors/errors.ts'
import type { Session } from '../session.ts'
import { nextWithin } from './deadline.ts'

/** Waits until the object, with that uid, no longer exists. False when the deadline (uptime ms) came first. */
export async function waitGone(
  session: Session,
  info: Info,
  uid: string | undefined,
  deadline: number,
): Promise<boolean> {
  const path = resourcePath(info.resource, info.namespace)
  const fieldSelector = `metadata.name=${info.name}`
  for (;;) {
    let version: string
    try {
      const object = await session.client.json({ path: `${path}/${encodeURIComponent(info.name)}` })
      if (uid !== undefined && object.metadata?.uid !== uid) return true
      version = object.metadata?.resourceVersion
    } catch (error) {
      if (isNotFound(error)) return true
      throw error
    }
    const query = [
      ['allowWatchBookmarks', 'true'],
      ['fieldSelector', fieldSelector],
      ['resourceVersion', version],
      ['watch', 'true'],
    ] as const
    const stream = await session.client.stream({ path, query })
    const events = stream[Symbol.asyncIterator]()
    try {
      for (;;) {
        const event = await nextWithin(session.process, events, deadline)
        if (event === 'late') return false
        if (event.done) break
        const { type, object } = event.value as any
        if (type === 'DELETED' && (uid === undefined || object.metadata?.uid === uid)) return true
      }
    } finally {
      stream.close()
    }
  }
}
