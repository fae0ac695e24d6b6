import { type WebSocket, WebSocketServer } from 'ws'
import type { Upgrade } from '../http-door.ts'
import type { Deliver } from '../serve-world.ts'
import type { RemoteStreams } from './remote-streams.ts'

/** The first byte of each message: which stream it belongs to. */
const CHANNELS = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const
const MOST_BUFFERED = 1024 * 1024
const MAX_MESSAGE = 16 * 1024 * 1024

/** Answers the handshake with a subprotocol that both sides speak. */
export function acceptWebSocket(upgrade: Upgrade, protocol: string): Promise<WebSocket> {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE,
    perMessageDeflate: false,
    handleProtocols: () => protocol,
  })
  return new Promise((resolve) => {
    server.handleUpgrade(upgrade.incoming, upgrade.socket, upgrade.head, (socket) => {
      socket.on('error', () => socket.terminate())
      resolve(socket)
    })
  })
}

/** exec and attach over one WebSocket: `v5.channel.k8s.io`, or v4, which cannot end the input. */
export function joinWebSocket(socket: WebSocket, streams: RemoteStreams, deliver: Deliver): void {
  const send = (channel: number, bytes: Uint8Array, sent?: () => void) => {
    const message = new Uint8Array(bytes.length + 1)
    message[0] = channel
    message.set(bytes, 1)
    socket.send(message, sent)
  }
  socket.on('message', (data) => {
    const bytes = new Uint8Array(data.subarray(1))
    if (data[0] === CHANNELS.stdin) streams.input.push(bytes)
    else if (data[0] === CHANNELS.resize) streams.resized(new TextDecoder().decode(bytes))
    else if (data[0] === CHANNELS.close && bytes[0] === CHANNELS.stdin) streams.input.end()
  })
  const { stdout, stderr } = streams.wanted
  send(stdout ? CHANNELS.stdout : stderr ? CHANNELS.stderr : CHANNELS.error, new Uint8Array(0))
  streams.join({
    write(stream, bytes) {
      if (socket.readyState !== 1) return
      if (socket.bufferedAmount < MOST_BUFFERED) return send(CHANNELS[stream], bytes)
      return new Promise((resolve) => send(CHANNELS[stream], bytes, () => deliver(resolve)))
    },
    end(status) {
      if (socket.readyState !== 1) return
      send(CHANNELS.error, new TextEncoder().encode(JSON.stringify(status)))
      socket.close(1000)
    },
  })
}
