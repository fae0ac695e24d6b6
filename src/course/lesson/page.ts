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
  /** Words of errors that this page explains: `ImagePullBackOff`. */
  readonly explains: readonly string[]
  readonly blocks: readonly Block[]
}

/** What a page is made of, in order. */
export type Block =
  | { type: 'prose'; markdown: string; line: number }
  | FigureBlock
  | LiveBlock
  /** One key runs it. */
  | RunBlock
  /** One key writes it into the learner's home. */
  | { type: 'file'; name: string; language: string; content: string; line: number }
  | { type: 'code'; language: string; text: string; line: number }
  | { type: 'quiz' | 'predict'; question: Question; line: number }

/** Drawn with box characters. With more frames than one it moves. */
export interface FigureBlock {
  type: 'figure'
  frames: readonly string[]
  line: number
}

/** A figure drawn from the learner's world as it is now. */
export interface LiveBlock {
  type: 'live'
  figure: LiveFigureName
  /** Of the Deployment, of the Service, of the namespace. */
  name: string
  line: number
}

export const liveFigureNames = ['rollout', 'service', 'dashboard'] as const
export type LiveFigureName = (typeof liveFigureNames)[number]

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
