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

/** The world a step happens in: pages of a chapter share one until a page asks for a fresh one. */
export function worldOf(step: Step): { key: string; start: LabStart } {
  if (step.type === 'lab') return { key: `lab-${step.lab.id}`, start: step.lab.start }
  let owner: LocalPage | undefined
  for (const page of step.chapter.pages) {
    if (!owner || page.en.fresh || page.en.topology !== owner.en.topology) owner = page
    if (page.id === step.page.id) break
  }
  const first = owner ?? step.page
  return {
    key: `page-${first.id.replace('/', '-')}`,
    start: { topology: first.en.topology, commands: first.en.setup },
  }
}
