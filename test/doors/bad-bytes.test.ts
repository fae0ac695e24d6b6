import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DoorWorld, openDoorWorld } from './door-world.ts'

let world: DoorWorld
beforeAll(async () => {
  world = await openDoorWorld('two-node', 1)
  await world.ours('kubectl run p --image=nginx:alpine && kubectl wait --for=condition=Ready pod/p')
})
afterAll(() => world.close())

/** Sends bytes and gives back what comes until the connection ends, or is quiet for a moment. */
function send(port: number, text: string | Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.on('data', (bytes) => {
      answer += bytes
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(answer))
    socket.setTimeout(150, () => socket.destroy())
    socket.write(text)
  })
}

const withBody = (line: string, type: string, body: string) =>
  `${line} HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`

const CASES: readonly (readonly [name: string, bytes: string | Uint8Array, status: RegExp])[] = [
  ['garbage', Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) & 255), /^HTTP\/1\.1 400/],
  ['a giant header', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(100_000)}\r\n\r\n`, /^HTTP\/1\.1 431/],
  ['half a request', 'POST /api/v1/namespaces HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{"kind"', /^$/],
  ['a wrong path', 'GET /api/v1/%zz/%c0%ff HTTP/1.1\r\nHost: x\r\n\r\n', /^HTTP\/1\.1 400/],
  ['an address without a path', 'GET //%5b[ HTTP/1.1\r\nHost: x\r\n\r\n', /^HTTP\/1\.1 4/],
  ['an unknown method', 'PROPFIND / HTTP/1.1\r\nHost: x\r\n\r\n', /^HTTP\/1\.1 405/],
  [
    'an upgrade to something',
    'GET /api/v1/namespaces/default/pods/p/portforward HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: nonsense\r\n\r\n',
    /^HTTP\/1\.1 (404|501)/,
  ],
  [
    'an upgrade to SPDY that goes on with garbage',
    `POST /api/v1/namespaces/default/pods/p/portforward HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: portforward.k8s.io\r\n\r\n\x80\x03\x00\x01\x00\x00\x00\x0e${'nonsense'.repeat(9)}`,
    /^HTTP\/1\.1 101/,
  ],
  [
    'a WebSocket that goes on with garbage',
    `GET /api/v1/namespaces/default/pods/p/exec?command=cat&stdin=true HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: v5.channel.k8s.io\r\n\r\n${'nonsense'.repeat(9)}`,
    /^HTTP\/1\.1 101/,
  ],
  ['wrong JSON', withBody('POST /api/v1/namespaces', 'application/json', '{"kind": '), /^HTTP\/1\.1 4/],
  ['JSON that is no object', withBody('POST /api/v1/namespaces', 'application/json', '[[[1]]]'), /^HTTP\/1\.1 4/],
  [
    'a wrong patch',
    withBody('PATCH /api/v1/namespaces/default', 'application/merge-patch+json', '{x'),
    /^HTTP\/1\.1 4/,
  ],
  [
    'wrong protobuf',
    withBody('POST /api/v1/namespaces', 'application/vnd.kubernetes.protobuf', 'k8s\0\x01\x02'),
    /^HTTP\/1\.1 4/,
  ],
  ['a body of an unknown type', withBody('POST /api/v1/namespaces', 'text/plain', 'hello'), /^HTTP\/1\.1 415/],
]

test.each(CASES)('the cluster’s door survives %s', async (_name, bytes, status) => {
  expect(await send(world.served.port!, bytes)).toMatch(status)
  expect(await send(world.served.port!, 'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toContain(
    'ok',
  )
})

const DOCKER_CASES: readonly (readonly [name: string, bytes: string])[] = [
  ['wrong JSON', withBody('POST /containers/create', 'application/json', '{"Image": ')],
  ['JSON of a wrong shape', withBody('POST /containers/create', 'application/json', '{"Image": 7, "Cmd": {"a": 1}}')],
  ['an archive that is none', withBody('POST /images/load', 'application/x-tar', 'x'.repeat(2000))],
  ['a build context that is none', withBody('POST /build', 'application/x-tar', 'x'.repeat(2000))],
  [
    'an attach to nothing',
    'POST /containers/nope/attach HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n\r\n',
  ],
  [
    'an exec that begins with half a body',
    'POST /exec/nope/start HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 99\r\n\r\n{',
  ],
]

test.each(DOCKER_CASES)('Docker’s door survives %s', async (_name, bytes) => {
  expect(await send(world.served.dockerPort!, bytes)).toMatch(/^$|^HTTP\/1\.1 [2-5]/)
  expect(await send(world.served.dockerPort!, 'GET /_ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toContain(
    'OK',
  )
})
