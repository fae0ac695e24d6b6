import type { Process } from '../../linux/process.ts'
import type { AlertBook } from './alerts.ts'
import type { Peers } from './peers.ts'

/** What the parts of an Alertmanager share. */
export interface Server {
  process: Process
  book: AlertBook
  peers: Peers
  started: number
  clustered: boolean
  sent: number
  failed: number
  reloaded: boolean
  /** Kinds of receivers that were complained of. */
  unknown: Set<string>
  externalUrl: string
}
