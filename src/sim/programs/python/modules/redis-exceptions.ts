import type { ModuleDefinition } from './module.ts'

export const redisExceptions: ModuleDefinition = {
  distribution: 'redis',
  source: `
from redis import RedisError, ConnectionError, TimeoutError, BusyLoadingError, ResponseError, DataError, WatchError, AuthenticationError
`,
}
