import type { RestPort, RestRequest, RestResponse } from '../../sim/rest/port.ts'
import { refuseUpgrade, type Upgrade } from '../http-door.ts'
import type { Deliver } from '../serve-world.ts'
import { RemoteStreams } from './remote-streams.ts'
import { SpdyConnection, type SpdyStream } from './spdy/connection.ts'
import { forwardPorts } from './spdy/forward-ports.ts'
import { spdyStreams } from './spdy/join.ts'
import { acceptWebSocket, joinWebSocket } from './web-socket.ts'

const COMMANDS = ['v5.channel.k8s.io', 'v4.channel.k8s.io']
const FORWARD = 'portforward.k8s.io'
const TUNNEL = `SPDY/3.1+${FORWARD}`

/** exec, attach and port-forward for real clients: over WebSockets, or SPDY, which older ones speak. */
export async function upgradeStreams(api: RestPort, upgrade: Upgrade, deliver: Deliver): Promise<void> {
  const { request, incoming, socket } = upgrade
  const kind = incoming.headers.upgrade?.toLowerCase()
  if (kind !== 'websocket' && kind !== 'spdy/3.1')
    return refuseUpgrade(socket, 501, `not simulated: connections upgraded to ${incoming.headers.upgrade}`)
  const forwarding = /\/portforward$/.test(request.path)
  const offered = kind === 'websocket' ? 'sec-websocket-protocol' : 'x-stream-protocol-version'
  const protocols = (request.headers?.[offered] ?? '').split(/, */)
  const spoken = forwarding ? [kind === 'websocket' ? TUNNEL : FORWARD] : COMMANDS
  const protocol = spoken.find((name) => protocols.includes(name))
  if (forwarding) {
    const refused = await refusal(api, request)
    if (refused) return refuse(upgrade, refused)
    if (!protocol) return refuseUpgrade(socket, 501, `not simulated: forwarding by ${protocols.join(', ')}`)
    return spdyOver(upgrade, kind, protocol, forwardPorts(api, request, deliver))
  }
  if (!protocol) return refuseUpgrade(socket, 501, `not simulated: streams by ${protocols.join(', ')}`)
  const streams = new RemoteStreams(request, deliver)
  socket.once('close', () => streams.leave())
  deliver(() => {})
  const response = await api.handle({ ...request, upgrade: streams })
  if (response.status >= 400 || response.status === 200) return refuse(upgrade, response)
  if (kind === 'websocket') joinWebSocket(await acceptWebSocket(upgrade, protocol), streams, deliver)
  else await spdyOver(upgrade, kind, protocol, spdyStreams(streams, deliver))
}

/** Asked without streams, the server refuses what it would refuse anyway, or only misses the streams. */
async function refusal(api: RestPort, request: RestRequest): Promise<RestResponse | undefined> {
  const response = await api.handle(request)
  const { message = '' } = (response.body ?? {}) as { message?: string }
  return message.includes('missing upgrade headers') ? undefined : response
}

function refuse({ socket }: Upgrade, response: RestResponse): void {
  refuseUpgrade(socket, Math.max(response.status, 400), JSON.stringify(response.body ?? {}), 'application/json')
}

async function spdyOver(
  upgrade: Upgrade,
  kind: 'websocket' | 'spdy/3.1',
  protocol: string,
  onStream: (stream: SpdyStream) => void,
): Promise<void> {
  if (kind === 'websocket') {
    const channel = await acceptWebSocket(upgrade, protocol)
    const connection = new SpdyConnection(
      { write: (bytes, written) => channel.send(bytes, () => written?.()), end: () => channel.close(1000) },
      onStream,
    )
    channel.on('message', (data) => connection.receive(data))
    channel.on('close', () => connection.close())
    return
  }
  const { socket, head } = upgrade
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${protocol}\r\n\r\n`,
  )
  const connection = new SpdyConnection(
    {
      write: (bytes, written) => {
        if (socket.writable) socket.write(bytes, () => written?.())
        else written?.()
      },
      end: () => socket.end(),
    },
    onStream,
  )
  connection.receive(head)
  socket.on('data', (bytes: Buffer) => connection.receive(bytes))
  socket.once('close', () => connection.close())
}
