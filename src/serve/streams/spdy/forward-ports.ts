import type { RestPort, RestRequest } from '../../../sim/rest/port.ts'
import { PushedInput } from '../../pushed-input.ts'
import type { Deliver } from '../../serve-world.ts'
import type { SpdyStream } from './connection.ts'

/** A forwarded connection is a pair of streams with one request ID: for errors, and for the bytes. */
export function forwardPorts(api: RestPort, request: RestRequest, deliver: Deliver): (stream: SpdyStream) => void {
  const errors = new Map<string, SpdyStream>()
  return (stream) => {
    const { streamtype, port = '', requestid = '' } = stream.headers
    if (streamtype === 'error') return void errors.set(requestid, stream)
    const error = errors.get(requestid)
    errors.delete(requestid)
    const input = new PushedInput(deliver)
    stream.onData = (bytes) => input.push(bytes)
    stream.onEnd = () => input.end()
    let ended = false
    const end = (message?: string) => {
      if (ended) return
      ended = true
      if (message !== undefined) error?.write(new TextEncoder().encode(message))
      error?.finish()
      stream.finish()
    }
    const connect = async () => {
      const response = await api.handle({
        ...request,
        query: [['ports', port]],
        upgrade: {
          stdin: input,
          stdout: { write: (bytes) => new Promise((resolve) => stream.write(bytes, () => deliver(resolve))) },
          onStatus(status) {
            const { status: outcome, message } = (status ?? {}) as { status?: string; message?: string }
            end(outcome === 'Failure' ? (message ?? 'unknown error') : undefined)
          },
        },
      })
      if (response.status >= 400) end((response.body as { message?: string } | undefined)?.message ?? 'unknown error')
    }
    deliver(() => {
      connect().catch((cause: unknown) => end(cause instanceof Error ? cause.message : String(cause)))
    })
  }
}
