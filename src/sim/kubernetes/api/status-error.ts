import { type FieldError, formatFieldError } from './field-error.ts'
import { ApiError, type Status } from './object.ts'

/** Where an object lives, for the words of an error. */
export interface ErrorSubject {
  group: string
  /** plural */
  resource: string
}

type Details = NonNullable<Status['details']>

function failure(code: number, reason: string, message: string, details?: Details): ApiError {
  return new ApiError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    ...(details ? { details } : {}),
    code,
  })
}

const details = (subject: ErrorSubject, name: string): Details => ({
  ...(name ? { name } : {}),
  ...(subject.group ? { group: subject.group } : {}),
  kind: subject.resource,
})

/** `deployments.apps "x"` */
const named = (subject: ErrorSubject, name: string) =>
  `${subject.resource}${subject.group ? `.${subject.group}` : ''} ${JSON.stringify(name)}`

export const notFound = (subject: ErrorSubject, name: string) =>
  failure(404, 'NotFound', `${named(subject, name)} not found`, details(subject, name))

export const alreadyExists = (subject: ErrorSubject, name: string, leaving = false) =>
  failure(
    409,
    'AlreadyExists',
    `${leaving ? 'object is being deleted: ' : ''}${named(subject, name)} already exists`,
    details(subject, name),
  )

export const conflict = (subject: ErrorSubject, name: string, why: string) =>
  failure(409, 'Conflict', `Operation cannot be fulfilled on ${named(subject, name)}: ${why}`, details(subject, name))

export const MODIFIED = 'the object has been modified; please apply your changes to the latest version and try again'

export const forbidden = (subject: ErrorSubject, name: string, why: string) =>
  failure(
    403,
    'Forbidden',
    name === ''
      ? `${subject.resource}${subject.group ? `.${subject.group}` : ''} is forbidden: ${why}`
      : `${named(subject, name)} is forbidden: ${why}`,
    details(subject, name),
  )

export const badRequest = (message: string) => failure(400, 'BadRequest', message)

export const unauthorized = () => failure(401, 'Unauthorized', 'Unauthorized')

export const methodNotSupported = (subject: ErrorSubject, action: string) =>
  failure(
    405,
    'MethodNotAllowed',
    `${action} is not supported on resources of kind ${JSON.stringify(subject.resource + (subject.group ? `.${subject.group}` : ''))}`,
    details(subject, ''),
  )

export const pathNotFound = () => failure(404, 'NotFound', 'the server could not find the requested resource', {})

export const unsupportedMediaType = (message: string) => failure(415, 'UnsupportedMediaType', message)

export const gone = (message: string) => failure(410, 'Expired', message)

export const tooManyRequests = (message: string, causes?: Details['causes'], retryAfterSeconds?: number) =>
  failure(429, 'TooManyRequests', message, {
    ...(causes ? { causes } : {}),
    ...(retryAfterSeconds ? { retryAfterSeconds } : {}),
  })

export const internalError = (message: string) =>
  failure(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] })

/** Code 422: `The Pod "x" is invalid: …` in kubectl's words. */
export function invalidObject(group: string, kind: string, name: string, errors: readonly FieldError[]): ApiError {
  const texts = [...new Set(errors.map(formatFieldError))]
  const list = texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`
  return failure(422, 'Invalid', `${kind}${group ? `.${group}` : ''} ${JSON.stringify(name)} is invalid: ${list}`, {
    ...(name ? { name } : {}),
    ...(group ? { group } : {}),
    kind,
    causes: errors.map((e) => ({ reason: e.reason, message: e.message, field: e.field })),
  })
}

/** 409 with causes, as the quota and finalizer checks give. */
export const statusFailure = failure
