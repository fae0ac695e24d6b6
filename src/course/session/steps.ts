import type { Chapter, Course, LocalPage } from '../course.ts'
import type { Lab, LabStart } from '../lab.ts'

/** One thing to do in the book: a page to read, or a lab. */
export type Step =
  | { type: 'page'; id: string; chapter: Chapter; page: LocalPage }
  | { type: 'lab'; id: string; chapter: Chapter; lab: Lab }

/** The book in reading order: each page, then the labs that practise it. */
export function stepsOf(course: Course): Step[] {
  return course.chapters.flatMap(chapterSteps)
}

function chapterSteps(chapter: Chapter): Step[] {
  const steps: Step[] = []
  const done = new Set<string>()
  const offer = (lab: Lab | undefined) => {
    if (!lab || done.has(lab.id)) return
    done.add(lab.id)
    steps.push({ type: 'lab', id: `lab:${lab.id}`, chapter, lab })
  }
  for (const page of chapter.pages) {
    steps.push({ type: 'page', id: page.id, chapter, page })
    for (const name of page.en.labs) offer(chapter.labs.find((lab) => lab.id === name))
  }
  chapter.labs.forEach(offer)
  return steps
}

/**
 * The world a step happens in: pages of a chapter share one until a page asks for a fresh one. `before`: the pages of
 * that world that stand before this one, which may have made what it needs.
 */
export function worldOf(step: Step): { key: string; start: LabStart; before: readonly LocalPage[] } {
  if (step.type === 'lab') return { key: `lab-${step.lab.id}`, start: step.lab.start, before: [] }
  let owner: LocalPage = step.page
  let before: LocalPage[] = []
  for (const [i, page] of step.chapter.pages.entries()) {
    if (i === 0 || page.en.fresh || page.en.topology !== owner.en.topology) {
      owner = page
      before = []
    }
    if (page.id === step.page.id) break
    before.push(page)
  }
  return {
    key: `page-${owner.id.replace('/', '-')}`,
    start: { topology: owner.en.topology, commands: owner.en.setup },
    before,
  }
}
