import type { World } from '../sim/world/api.ts'
import { type HttpDoor, openHttpDoor } from './http-door.ts'

export interface ServeOptions {
  world: World
  /** 0: any free port. */
  port: number
  /** Virtual ms per real ms; 1 unless told. */
  speed?: number
  /** Told of faults of the world; serving goes on. */
  onFault?: (error: unknown) => void
}

/** Real ms between two moments at which the world moves on. */
const TICK = 10
/** After a pause of the host time does not leap further than this. */
const MOST = 1000

/** Puts a world's API port on loopback HTTP and lets its time pass with real time until closed. */
export async function serveWorld({ world, port, speed = 1, onFault }: ServeOptions): Promise<HttpDoor> {
  const { api } = world
  if (!api) throw new Error(`the topology ${world.topology} has no cluster to serve`)
  let closed = false
  let running: Promise<void> | undefined
  let before = performance.now()
  const advance = (): Promise<void> => {
    running ??= (async () => {
      const now = performance.now()
      const elapsed = Math.min(MOST, now - before)
      before = now
      await world.run({ until: world.now + elapsed * speed, cancelled: () => closed })
    })()
      .catch((error: unknown) => onFault?.(error))
      .finally(() => {
        running = undefined
      })
    return running
  }
  const door = await openHttpDoor({ port, rest: api, onRequest: () => void advance() })
  const beat = async () => {
    await advance()
    if (!closed) setTimeout(beat, TICK)
  }
  void beat()
  return {
    port: door.port,
    async close() {
      closed = true
      await door.close()
      await running
    },
  }
}
