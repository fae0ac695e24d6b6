import { SystemError } from '../../linux/errors.ts'
import type { Process } from '../../linux/process.ts'
import { defer } from '../../time/waiting.ts'
import { listenHttp } from './listen.ts'
import type { Handled, ServerRequest } from './server.ts'

export interface DaemonOptions {
  listen: readonly { address?: string; port: number; handler: (request: ServerRequest) => Promise<Handled> | Handled }[]
  /** What else it does; ends with the process. */
  tasks?: readonly (() => Promise<unknown>)[]
  /** A port that cannot be had: what the program says before it exits with 1. */
  onBusy?: (port: number, why: string) => void
}

/** Serves HTTP until told to stop. */
export async function runDaemon(process: Process, { listen, tasks = [], onBusy }: DaemonOptions): Promise<number> {
  const stopped = defer<number>(process.machine.world.waiting)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stopped.resolve(0))
  const fault = (error: unknown) => stopped.reject(error)
  for (const { address, port, handler } of listen)
    listenHttp(process, { ...(address ? { address } : {}), port }, handler).catch((error) => {
      if (!(error instanceof SystemError)) return fault(error)
      onBusy?.(port, error.message.toLowerCase())
      stopped.resolve(1)
    })
  for (const task of tasks) task().catch(fault)
  return stopped.promise
}

/** `:9093`, `127.0.0.1:8080`, `[::]:9090`. */
export function parseListen(text: string): { address?: string; port: number } {
  const m = /^(.*):(\d+)$/.exec(text)
  const address = m?.[1]?.replace(/^\[|\]$/g, '') ?? ''
  return { ...(address === '' || address === '::' ? {} : { address }), port: Number(m?.[2] ?? 0) }
}

/** Go's flags: `--name=value`, `--name value` for the names that take one, `--name`. */
export function goFlags(args: readonly string[]): {
  get(name: string, fallback: string): string
  all(name: string): string[]
} {
  const given = new Map<string, string[]>()
  for (let i = 0; i < args.length; i++) {
    const m = /^--?([\w.-]+)(?:=(.*))?$/s.exec(args[i]!)
    if (!m) continue
    const next = args[i + 1]
    const value = m[2] ?? (next !== undefined && !next.startsWith('-') ? args[++i]! : 'true')
    given.set(m[1]!, [...(given.get(m[1]!) ?? []), value])
  }
  return {
    get: (name, fallback) => given.get(name)?.at(-1) ?? fallback,
    all: (name) => given.get(name) ?? [],
  }
}

export const textResponse = (status: number, body: string): Handled => ({
  status,
  headers: [['Content-Type', 'text/plain; charset=utf-8']],
  body,
})
export const jsonResponse = (status: number, body: unknown): Handled => ({
  status,
  headers: [['Content-Type', 'application/json']],
  body: JSON.stringify(body),
})
