import { type ApiResource, groupVersion } from '../discovery/resource.ts'
import { StatusError } from '../errors/errors.ts'

/** A refused list says what was being looked for. */
export function listFailure(
  error: unknown,
  resource: ApiResource,
  options: { selector?: string; fieldSelector?: string },
): Error {
  if (!(error instanceof StatusError) || !['BadRequest', 'NotFound'].includes(error.reason)) return error as Error
  const version = groupVersion(resource)
  const what = JSON.stringify(`${version.includes('/') ? version : `/${version}`}, Resource=${resource.resource}`)
  const { selector = '', fieldSelector = '' } = options
  const words =
    selector || fieldSelector
      ? `Unable to find ${what} that match label selector ${JSON.stringify(selector)}, field selector ${JSON.stringify(fieldSelector)}`
      : `Unable to list ${what}`
  return new StatusError({ ...error.status, message: `${words}: ${error.message}` })
}
