import type { Engine } from '../runtime/create-engine.ts'
import { rfc3339Nano } from '../timestamp.ts'
import type { DockerContainer } from './docker-container.ts'
import type { Events } from './events.ts'

const SECOND = 1e9
const KEPT = 5

/** Runs a container's health check again and again while it runs. */
export function watchHealth(engine: Engine, events: Events, container: DockerContainer): () => void {
  const check = container.healthcheck!
  const interval = (check.Interval || 30 * SECOND) / 1e6
  const timeout = (check.Timeout || 30 * SECOND) / 1e6
  const retries = check.Retries || 3
  const grace = (check.StartPeriod ?? 0) / 1e6
  const [kind = '', ...rest] = check.Test!
  const argv =
    kind === 'CMD-SHELL'
      ? [...(container.config.Shell ?? ['/bin/sh', '-c']), ...rest]
      : kind === 'CMD'
        ? rest
        : check.Test!
  container.health = { Status: 'starting', FailingStreak: 0, Log: [] }
  let stopped = false
  const began = engine.kernel.world.clock.now

  const probe = async () => {
    const start = engine.kernel.wallClock()
    let output = ''
    const write = (bytes: Uint8Array) => {
      if (output.length < 4096) output += new TextDecoder().decode(bytes)
    }
    let exitCode: number
    try {
      const handle = await container.runtime.exec({ argv, streams: { stdout: { write }, stderr: { write } } })
      const late = engine.sleep(timeout).then(() => undefined)
      const ended = await Promise.race([handle.exitCode, late])
      if (ended === undefined) {
        handle.kill()
        output = `Health check exceeded timeout (${timeout / 1000}s)`
        exitCode = -1
      } else exitCode = ended
    } catch (error) {
      output = (error as Error).message
      exitCode = -1
    }
    if (stopped || !container.health) return
    const { health } = container
    const end = engine.kernel.wallClock()
    health.Log.push({ Start: rfc3339Nano(start), End: rfc3339Nano(end), ExitCode: exitCode, Output: output })
    if (health.Log.length > KEPT) health.Log.shift()
    const before = health.Status
    if (exitCode === 0) {
      health.FailingStreak = 0
      health.Status = 'healthy'
    } else if (!(health.Status === 'starting' && engine.kernel.world.clock.now - began < grace)) {
      health.FailingStreak++
      if (health.FailingStreak >= retries) health.Status = 'unhealthy'
    }
    if (health.Status !== before)
      events.emit('container', `health_status: ${health.Status}`, container.id, container.attributes)
  }

  const loop = async () => {
    for (;;) {
      await engine.sleep(interval)
      if (stopped || !container.running) return
      await probe()
    }
  }
  void loop()
  return () => {
    stopped = true
  }
}
