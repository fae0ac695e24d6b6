import type { RestPort, RestRequest, RestResponse } from '../sim/rest/port.ts'
import { frame } from './docker-frames.ts'
import { hijack } from './docker-hijack.ts'
import { type HttpDoor, openHttpDoor } from './http-door.ts'
import type { Deliver } from './serve-world.ts'

export interface DockerDoorOptions {
  /** 0: any free port. */
  port: number
  docker: RestPort
  deliver: Deliver
}

/** Images and build contexts are sent whole. */
const MAX_BODY = 256 * 1024 * 1024

/** Puts the Docker Engine API on loopback HTTP, for DOCKER_HOST=tcp://127.0.0.1:PORT. */
export function openDockerDoor({ port, docker, deliver }: DockerDoorOptions): Promise<HttpDoor> {
  return openHttpDoor({
    port,
    rest: { handle: (request) => onTheWire(docker, request) },
    onRequest: () => deliver(() => {}),
    maxBody: MAX_BODY,
    refusal: (_code, message) => ({ message }),
    upgrade: (upgrade) => hijack(docker, upgrade, deliver),
  })
}

/** Clients wait for the head of this answer before they start the container whose end it tells. */
async function waitForEnd(docker: RestPort, request: RestRequest): Promise<RestResponse> {
  const about = await docker.handle({ method: 'GET', path: request.path.replace(/\/wait$/, '/json') })
  if (about.status >= 400) return docker.handle(request)
  const answer = Promise.resolve(docker.handle(request))
  const body = async function* () {
    yield (await answer).body
  }
  return {
    status: 200,
    headers: { ...about.headers, 'content-type': 'application/json' },
    stream: { close: () => {}, [Symbol.asyncIterator]: () => body() },
  }
}

/** In process, logs are pieces of text of one of two streams; on the wire they are frames, or bare for a terminal. */
async function onTheWire(docker: RestPort, request: RestRequest): Promise<RestResponse> {
  if (request.method === 'POST' && /\/containers\/[^/]+\/wait$/.test(request.path)) return waitForEnd(docker, request)
  const response = await docker.handle(request)
  const logs = /^(.*\/containers\/[^/]+)\/logs$/.exec(request.path)
  if (!logs || !response.stream) return response
  const tty = await hasTerminal(docker, `${logs[1]}/json`)
  const { stream } = response
  const encoder = new TextEncoder()
  const pieces = async function* () {
    for await (const item of stream) {
      const { stream: name, text } = item as { stream: 'stdout' | 'stderr'; text: string }
      yield tty ? encoder.encode(text) : frame(name, encoder.encode(text))
    }
  }
  return {
    ...response,
    stream: { close: () => stream.close(), [Symbol.asyncIterator]: () => pieces() },
  }
}

async function hasTerminal(docker: RestPort, path: string): Promise<boolean> {
  const { body } = await docker.handle({ method: 'GET', path })
  return (body as { Config?: { Tty?: boolean } } | undefined)?.Config?.Tty === true
}
