import { SystemError } from '../../../linux/errors.ts'
import type { Connection, Listener } from '../../../linux/socket.ts'
import { GuestThrow } from '../engine/guest.ts'
import type { HostFunctions } from './functions.ts'
import type { NodeProcess } from './node-process.ts'

/** TCP and names. Connections and listeners are numbers to the script. */
export function socketFunctions({ process }: NodeProcess): HostFunctions {
  const connections = new Map<number, Connection>()
  const listeners = new Map<number, Listener>()
  let nextId = 1
  const keep = (connection: Connection) => {
    connections.set(nextId, connection)
    return nextId++
  }
  const close = (id: number) => {
    connections.get(id)?.close()
    connections.delete(id)
  }
  const lookup = async (name: string): Promise<string[]> => {
    let found: string[]
    try {
      found = await process.net.resolve(name)
    } catch (error) {
      if (error instanceof SystemError) throw new GuestThrow('EAI_AGAIN')
      throw error
    }
    if (found.length === 0) throw new GuestThrow('ENOTFOUND')
    return found
  }
  return {
    functions: {
      listen: (address: string, port: number) => {
        try {
          const listener = process.net.listen({ address, port })
          listeners.set(nextId, listener)
          return { id: nextId++, port: listener.local.port }
        } catch (error) {
          if (error instanceof SystemError) throw new GuestThrow(error.code)
          throw error
        }
      },
      closeListener: (id: number) => {
        listeners.get(id)?.close()
        listeners.delete(id)
        return undefined
      },
      socketFinish: (id: number) => {
        connections.get(id)?.finish()
        return undefined
      },
      socketClose: (id: number) => {
        close(id)
        return undefined
      },
    },
    operations: {
      lookup,
      accept: async (id: number) => {
        const listener = listeners.get(id)
        if (!listener) throw new SystemError('EBADF')
        const connection = await listener.accept()
        const { local, remote } = connection
        const mapped = listener.local.address === '::' ? '::ffff:' : ''
        return {
          id: keep(connection),
          addresses: {
            localAddress: mapped + local.address,
            localPort: local.port,
            remoteAddress: mapped + remote.address,
            remotePort: remote.port,
          },
        }
      },
      connect: async (name: string, port: number, timeout: number) => {
        const [address] = name === '::1' ? ['127.0.0.1'] : await lookup(name)
        try {
          const connection = await process.net.connect({ address: address!, port }, timeout > 0 ? { timeout } : {})
          return {
            id: keep(connection),
            localAddress: connection.local.address,
            localPort: connection.local.port,
            remoteAddress: address,
          }
        } catch (error) {
          if (error instanceof SystemError) throw new GuestThrow(`${error.code} ${address}`)
          throw error
        }
      },
      socketRead: async (id: number) => {
        const connection = connections.get(id)
        if (!connection) return new Uint8Array()
        return connection.read(65_536)
      },
      socketWrite: async (id: number, bytes: Uint8Array) => {
        const connection = connections.get(id)
        if (!connection) throw new SystemError('EPIPE')
        await connection.write(bytes)
        return undefined
      },
    },
  }
}
