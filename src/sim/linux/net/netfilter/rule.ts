import type { Cidr } from '../ipv4.ts'

interface Negatable<T> {
  readonly value: T
  readonly not: boolean
}

export interface PortRange {
  readonly from: number
  readonly to: number
}

export type ConnectionState = 'NEW' | 'ESTABLISHED' | 'RELATED' | 'INVALID' | 'DNAT' | 'SNAT'

/** One iptables rule, parsed. Never changed, so that machines may share it. */
export interface Rule {
  /** As `iptables -S` prints it, without `-A CHAIN`. */
  readonly text: string
  readonly protocol?: Negatable<string>
  readonly source?: Negatable<Cidr>
  readonly destination?: Negatable<Cidr>
  readonly inInterface?: Negatable<string>
  readonly outInterface?: Negatable<string>
  readonly destinationPorts?: Negatable<readonly PortRange[]>
  readonly sourcePorts?: Negatable<readonly PortRange[]>
  readonly states?: Negatable<readonly ConnectionState[]>
  readonly mark?: Negatable<{ value: number; mask: number }>
  readonly destinationType?: Negatable<string>
  readonly sourceType?: Negatable<string>
  readonly statistic?: { mode: 'random'; probability: number } | { mode: 'nth'; every: number; packet: number }
  readonly recent?: { name: string; action: 'set' | 'rcheck' | 'update' | 'remove'; seconds?: number }
  readonly sets?: readonly Negatable<{ name: string; directions: readonly ('src' | 'dst')[] }>[]
  readonly comment?: string
  readonly target: Target
}

export type Target =
  | { kind: 'ACCEPT' | 'DROP' | 'RETURN' | 'NONE' | 'LOG' }
  | { kind: 'REJECT'; with: string }
  | { kind: 'DNAT'; address?: number; port?: number }
  | { kind: 'SNAT'; address: number }
  | { kind: 'MASQUERADE' }
  | { kind: 'REDIRECT'; port: number }
  | { kind: 'MARK'; value: number; mask: number }
  | { kind: 'JUMP' | 'GOTO'; chain: string }
