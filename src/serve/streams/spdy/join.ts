import type { Deliver } from '../../serve-world.ts'
import type { RemoteStreams } from '../remote-streams.ts'
import type { SpdyStream } from './connection.ts'

/** Takes the streams of exec and attach as the client opens them; all of them have to be there. */
export function spdyStreams(remote: RemoteStreams, deliver: Deliver): (stream: SpdyStream) => void {
  const { stdin, stdout, stderr, tty } = remote.wanted
  const missing = new Set(['error', ...(stdin ? ['stdin'] : []), ...(stdout ? ['stdout'] : [])])
  if (stderr) missing.add('stderr')
  if (tty) missing.add('resize')
  const streams: Record<string, SpdyStream> = {}
  return (stream) => {
    const type = stream.headers.streamtype ?? ''
    streams[type] = stream
    if (type === 'stdin') {
      stream.onData = (bytes) => remote.input.push(bytes)
      stream.onEnd = () => remote.input.end()
    }
    if (type === 'resize') stream.onData = (bytes) => remote.resized(new TextDecoder().decode(bytes))
    if (!missing.delete(type) || missing.size > 0) return
    remote.join({
      write(name, bytes) {
        const stream = streams[name]
        if (stream) return new Promise((resolve) => stream.write(bytes, () => deliver(resolve)))
      },
      end(status) {
        streams.error?.write(new TextEncoder().encode(JSON.stringify(status)))
        for (const name of ['stdout', 'stderr', 'error', 'stdin', 'resize']) streams[name]?.finish()
      },
    })
  }
}
