import type { ProgramTable } from '../containers/engine.ts'
import type { ApiClient } from '../kubernetes/api/client.ts'
import type { KubeObject } from '../kubernetes/api/object.ts'
import type { PodVerdict } from '../kubernetes/scheduler/verdicts.ts'
import type { TtySize } from '../linux/file.ts'
import type { RestPort } from '../rest/port.ts'
import type { Drain, RunLimits, RunResult } from '../time/driver.ts'
import type { Input, Journal, Topology } from './journal.ts'

export interface WorldOptions {
  seed: number
  topology: Topology
  /** Commands the learner types (kubectl, docker, …), added to the programs every machine has. */
  commands: ProgramTable
  /** Lets promise callbacks run to their end; `() => new Promise((r) => setImmediate(r))` on Node. */
  drain: Drain
  /** Keeps every version of every object, for checks over the whole history. Off unless told. */
  history?: boolean
  size?: TtySize
}

export interface ScriptResult {
  stdout: string
  stderr: string
  status: number
  /** False when it had not ended at the deadline. */
  ended: boolean
}

/** One version of one object, as it was written. */
export interface HistoryEntry {
  /** Virtual milliseconds. */
  t: number
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  resource: string
  object: KubeObject
}

/** A simulated world: the learner's computer and what it can reach. */
export interface World {
  readonly topology: Topology
  readonly seed: number
  /** Virtual milliseconds since it began. */
  readonly now: number
  /** ms since 1970 */
  wallClock(): number
  readonly journal: Journal
  /** The cluster's REST port as its administrator; undefined when the topology has no cluster (yet). */
  readonly api: RestPort | undefined
  /** The Docker Engine API of the learner's computer; undefined when it has no Docker. */
  readonly docker?: RestPort | undefined
  /** The cluster's port in process, synchronous. */
  readonly client: ApiClient | undefined
  readonly history: readonly HistoryEntry[]
  /** What the scheduler's plugins said of each node, at the latest attempt to place each of the last Pods. */
  scheduling(): readonly PodVerdict[]
  /** Calls back at once with what the learner's terminal has shown so far, then with all that comes. */
  onOutput(listener: (text: string) => void): () => void
  /** Records the input and lets it act at the present virtual time. Only between runs. */
  input(input: Input): void
  /** Moves virtual time as fast as possible. */
  run(limits: RunLimits): Promise<RunResult>
  /**
   * Runs a script in a shell of its own on the learner's machine until it ends or `deadline` virtual ms have passed.
   * Recorded in the journal. Standard output and error are kept apart.
   */
  script(text: string, options?: { deadline?: number; cwd?: string; cancelled?: () => boolean }): Promise<ScriptResult>
  /** The same without recording: for graders, in forks. */
  probe(text: string, options?: { deadline?: number }): Promise<ScriptResult>
  /** A second world with the same past. This one is not touched. */
  fork(): Promise<World>
  /** Reads a file of the learner's machine; undefined when there is none. */
  readFile(path: string): string | undefined
}
