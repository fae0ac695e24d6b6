import type { Chapter, Course, LocalPage } from '../course.ts'
import type { Lab, LabStart } from '../lab.ts'

/** One thing to do in the book: a page to read, or a lab. */
export type Step =
  | { type: 'page'; id: string; chapter: Chapter; page: LocalPage }
  | { type: 'lab'; id: string; chapter: Chapter; lab: Lab }

/** The book in reading order: each page, then the labs that need no page after it. */
export function stepsOf(course: Course): Step[] {
  return course.chapters.flatMap(chapterSteps)
}

/** A lab that several pages name waits for the last of them; one that no page names ends the chapter. */
function chapterSteps(chapter: Chapter): Step[] {
  const { pages } = chapter
  const place = (lab: Lab) => {
    const last = pages.findLastIndex((page) => page.en.labs.includes(lab.id))
    return last < 0 ? pages.length - 1 : last
  }
  const labsAfter = (n: number) =>
    chapter.labs
      .filter((lab) => place(lab) === n)
      .map((lab): Step => ({ type: 'lab', id: `lab:${lab.id}`, chapter, lab }))
  if (pages.length === 0) return labsAfter(-1)
  return pages.flatMap((page, n): Step[] => [{ type: 'page', id: page.id, chapter, page }, ...labsAfter(n)])
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
