import type { Status } from '../../../sim/kubernetes/api/object.ts'
import type { RestResponse } from '../../../sim/rest/port.ts'
import { bodyText } from './body.ts'

/** Texts of the `Warning: 299 - "…"` headers. */
export function warningsOf(response: RestResponse): string[] {
  const header = response.headers.warning
  if (!header) return []
  const texts: string[] = []
  for (const match of header.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)) texts.push(match[1]!.replace(/\\(.)/g, '$1'))
  return texts
}

const WORDS: Record<number, [reason: string, message: string]> = {
  400: ['BadRequest', 'the server rejected our request for an unknown reason'],
  401: ['Unauthorized', 'the server has asked for the client to provide credentials'],
  403: ['Forbidden', ''],
  404: ['NotFound', 'the server could not find the requested resource'],
  405: ['MethodNotAllowed', 'the server does not allow this method on the requested resource'],
  406: ['NotAcceptable', 'the server was unable to respond with a content type that the client supports'],
  409: ['Conflict', 'the server reported a conflict'],
  410: ['Gone', 'the requested resource has expired'],
  415: ['UnsupportedMediaType', 'the server was unable to process the content type'],
  422: ['Invalid', 'the server rejected our request due to an error in our request'],
  429: ['TooManyRequests', 'the server has received too many requests and has asked us to try again later'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
  504: [
    'Timeout',
    'the server was unable to return a response in the time allotted, but may still be processing the request',
  ],
}

/** What client-go makes of a failure without a Status body; `subject`: what was asked for, if a resource was. */
export function genericStatus(response: RestResponse, subject: string): Status {
  const text = bodyText(response.body)
  const known = WORDS[response.status]
  const [reason, words] = known ?? [
    response.status >= 500 ? 'InternalError' : '',
    response.status >= 500
      ? `an error on the server (${JSON.stringify(text || 'unknown')}) has prevented the request from succeeding`
      : `the server responded with the status code ${response.status} but did not return more information`,
  ]
  const told = response.status === 403 ? `${JSON.stringify(text)}` : words
  const message = subject ? `${told} (${subject})` : told
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    reason,
    message,
    code: response.status,
  }
}
