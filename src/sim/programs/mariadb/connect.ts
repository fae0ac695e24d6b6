import { SystemError } from '../../linux/errors.ts'
import type { Process } from '../../linux/process.ts'
import { type Answer, type Login, SqlClient } from './wire.ts'

export type Connected = { client: SqlClient } | { message: string; number: number; state: string }

/** Opens a session as the client programs do; refused: with the client library's number and words. */
export async function connectSql(
  process: Process,
  host: string | undefined,
  port: number,
  login: Omit<Login, 'socket'>,
  timeout?: number,
): Promise<Connected> {
  const socket = host === undefined || host === 'localhost'
  let answer: { client: SqlClient } | Answer | undefined
  try {
    const addresses = socket ? ['127.0.0.1'] : await process.net.resolve(host)
    if (addresses.length === 0) return { number: 2005, state: 'HY000', message: `Unknown server host '${host}' (-2)` }
    const connection = await process.net.connect(
      { address: addresses[0]!, port },
      timeout === undefined ? {} : { timeout },
    )
    answer = await SqlClient.open(connection, { ...login, socket })
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    if (socket)
      return {
        number: 2002,
        state: 'HY000',
        message: `Can't connect to local server through socket '/run/mysqld/mysqld.sock' (${error.code === 'ECONNREFUSED' ? 2 : error.errno})`,
      }
    return { number: 2002, state: 'HY000', message: `Can't connect to server on '${host}' (${error.errno})` }
  }
  if (!answer)
    return {
      number: 2013,
      state: 'HY000',
      message: "Lost connection to server at 'handshake: reading initial communication packet', system error: 104",
    }
  if ('client' in answer) return answer
  if ('error' in answer) return answer.error
  return { number: 2000, state: 'HY000', message: 'Unknown error' }
}
