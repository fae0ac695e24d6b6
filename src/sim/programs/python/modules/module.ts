import type { Value } from '../objects/value.ts'
import type { Runtime } from '../runtime/runtime.ts'

/** A module that the simulator brings. */
export interface ModuleDefinition {
  /** What is written in TypeScript. */
  names?: (runtime: Runtime) => Map<string, Value>
  /** What is written in Python; runs with those names. */
  source?: string
  isPackage?: boolean
  /** A native module that is loaded with it. */
  also?: string
  /** The distribution that must be installed for it. */
  distribution?: string
  /** ms of CPU to import the real one. */
  cost?: number
  /** Bytes that the real one takes. */
  memory?: number
}
