import type { Duplex } from 'node:stream'
import type { ClientStreams, RestPort, RestRequest, RestResponse } from '../sim/rest/port.ts'
import { frame } from './docker-frames.ts'
import { parseBody, refuseUpgrade, type Upgrade } from './http-door.ts'
import type { Deliver } from './serve-world.ts'
import { SocketInput } from './socket-input.ts'

/** Real ms after which a connection counts as taken when the engine has said nothing: it waits for input. */
const PATIENCE = 40
const MAX_BODY = 1024 * 1024

/** POST /containers/ID/attach and POST /exec/ID/start: the connection becomes the streams of a process. */
export async function hijack(docker: RestPort, upgrade: Upgrade, deliver: Deliver): Promise<void> {
  const { socket, incoming } = upgrade
  const input = new SocketInput(socket, upgrade.head, deliver)
  const length = Number(incoming.headers['content-length'] ?? 0)
  if (!(length >= 0 && length <= MAX_BODY)) return refuseUpgrade(socket, 400, 'Bad Request')
  const body = parseBody(await input.take(length), incoming.headers['content-type'])
  const request: RestRequest = { ...upgrade.request, ...(body === undefined ? {} : { body }) }
  const tty = await hasTerminal(docker, request.path)
  let taken = false
  const take = () => {
    if (taken) return
    taken = true
    socket.write(
      'HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n',
    )
  }
  let response: RestResponse | undefined
  const end = () => {
    take()
    socket.end()
  }
  const output = (name: 'stdout' | 'stderr') => ({
    write: (bytes: Uint8Array) => {
      take()
      if (socket.writable) socket.write(tty ? bytes : frame(name, bytes))
    },
  })
  const streams: ClientStreams = {
    stdin: input,
    stdout: output('stdout'),
    stderr: output('stderr'),
    // What was written before the end goes out first.
    onStatus: () => setImmediate(end),
  }
  socket.once('close', () => deliver(() => response?.stream?.close()))
  const patience = setTimeout(take, PATIENCE)
  try {
    deliver(() => {})
    response = await docker.handle({ ...request, upgrade: streams })
  } finally {
    clearTimeout(patience)
  }
  if (response.status < 400) return response.status === 101 ? take() : answer(socket, response, taken)
  answer(socket, response, taken)
}

function answer(socket: Duplex, response: RestResponse, taken: boolean): void {
  if (taken) socket.end()
  else refuseUpgrade(socket, response.status, JSON.stringify(response.body ?? {}), 'application/json')
}

async function hasTerminal(docker: RestPort, path: string): Promise<boolean> {
  const about = path.replace(/\/(attach|start)$/, '/json')
  const { body } = await docker.handle({ method: 'GET', path: about })
  const { Config, ProcessConfig } = (body ?? {}) as { Config?: { Tty?: boolean }; ProcessConfig?: { tty?: boolean } }
  return Config?.Tty ?? ProcessConfig?.tty ?? false
}
