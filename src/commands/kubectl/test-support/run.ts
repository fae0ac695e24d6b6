import { createApiServer } from '../../../sim/kubernetes/apiserver/server.ts'
import type { OpenFile } from '../../../sim/linux/file.ts'
import type { Process } from '../../../sim/linux/process.ts'
import type { RestPort } from '../../../sim/rest/port.ts'
import { type Drain, run } from '../../../sim/time/driver.ts'
import { EventQueue } from '../../../sim/time/event-queue.ts'
import { Random } from '../../../sim/time/random.ts'
import { defer, type Waiting } from '../../../sim/time/waiting.ts'
import { kubectl } from '../index.ts'
import { memoryFiles } from './memory-files.ts'

export interface Result {
  stdout: string
  stderr: string
  status: number
}

const SERVER = 'https://192.168.10.210:6443'
const EPOCH = 1_795_230_000_000

const KUBECONFIG = `apiVersion: v1
kind: Config
clusters:
- cluster:
    server: ${SERVER}
  name: kubernetes
contexts:
- context:
    cluster: kubernetes
    user: kubernetes-admin
  name: kubernetes-admin@kubernetes
current-context: kubernetes-admin@kubernetes
users:
- name: kubernetes-admin
  user: {}
`

/** An API server alone, and a kubectl that reaches it. `drain` as for a world. */
export function cluster(drain: Drain, files: Readonly<Record<string, string>> = {}) {
  const clock = new EventQueue()
  const waiting: Waiting = { awakened: false }
  const api = createApiServer({ clock, random: new Random(1), waiting, epoch: EPOCH })
  const fs = memoryFiles({ '/root/.kube/config': KUBECONFIG, ...files })

  /** Runs `kubectl ARGS`. */
  async function call(args: readonly string[], stdin = '', env: Record<string, string> = {}): Promise<Result> {
    const result: Result = { stdout: '', stderr: '', status: -1 }
    let input = new TextEncoder().encode(stdin)
    const add = async (name: 'stdout' | 'stderr', text: string) => {
      result[name] += text
    }
    const sink = (name: 'stdout' | 'stderr') => ({
      tty: undefined,
      write: (bytes: Uint8Array) => add(name, new TextDecoder().decode(bytes)),
    })
    const process = {
      argv: ['kubectl', ...args],
      pid: 4242,
      env: new Map(Object.entries({ HOME: '/root', PATH: '/usr/bin', ...env })),
      files: fs,
      stdin: {
        tty: undefined,
        read: async () => {
          const bytes = input
          input = new Uint8Array()
          return bytes
        },
      } as unknown as OpenFile,
      stdout: sink('stdout'),
      stderr: sink('stderr'),
      print: (text: string) => add('stdout', text),
      printError: (text: string) => add('stderr', text),
      sleep: (ms: number) => wait(ms),
      compute: (ms: number) => wait(ms),
      wallClock: () => EPOCH + clock.now,
      uptime: () => clock.now,
      on: () => {},
      random: new Random(7),
      machine: {
        dial: (origin: string): RestPort | undefined => (origin === SERVER ? api : undefined),
        world: { clock, waiting },
      },
    } as unknown as Process
    const wait = (ms: number) => {
      const done = defer<void>(waiting)
      clock.after(ms, () => done.resolve())
      return done.promise
    }
    let ended = false
    const running = Promise.resolve(kubectl(process)).then(
      (status) => {
        result.status = status
        ended = true
      },
      (error) => {
        ended = true
        throw error
      },
    )
    await run(clock, waiting, drain, { when: () => ended, until: clock.now + 3_600_000 })
    if (ended) await running
    return result
  }

  return { api, clock, waiting, files: fs, drain, call }
}
