import type { Info } from '../builder/info.ts'
import { resourcePath } from '../discovery/resource.ts'
import { isNotFound } from '../errors/errors.ts'
import type { Session } from '../session.ts'
import { watchObject } from './watch-object.ts'

/** Waits until the object, with that uid, no longer exists. False when the deadline (uptime ms) came first. */
export async function waitGone(
  session: Session,
  info: Info,
  uid: string | undefined,
  deadline: number,
): Promise<boolean> {
  const path = resourcePath(info.resource, info.namespace)
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
    const gone = await watchObject(
      session,
      info,
      version,
      deadline,
      ({ type, object }) => (type === 'DELETED' && (uid === undefined || object.metadata?.uid === uid)) || undefined,
      { bookmarks: true },
    )
    if (gone !== undefined) return gone !== 'late'
  }
}
