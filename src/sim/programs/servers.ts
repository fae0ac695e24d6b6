import type { Program } from '../linux/process.ts'
import { mariadbPrograms } from './mariadb/index.ts'
import { nginx } from './nginx/index.ts'
import { pause } from './pause/index.ts'
import { redisCli, redisServer } from './redis/index.ts'
import { registry } from './registry/index.ts'
import { setpriv, suExec } from './setpriv/index.ts'

/** What images bring besides a userland, by the names their executables carry. One line each. */
export const servers: readonly (readonly [string, Program])[] = [
  ['nginx', nginx],
  ['pause', pause],
  ['redis-server', redisServer],
  ['redis-cli', redisCli],
  ['registry', registry],
  ['setpriv', setpriv],
  ['su-exec', suExec],
  ...mariadbPrograms,
]
