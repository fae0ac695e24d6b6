import type { ApiClient } from '../../api/client.ts'

/** A client that counts its writes. */
export interface CountedClient {
  api: ApiClient
  /** Writes since the last call. */
  take(): number
}

export function countWrites(inner: ApiClient): CountedClient {
  let writes = 0
  const counted =
    <A extends unknown[], R>(write: (...args: A) => R) =>
    (...args: A): R => {
      writes++
      return write(...args)
    }
  return {
    api: {
      as: (user, manager) => inner.as(user, manager),
      get: inner.get.bind(inner) as ApiClient['get'],
      list: inner.list.bind(inner) as ApiClient['list'],
      watch: inner.watch.bind(inner) as ApiClient['watch'],
      now: () => inner.now(),
      resources: () => inner.resources(),
      servesGroup: (group) => inner.servesGroup(group),
      create: counted(inner.create.bind(inner)) as ApiClient['create'],
      update: counted(inner.update.bind(inner)) as ApiClient['update'],
      patch: counted(inner.patch.bind(inner)) as ApiClient['patch'],
      delete: counted(inner.delete.bind(inner)),
    },
    take() {
      const taken = writes
      writes = 0
      return taken
    },
  }
}
