/** A refused statement, with MariaDB's number, SQL state and words. */
export class SqlError extends Error {
  readonly number: number
  readonly state: string

  constructor(number: number, state: string, message: string) {
    super(message)
    this.number = number
    this.state = state
  }
}

export const syntaxError = (near: string, line = 1) =>
  new SqlError(
    1064,
    '42000',
    `You have an error in your SQL syntax; check the manual that corresponds to your MariaDB server version for the right syntax to use near '${near}' at line ${line}`,
  )

/** SQLite's words as MariaDB's. */
export function translateError(error: Error, database: string, statement: string): SqlError {
  const { message } = error
  let m = /^no such table: (?:\w+\.)?(.+)$/.exec(message)
  if (m) return new SqlError(1146, '42S02', `Table '${database}.${m[1]}' doesn't exist`)
  m = /^no such column: (.+)$/.exec(message)
  if (m) return new SqlError(1054, '42S22', `Unknown column '${m[1]}' in 'field list'`)
  m = /^table [`"]?(\w+)[`"]? already exists$/.exec(message)
  if (m) return new SqlError(1050, '42S01', `Table '${m[1]}' already exists`)
  m = /^table (\w+) has no column named (\w+)$/.exec(message)
  if (m) return new SqlError(1054, '42S22', `Unknown column '${m[2]}' in 'field list'`)
  m = /^UNIQUE constraint failed: (\w+)\.(\w+)/.exec(message)
  if (m) return new SqlError(1062, '23000', `Duplicate entry for key '${m[2] === 'id' ? 'PRIMARY' : m[2]}'`)
  m = /^NOT NULL constraint failed: \w+\.(\w+)/.exec(message)
  if (m) return new SqlError(1048, '23000', `Column '${m[1]}' cannot be null`)
  m = /^(\d+) values for (\d+) columns$/.exec(message) ?? /has (\d+) columns but (\d+) values/.exec(message)
  if (m) return new SqlError(1136, '21S01', "Column count doesn't match value count at row 1")
  m = /^no such function: (\w+)/.exec(message)
  if (m) return new SqlError(1305, '42000', `FUNCTION ${database}.${m[1]} does not exist`)
  m = /near "([^"]*)": syntax error/.exec(message)
  if (m) {
    const at = statement.indexOf(m[1]!)
    return syntaxError(at >= 0 ? statement.slice(at, at + 80) : statement.slice(0, 80))
  }
  if (/incomplete input|unrecognized token/.test(message)) return syntaxError(statement.slice(-20))
  return new SqlError(1105, 'HY000', message)
}
