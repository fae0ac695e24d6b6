import type { Process } from '../../linux/process.ts'
import type { Connection } from '../../linux/socket.ts'
import type { Certificate } from '../http/tls.ts'
import type { Server } from './config/model.ts'
import { findServer } from './locations.ts'

const YEAR = 365 * 86_400_000

/** The certificate of the server block that a TLS client asks for. */
export function readCertificate(
  process: Process,
  servers: readonly Server[],
  connection: Connection,
  name: string,
): Certificate | undefined {
  const server = findServer(servers, connection.local.address, connection.local.port, name)
  if (!server) return undefined
  return server.certificate ?? selfSigned(server.names[0] ?? 'localhost', process.wallClock())
}

/** What a client is shown of a certificate whose details are not in the file. */
function selfSigned(name: string, now: number): Certificate {
  return {
    subject: `CN=${name}`,
    issuer: `CN=${name}`,
    names: [name],
    notBefore: now - 86_400_000,
    notAfter: now + YEAR,
    serial: '01',
  }
}
