import type { Program } from '../../linux/process.ts'
import { mysqlAdmin, mysqlClient } from './client.ts'
import { mariadbEntrypoint, mysqlEntrypoint } from './entrypoint.ts'
import { mariadbd } from './server.ts'

/** Programs of the mariadb and mysql images, by the names their executables carry. */
export const mariadbPrograms: readonly (readonly [string, Program])[] = [
  ['mariadbd', mariadbd],
  ['mysqld', mariadbd],
  ['mysql', mysqlClient],
  ['mysqladmin', mysqlAdmin],
  ['mariadb-entrypoint', mariadbEntrypoint],
  ['mysql-entrypoint', mysqlEntrypoint],
]
