import { SystemError } from '../../linux/errors.ts'
import { ByteReader } from '../http/reader.ts'
import type { Persistence } from './persistence/store.ts'
import { encodeCommand, encodeText, fromLatin1, readCommand } from './resp.ts'
import type { Client, ServerState } from './server-state.ts'

type Log = (level: '*' | '#', message: string) => Promise<void>

/** Answers PSYNC: the whole data set, then every write as it comes. */
export function sendFullSync(state: ServerState, persistence: Persistence, client: Client, port: number): void {
  client.sendRaw(`+FULLRESYNC ${state.runId} ${state.replicationOffset}\r\n`)
  const snapshot = persistence.snapshot()
  let text = ''
  for (const byte of snapshot) text += String.fromCharCode(byte)
  client.sendRaw(`$${snapshot.length}\r\n${text}`)
  client.replica = true
  state.replicas.set(client.id, { address: client.address.replace(/:\d+$/, ''), port })
}

/** Follows the configured primary for as long as it stays configured, connecting again after every failure. */
export async function followPrimary(
  state: ServerState,
  persistence: Persistence,
  log: Log,
  apply: (words: string[]) => void,
): Promise<void> {
  const primary = state.primary
  while (primary && state.primary === primary) {
    await log('*', `Connecting to MASTER ${primary.host}:${primary.port}`)
    try {
      const [address] = await state.process.net.resolve(primary.host)
      if (address === undefined) throw new SystemError('EHOSTUNREACH')
      const connection = await state.process.net.connect({ address, port: primary.port }, { timeout: 60_000 })
      await log('*', 'MASTER <-> REPLICA sync started')
      try {
        const reader = new ByteReader(connection)
        const send = (words: string[]) => connection.write(fromLatin1(encodeCommand(words)))
        const password = state.config.get('masterauth')
        if (password !== '') {
          await send(['AUTH', encodeText(password)])
          await reader.line()
        }
        await send(['REPLCONF', 'listening-port', state.config.get('port')])
        await reader.line()
        await send(['PSYNC', '?', '-1'])
        const answer = await reader.line()
        if (!answer?.startsWith('+FULLRESYNC')) throw new SystemError('ECONNRESET')
        await log('*', `Full resync from master: ${answer.slice(12)}`)
        const size = Number((await reader.line())?.slice(1))
        persistence.restore(await reader.bytes(size))
        primary.linkUp = true
        await log('*', 'MASTER <-> REPLICA sync: Finished with success')
        for (
          let words = await readCommand(reader);
          words && state.primary === primary;
          words = await readCommand(reader)
        ) {
          state.replicationOffset += encodeCommand(words).length
          apply(words)
        }
      } finally {
        primary.linkUp = false
        connection.close()
      }
      await log('#', 'Connection with master lost.')
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
      await log('#', `Error condition on socket for SYNC: ${error.message}`)
    }
    await state.process.sleep(1000)
  }
}
