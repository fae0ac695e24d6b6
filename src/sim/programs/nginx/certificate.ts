import { SystemError } from '../../linux/errors.ts'
import type { Process } from '../../linux/process.ts'
import type { Connection } from '../../linux/socket.ts'
import { dateFromFields, MONTHS } from '../../time/date.ts'
import type { Certificate } from '../http/tls.ts'
import { type DistinguishedName, readCertificate as readPem } from '../openssl/certificate.ts'
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
  return fromFile(process, server.certificateFile) ?? selfSigned(server.names[0] ?? 'localhost', process.wallClock())
}

/** What the PEM in the file says; undefined when there is none. */
function fromFile({ files }: Process, path: string | undefined): Certificate | undefined {
  if (path === undefined) return undefined
  let pem: string
  try {
    pem = files.readText(path)
  } catch (error) {
    if (error instanceof SystemError) return undefined
    throw error
  }
  const facts = readPem(pem)
  if (!facts) return undefined
  const name = (parts: DistinguishedName) => parts.map(([attribute, value]) => `${attribute}=${value}`).join('; ')
  return {
    subject: name(facts.subject),
    issuer: name(facts.issuer),
    names: facts.subject.flatMap(([attribute, value]) => (attribute === 'CN' ? [value] : [])),
    notBefore: timeOf(facts.from),
    notAfter: timeOf(facts.until),
    serial: facts.serial,
  }
}

/** `Nov 21 08:00:00 2026 GMT` in ms since 1970. */
function timeOf(text: string): number {
  const [month = '', day, hour, minute, second, year] = text.split(/[\s:]+/)
  return dateFromFields(
    Number(year),
    MONTHS.findIndex((name) => name.startsWith(month)) + 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  )
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
