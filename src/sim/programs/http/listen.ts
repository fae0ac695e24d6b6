import { SystemError } from '../../linux/errors.ts'
import type { Process } from '../../linux/process.ts'
import type { Connection } from '../../linux/socket.ts'
import { type Handled, type ServeOptions, type ServerRequest, serveHttp } from './server.ts'

/** Serves HTTP on a port until the process ends. Throws SystemError when the port cannot be had. */
export async function listenHttp(
  process: Process,
  at: { address?: string; port: number },
  handler: (request: ServerRequest) => Promise<Handled> | Handled,
  options: ServeOptions = {},
): Promise<void> {
  const listener = process.net.listen({ address: at.address ?? '0.0.0.0', port: at.port })
  for (;;) {
    let connection: Connection
    try {
      connection = await listener.accept()
    } catch (error) {
      if (error instanceof SystemError) return
      throw error
    }
    // A client that goes away in the middle is its own affair.
    serveHttp(connection, handler, options).catch(() => connection.close())
  }
}
