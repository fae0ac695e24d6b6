import type { Course } from '../course.ts'
import type { Problem } from '../problem.ts'
import type { WorldSource } from '../session/study-session.ts'
import { type ProofOptions, proveLab } from './lab.ts'
import { provePages } from './pages.ts'

/** One thing proven, or not. */
export interface ProofStep {
  /** `lab first-pod · mistake: no label` */
  name: string
  problems: readonly Problem[]
}

/** What is proven in worlds of its own, so that parts can be proven side by side. */
export type ProofPart = { type: 'pages'; chapter: string } | { type: 'lab'; id: string }

/** The parts of a course that are wanted: pages in the order of the book, then labs. */
export function proofParts(course: Course, wanted: (file: string) => boolean): ProofPart[] {
  const pages = course.chapters.filter((chapter) =>
    chapter.pages.some((page) => wanted(page.en.file) || wanted(page.zh.file)),
  )
  const labs = course.chapters.flatMap((chapter) => chapter.labs)
  return [
    ...pages.map(({ id }): ProofPart => ({ type: 'pages', chapter: id })),
    ...labs
      .filter((lab) => wanted(lab.file) || wanted(lab.grader.file))
      .map(({ id }): ProofPart => ({ type: 'lab', id })),
  ]
}

export async function* provePart(
  course: Course,
  part: ProofPart,
  worlds: WorldSource,
  wanted: (file: string) => boolean,
  options: ProofOptions = {},
): AsyncGenerator<ProofStep> {
  for (const chapter of course.chapters) {
    if (part.type === 'pages' && chapter.id === part.chapter) yield* provePages(chapter, worlds, wanted)
    for (const lab of chapter.labs) {
      if (part.type === 'lab' && lab.id === part.id) yield* proveLab(lab, worlds, options)
    }
  }
}
