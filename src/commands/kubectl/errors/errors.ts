import type { Status } from '../../../sim/kubernetes/api/object.ts'

/** A refusal of kubectl itself; printed as `error: MESSAGE`. */
export class CliError extends Error {
  readonly code: number
  constructor(message: string, code = 1) {
    super(message)
    this.code = code
  }
}

/** A wrong call: points to `-h`. */
export class UsageError extends CliError {}

/** An answer of the API server that is a Failure Status. */
export class StatusError extends Error {
  readonly status: Status
  constructor(status: Status) {
    super(status.message ?? '')
    this.status = status
  }

  get reason(): string {
    return this.status.reason ?? ''
  }
}

/** The server cannot be reached. */
export class ConnectionError extends Error {
  readonly host: string
  readonly refused: boolean
  constructor(host: string, refused = true, message = '') {
    super(message || `dial tcp ${host}: connect: connection refused`)
    this.host = host
    this.refused = refused
  }
}

/** meta.NoResourceMatchError */
export class NoResourceMatch extends Error {
  constructor(resource: string, group?: string, version?: string) {
    const where =
      group && version
        ? ` in group "${group}" and version "${version}"`
        : group
          ? ` in group "${group}"`
          : version
            ? ` in version "${version}"`
            : ''
    super(`the server doesn't have a resource type "${resource}"${where}`)
  }
}

/** Several failures of one command, printed one below the other. */
export class Failures extends Error {
  readonly errors: readonly Error[]
  constructor(errors: readonly Error[]) {
    super(errors.length === 1 ? errors[0]!.message : `[${errors.map((e) => e.message).join(', ')}]`)
    this.errors = errors
  }
}

/** A kubeconfig that cannot be used; `Error in configuration: …`. */
export class ConfigurationError extends Error {}

/** Ends the command with this status; everything has been printed. */
export class ExitCode extends Error {
  readonly code: number
  constructor(code: number, message = '') {
    super(message)
    this.code = code
  }
}

/** Throws what was collected: nothing, the one error, or all of them. */
export function throwAll(errors: readonly Error[]): void {
  if (errors.length === 1) throw errors[0]!
  if (errors.length > 1) throw new Failures(errors)
}

/** `error when creating "f.yaml": …`, keeping the Status. */
export function withSource(verb: string, source: string, error: unknown): Error {
  if (!source) return error as Error
  const prefix = `error when ${verb} ${JSON.stringify(source)}: `
  return withPrefix(prefix, error)
}

/** The same error with words before its message; a Status stays one. */
export function withPrefix(prefix: string, error: unknown): Error {
  if (error instanceof StatusError) {
    return new StatusError({ ...error.status, message: prefix + (error.status.message ?? '') })
  }
  if (error instanceof ConnectionError) return error
  return new CliError(prefix + (error as Error).message)
}

export const isNotFound = (error: unknown) => error instanceof StatusError && error.reason === 'NotFound'
export const isConflict = (error: unknown) => error instanceof StatusError && error.reason === 'Conflict'
