import type { Process } from '../../../sim/linux/process.ts'
import type { ClientStreams } from '../../../sim/rest/port.ts'
import { defer } from '../../../sim/time/waiting.ts'
import { CliError, ExitCode, StatusError, withPrefix } from '../errors/errors.ts'
import type { Session } from '../session.ts'

export interface StreamRequest {
  path: string
  query: readonly (readonly [string, string])[]
  stdin: boolean
  stderr: boolean
  tty: boolean
  /** Instead of the process's own. */
  streams?: Pick<ClientStreams, 'stdin' | 'stdout' | 'stderr'>
}

/** Runs an upgraded connection (exec, attach) until the remote side ends. Throws what it failed with. */
export async function runStreams(session: Session, request: StreamRequest): Promise<void> {
  const { process } = session
  const ended = defer<any>(process.machine.world.waiting)
  const terminal = request.tty ? process.stdin.tty : undefined
  const upgrade: ClientStreams = {
    stdin: request.streams?.stdin ?? (request.stdin ? { read: () => process.stdin.read() } : undefined),
    stdout: request.streams?.stdout ?? { write: (bytes) => process.stdout.write(bytes) },
    stderr: request.streams?.stderr ?? (request.stderr ? { write: (bytes) => process.stderr.write(bytes) } : undefined),
    onStatus: (status) => ended.resolve(status),
    onResize: terminal
      ? (listener) => {
          listener(terminal.size)
          terminal.onResize(listener)
        }
      : undefined,
  }
  const restore = terminal ? raw(terminal) : () => {}
  try {
    await session.client.send({ method: 'POST', path: request.path, query: request.query, upgrade })
    throwStatus(await ended.promise)
  } catch (error) {
    if (error instanceof StatusError && error.reason === 'BadRequest') {
      const prefix = 'unable to upgrade connection: '
      throw new CliError(error.message.startsWith(prefix) ? error.message : withPrefix(prefix, error).message)
    }
    throw error
  } finally {
    restore()
  }
}

function raw(terminal: NonNullable<Process['stdin']['tty']>): () => void {
  const before = { ...terminal.modes }
  terminal.modes = { canonical: false, echo: false, signals: false, outputCrLf: false }
  return () => {
    terminal.modes = before
  }
}

/** A Status of the remote command: nothing for success, an exit code, or the reason it could not run. */
function throwStatus(status: any): void {
  if (status?.status !== 'Failure') return
  if (status.reason === 'NonZeroExitCode') {
    const cause = status.details?.causes?.find((c: any) => c.reason === 'ExitCode')
    throw new ExitCode(Number(cause?.message ?? 1), `command terminated with exit code ${cause?.message ?? 1}`)
  }
  throw new CliError(status.message ?? 'unknown error')
}
