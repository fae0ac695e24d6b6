declare module 'ws' {
  import type { IncomingMessage } from 'node:http'
  import type { Duplex } from 'node:stream'

  export interface WebSocket {
    readonly readyState: number
    readonly bufferedAmount: number
    on(event: 'message', listener: (data: Buffer, binary: boolean) => void): void
    on(event: 'close', listener: () => void): void
    on(event: 'error', listener: (error: Error) => void): void
    send(data: Uint8Array, sent?: (error?: Error) => void): void
    close(code?: number): void
    terminate(): void
  }

  export class WebSocketServer {
    constructor(options: {
      noServer: true
      maxPayload?: number
      perMessageDeflate?: boolean
      handleProtocols?: (offered: Set<string>) => string | false
    })
    handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, done: (socket: WebSocket) => void): void
  }
}
