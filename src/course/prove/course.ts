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

/** Proves all that is wanted: pages in the order of the book, then labs. */
export async function* proveCourse(
  course: Course,
  worlds: WorldSource,
  wanted: (file: string) => boolean,
  options: ProofOptions = {},
): AsyncGenerator<ProofStep> {
  for (const chapter of course.chapters) yield* provePages(chapter, worlds, wanted)
  for (const lab of course.chapters.flatMap((chapter) => chapter.labs)) {
    if (wanted(lab.file) || wanted(lab.grader.file)) yield* proveLab(lab, worlds, options)
  }
}
