import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { commands } from '../../src/commands/index.ts'
import { type ServedWorld, serveWorld } from '../../src/serve/serve-world.ts'
import { createWorld } from '../../src/sim/world/create-world.ts'
import type { Topology } from '../../src/sim/world/journal.ts'

export interface Seen {
  stdout: string
  stderr: string
  status: number
}

export interface DoorWorld {
  readonly served: ServedWorld
  /** Runs a command of the simulated computer while the doors' time stands. */
  ours(command: string): Promise<Seen>
  /** Runs several while the doors' time stands. */
  still<T>(work: (ours: (command: string) => Promise<Seen>) => Promise<T>): Promise<T>
  writeFile(path: string, content: string): Promise<void>
  close(): Promise<void>
}

const drain = () => new Promise<void>((done) => setImmediate(done))

/** A world whose doors are open, in this process. */
export async function openDoorWorld(topology: Topology, speed: number): Promise<DoorWorld> {
  const world = await createWorld({ seed: 7, topology, commands, drain })
  const faults: unknown[] = []
  const served = await serveWorld({ world, port: 0, dockerPort: 0, speed, onFault: (error) => faults.push(error) })
  return {
    served,
    ours: (command) => served.meanwhile(() => world.probe(command)),
    still: (work) => served.meanwhile(() => work((command) => world.probe(command))),
    writeFile: (path, content) => served.meanwhile(async () => world.input({ type: 'write', path, content })),
    async close() {
      await served.close()
      if (faults.length > 0) throw faults[0]
    },
  }
}

/** Where a program lies on the PATH; undefined when there is none. */
export function whereIs(program: string): string | undefined {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return join(folder, program)
    } catch {
      // Not here.
    }
  }
  return undefined
}

/** Runs a real program without blocking this process, which serves it; killed with its children after `limit` real ms. */
export function runReal(
  argv: readonly string[],
  options: { env?: Record<string, string>; cwd?: string; input?: string; limit?: number } = {},
): Promise<Seen> {
  return new Promise((resolve, reject) => {
    const [program = '', ...rest] = argv
    const child = spawn(program, rest, {
      cwd: options.cwd,
      env: { PATH: process.env.PATH, ...options.env },
      stdio: 'pipe',
      detached: true,
    })
    const timer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), options.limit ?? 10_000)
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (part) => out.push(part))
    child.stderr.on('data', (part) => err.push(part))
    child.stdin.on('error', () => {})
    child.stdin.end(options.input ?? '')
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(timer)
      resolve({
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
        status: code ?? 137,
      })
    })
  })
}
