import type { HostFunction } from '../engine/guest.ts'
import { childFunctions } from './children.ts'
import { digestFunctions } from './digests.ts'
import { fileFunctions } from './files.ts'
import { machineFunctions } from './machine.ts'
import type { NodeProcess } from './node-process.ts'
import { processFunctions } from './process.ts'
import { socketFunctions } from './sockets.ts'
import { textFunctions } from './text.ts'

/** An operation that ends later. */
export type Operation = (...args: any[]) => Promise<any>

export interface HostFunctions {
  functions: Record<string, HostFunction>
  operations?: Record<string, Operation>
}

/** Everything a script may ask of the machine, by area. One line each. */
export function hostFunctions(node: NodeProcess): HostFunctions[] {
  return [
    textFunctions(),
    processFunctions(node),
    machineFunctions(node),
    fileFunctions(node),
    socketFunctions(node),
    childFunctions(node),
    digestFunctions(),
  ]
}
