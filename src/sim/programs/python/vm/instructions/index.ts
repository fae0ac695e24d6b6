import { OPERATIONS, type Operation } from '../../compile/code.ts'
import { calls } from './calls.ts'
import { collections } from './collections.ts'
import { exceptions } from './exceptions.ts'
import { flow } from './flow.ts'
import type { Handler } from './handler.ts'
import { names } from './names.ts'
import { objects } from './objects.ts'

const table: Readonly<Record<Operation, Handler>> = {
  ...names,
  ...objects,
  ...flow,
  ...collections,
  ...calls,
  ...exceptions,
}

/** By number. */
export const HANDLERS: readonly Handler[] = OPERATIONS.map((name) => table[name])
