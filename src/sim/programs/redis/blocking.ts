import { defer } from '../../time/waiting.ts'
import type { Call } from './commands/command.ts'
import type { Reply } from './resp.ts'
import type { Client, ServerState } from './server-state.ts'

/** A client that waits for data. */
export interface Blocked {
  client: Client
  /** The reply, once there is something. */
  attempt: () => Reply | undefined
  done: Promise<void>
  /** Ends the wait; with a reply, or without when the client went away. */
  end(reply?: Reply): void
}

const NONE: Reply = { kind: 'array', items: undefined }

/** Answers at once when it can; otherwise the client waits, for so many ms or (0) for ever. In a transaction nobody waits. */
export function orWait(call: Call, ms: number, attempt: () => Reply | undefined, none = NONE): Reply | undefined {
  const now = attempt()
  if (now) return now
  const { server, client } = call
  if (call.inTransaction || client.id === 0) return none
  const settled = defer<void>(server.process.machine.world.waiting)
  const timer = ms > 0 ? server.process.machine.world.clock.after(ms, () => waiting.end(none)) : undefined
  const waiting: Blocked = {
    client,
    attempt,
    done: settled.promise,
    end(reply) {
      if (client.blocked !== waiting) return
      timer?.cancel()
      client.blocked = undefined
      server.blocked.delete(waiting)
      if (reply) client.send(reply)
      settled.resolve()
    },
  }
  client.blocked = waiting
  server.blocked.add(waiting)
  return undefined
}

/** After a change: those who waited for it are served, who came first first. */
export function serveBlocked(state: ServerState): void {
  for (let again = true; again; ) {
    again = false
    for (const waiting of state.blocked) {
      const reply = waiting.attempt()
      if (!reply) continue
      waiting.end(reply)
      again = true
    }
  }
}
