import type { Database, SqlJsStatic } from 'sql.js'
import { hold, type Waiting } from '../../time/waiting.ts'

/** SQLite, the embedded engine under our MariaDB. Loaded when the first server starts. */
export async function loadSqlite(waiting: Waiting): Promise<SqlJsStatic> {
  const loading = import('sql.js/dist/sql-wasm-inline.js').then((module) => module.default())
  return hold(waiting, loading)
}

export type { Database, SqlJsStatic }
