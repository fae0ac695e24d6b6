import type { Info } from '../builder/info.ts'
import { resourcePath } from '../discovery/resource.ts'
import type { Session } from '../session.ts'
import { nextWithin } from './deadline.ts'

export interface ObjectChange {
  type: string
  object: any
}

/**
 * Watches one object from a resource version on until `seen` answers something else than undefined, which is the answer.
 * `late` when the deadline (uptime ms) comes first; undefined when the server ends the watch.
 */
export async function watchObject<T>(
  session: Session,
  info: Info,
  resourceVersion: string,
  deadline: number,
  seen: (change: ObjectChange) => T | undefined | Promise<T | undefined>,
  options: { bookmarks?: boolean } = {},
): Promise<T | 'late' | undefined> {
  const query: [string, string][] = [
    ['fieldSelector', `metadata.name=${info.name}`],
    ['resourceVersion', resourceVersion],
    ['watch', 'true'],
  ]
  if (options.bookmarks) query.unshift(['allowWatchBookmarks', 'true'])
  const stream = await session.client.stream({ path: resourcePath(info.resource, info.namespace), query })
  const events = stream[Symbol.asyncIterator]()
  try {
    for (;;) {
      const event = await nextWithin(session.process, events, deadline)
      if (event === 'late') return 'late'
      if (event.done) return undefined
      const answer = await seen(event.value as ObjectChange)
      if (answer !== undefined) return answer
    }
  } finally {
    stream.close()
  }
}
