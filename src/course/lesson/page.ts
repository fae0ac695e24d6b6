import type { Topology } from '../../sim/world/journal.ts'

/** One page in one language. */
export interface Page {
  /** `03-pods/01-first-pod` */
  readonly id: string
  readonly chapter: string
  readonly file: string
  readonly title: string
  readonly summary: string
  readonly topology: Topology
  /** Starts in a new world instead of the one of the page before. */
  readonly fresh: boolean
  readonly setup: string | undefined
  readonly labs: readonly string[]
  readonly terms: Readonly<Record<string, string>>
  readonly notes: readonly string[]
  readonly blocks: readonly Block[]
}

/** What a page is made of, in order. */
export type Block =
  | { type: 'prose'; markdown: string; line: number }
  | { type: 'figure'; text: string; line: number }
  /** One key runs it. */
  | RunBlock
  /** One key writes it into the learner's home. */
  | { type: 'file'; name: string; language: string; content: string; line: number }
  | { type: 'code'; language: string; text: string; line: number }
  | { type: 'quiz' | 'predict'; question: Question; line: number }

export interface RunBlock {
  type: 'run'
  script: string
  /** What it prints, when the page shows it. */
  output?: string
  /** Virtual ms to let pass before it is run in a proof or a demo: the time a reader takes. */
  after?: number
  line: number
}

export interface Question {
  ask: string
  choices: readonly Choice[]
  /** predict: the command that shows the answer. */
  run?: string
}

export interface Choice {
  text: string
  right?: boolean
  why: string
}
