import type { Frame } from '../frame.ts'
import type { Interpreter } from '../interpreter.ts'

/** What one instruction does. */
export type Handler = (vm: Interpreter, frame: Frame, operand: number) => void
