import type { TtySize } from '../linux/file.ts'

/**
 * What a world begins with. `machines`: two computers, prepared with containerd and kubeadm, that are no cluster yet;
 * `machines-nat`: the same as VirtualBox makes them, each with a second card whose address all of them share.
 */
export type Topology = 'none' | 'docker' | 'minikube' | 'two-node' | 'three-node' | 'machines' | 'machines-nat'

export const TOPOLOGIES: readonly Topology[] = [
  'none',
  'docker',
  'minikube',
  'two-node',
  'three-node',
  'machines',
  'machines-nat',
]

/** Something that came from outside the world. Nothing else can change what happens in it. */
export type Input =
  /** Bytes typed at the learner's terminal (UTF-8 text, control characters included). */
  | { type: 'type'; text: string }
  | { type: 'resize'; size: TtySize }
  /** A file put into the learner's machine; relative paths are below the learner's home. */
  | { type: 'write'; path: string; content: string }
  /** A script run to its end by a shell of its own, in the learner's home unless told (a lab's start, a solution). `deadline`: virtual ms after which it is killed. */
  | { type: 'script'; text: string; deadline?: number; cwd?: string }
  /** A fault from outside: the node's kubelet stops answering, or goes on. */
  | { type: 'node-down' | 'node-up'; node: string }

export interface JournalEntry {
  /** Virtual milliseconds since the world began. */
  t: number
  input: Input
}

/** A world is a pure function of this. */
export interface Journal {
  /** Raised when the same journal would give another world. */
  format: 1
  seed: number
  topology: Topology
  entries: JournalEntry[]
  /** How far the clock had come when it was last saved. */
  now: number
}
