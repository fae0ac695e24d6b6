import { SystemError } from '../../../sim/linux/errors.ts'
import {
  CliError,
  ConfigurationError,
  ConnectionError,
  ExitCode,
  Failures,
  NoResourceMatch,
  StatusError,
} from './errors.ts'

export interface Report {
  /** For standard error; empty prints nothing. */
  text: string
  code: number
}

/** What kubectl's CheckErr prints for an error that ended the command, and its exit status. */
export function report(error: unknown): Report {
  if (error instanceof Failures && error.errors.length === 1) return report(error.errors[0])
  if (error instanceof ExitCode) return { text: line(error.message), code: error.code }
  if (error instanceof StatusError && error.status.reason === 'Invalid') {
    return { text: line(invalid(error)), code: 1 }
  }
  if (error instanceof ConfigurationError) return { text: line(`Error in configuration: ${error.message}`), code: 1 }
  if (error instanceof Failures) {
    return { text: error.errors.map((e) => `${standard(e) ?? e.message}\n`).join(''), code: 1 }
  }
  if (error instanceof NoResourceMatch) return { text: line(error.message), code: 1 }
  const message = standard(error) ?? prefixed((error as Error).message)
  return { text: line(message), code: error instanceof CliError ? error.code : 1 }
}

/** The words for errors of the server and of the connection; undefined for others. */
export function standard(error: unknown): string | undefined {
  if (error instanceof StatusError) {
    const { reason, message = '' } = error.status
    if (reason === 'Unauthorized') return `error: You must be logged in to the server (${message})`
    return reason ? `Error from server (${reason}): ${message}` : `Error from server: ${message}`
  }
  if (error instanceof ConnectionError) {
    if (!error.refused) return `Unable to connect to the server: ${error.message}`
    return `The connection to the server ${error.host} was refused - did you specify the right host or port?`
  }
  return undefined
}

function invalid(error: StatusError): string {
  const { details, message } = error.status
  if (!details) return `The request is invalid: ${message ?? ''}`
  const head = details.kind
    ? `The ${details.kind} ${JSON.stringify(details.name ?? '')} is invalid`
    : 'The request is invalid'
  const causes = [
    ...new Set((details.causes ?? []).map((c) => (c.field ? `${c.field}: ${c.message}` : (c.message ?? '')))),
  ]
  if (causes.length === 0) return details.kind ? head : `${head}: ${message ?? ''}`
  if (causes.length === 1) return `${head}: ${causes[0]}\n`
  return `${head}: \n${causes.map((cause) => `* ${cause}`).join('\n')}`
}

function prefixed(message: string): string {
  return message.startsWith('error: ') ? message : `error: ${message}`
}

function line(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}

/** Go's text of a failed open: `open f: no such file or directory`. */
export function goFileError(operation: string, path: string, error: unknown): string {
  const words = error instanceof SystemError ? error.message : (error as Error).message
  return `${operation} ${path}: ${words.charAt(0).toLowerCase()}${words.slice(1)}`
}
