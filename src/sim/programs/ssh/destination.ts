import type { Process } from '../../linux/process.ts'
import { userById } from '../applet/users.ts'

export interface Destination {
  user: string
  host: string
  port: number
}

/** `[user@]host`, `ssh://[user@]host[:port]`; the caller's own name unless told. */
export function parseDestination(process: Process, text: string, user?: string, port = 22): Destination {
  const uri = /^ssh:\/\/(?:([^@/]+)@)?([^:/]+)(?::(\d+))?\/?$/.exec(text)
  const at = text.lastIndexOf('@')
  const named = uri ? uri[1] : at > 0 ? text.slice(0, at) : undefined
  return {
    user: user ?? named ?? userById(process, process.credentials.uid)?.name ?? 'root',
    host: uri ? uri[2]! : text.slice(at + 1),
    port: uri?.[3] ? Number(uri[3]) : port,
  }
}
