import type { Topology } from '../sim/world/journal.ts'
import type { NestedCheck } from './checks/nested.ts'
import type { Exam } from './exam.ts'
import type { Text } from './language.ts'
import type { Values } from './variants.ts'

/** A lab with its grader, as its two files say. */
export interface Lab {
  /** `first-pod`: the file's name. */
  readonly id: string
  readonly chapter: string
  readonly file: string
  readonly title: Text
  readonly minutes: number
  /** Pages, as chapter/page. */
  readonly teaches: readonly string[]
  /** Markdown. */
  readonly task: Text
  readonly start: LabStart
  /** Differ from learner to learner; see `variantOf`. */
  readonly values?: Values
  readonly exam?: Exam
  readonly hints: readonly Hint[]
  readonly solutions: readonly Solution[]
  readonly mistakes: readonly Mistake[]
  readonly survivors?: readonly { change: string; why: string }[]
  /** Markdown. */
  readonly debrief: Text
  readonly grader: Grader
}

export interface LabStart {
  topology: Topology
  /** Name to content, in the learner's home. */
  files?: Readonly<Record<string, string>>
  commands?: string
}

export type Hint = Text & {
  /** A check that fails while those before it pass. */
  when?: string
  /** What holds in the learner's world, and did not at the start. */
  if?: NestedCheck
}

export interface Solution {
  name: string
  script: string
}

export interface Mistake extends Solution {
  fails: readonly string[]
  told: readonly string[]
}

export interface Grader {
  readonly file: string
  /** Virtual ms the world is given for the checks to come true. */
  readonly settle: number
  readonly checks: readonly GraderCheck[]
}

export interface GraderCheck extends NestedCheck {
  id: string
  title: Text
  weight: number
  needs: readonly string[]
  guard: boolean
  /** In an exam: the task it belongs to, from 1. */
  task?: number
}

export function pointsOf(lab: Lab): number {
  return lab.grader.checks.reduce((sum, check) => sum + check.weight, 0)
}
