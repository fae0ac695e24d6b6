import type { RestPort } from '../sim/rest/port.ts'
import type { World } from '../sim/world/api.ts'
import { ADMIN_CERTIFICATE } from '../sim/world/kubeconfig.ts'
import { openDockerDoor } from './docker-door.ts'
import { type HttpDoor, openHttpDoor } from './http-door.ts'
import { upgradeStreams } from './streams/upgrade.ts'

export interface ServeOptions {
  world: World
  /** Of the cluster's door; 0: any free port. */
  port: number
  /** Of Docker's door; 0: any free port. No door unless told. */
  dockerPort?: number
  /** Virtual ms per real ms; 1 unless told. */
  speed?: number
  /** Told of faults of the world; serving goes on. */
  onFault?: (error: unknown) => void
}

export interface ServedWorld {
  /** Where the cluster's API listens; undefined when the world has no cluster. */
  readonly port: number | undefined
  /** Where the Docker Engine API listens. */
  readonly dockerPort: number | undefined
  /** Does something with the world while its time is not moved by the doors. */
  meanwhile<T>(work: () => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** Lets something of the outside act on the world between two runs; the world goes on at once. */
export type Deliver = (action: () => void) => void

/** Real ms between two moments at which the world moves on. */
const TICK = 10
/** After a pause of the host time does not leap further than this. */
const MOST = 1000

/** Puts a world's API ports on loopback HTTP and lets its time pass with real time until closed. */
export async function serveWorld({ world, port, dockerPort, speed = 1, onFault }: ServeOptions): Promise<ServedWorld> {
  let closed = false
  let running: Promise<unknown> = Promise.resolve()
  let planned = false
  let before = performance.now()
  /** One after the other: a world has one driver. */
  const exclusive = <T>(work: () => Promise<T>): Promise<T> => {
    const result = running.then(work)
    running = result.catch(() => {})
    return result
  }
  const advance = async (): Promise<void> => {
    if (planned) return
    planned = true
    await exclusive(async () => {
      planned = false
      const now = performance.now()
      const elapsed = Math.min(MOST, now - before)
      before = now
      if (!closed) await world.run({ until: world.now + elapsed * speed, cancelled: () => closed })
    }).catch((error: unknown) => onFault?.(error))
  }
  const deliver: Deliver = (action) => {
    exclusive(async () => action()).catch((error: unknown) => onFault?.(error))
    void advance()
  }
  const doors: HttpDoor[] = []
  const api = world.api && asAdministrator(world.api)
  const cluster =
    api &&
    (await openHttpDoor({
      port,
      rest: api,
      onRequest: () => void advance(),
      upgrade: (upgrade) => upgradeStreams(api, upgrade, deliver),
    }))
  if (cluster) doors.push(cluster)
  const docker =
    world.docker && dockerPort !== undefined
      ? await openDockerDoor({ port: dockerPort, docker: world.docker, deliver }).catch(async (error: unknown) => {
          await cluster?.close()
          throw error
        })
      : undefined
  if (docker) doors.push(docker)
  const beat = async () => {
    await advance()
    if (!closed) setTimeout(beat, TICK)
  }
  void beat()
  return {
    port: cluster?.port,
    dockerPort: docker?.port,
    meanwhile: exclusive,
    async close() {
      closed = true
      for (const door of doors) await door.close()
      await running
    },
  }
}

/** Who shows no token is the one whose kubeconfig lies on the world's computer. */
function asAdministrator(api: RestPort): RestPort {
  return {
    handle: ({ headers, ...request }) =>
      api.handle({
        ...request,
        headers: headers?.authorization ? headers : { ...headers, 'x-client-certificate': ADMIN_CERTIFICATE },
      }),
  }
}
