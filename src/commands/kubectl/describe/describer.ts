import type { Info } from '../builder/info.ts'
import type { Session } from '../session.ts'
import type { DescribeWriter } from './writer.ts'

export interface DescribeContext {
  session: Session
  info: Info
  object: any
  /** Wall clock: ms since 1970. */
  now: number
  showEvents: boolean
  /** Reads another list or object for details. */
  get(path: string, query?: readonly (readonly [string, string])[]): Promise<any>
}

/** Writes what describe says of one kind. */
export type Describer = (w: DescribeWriter, context: DescribeContext) => Promise<void> | void
