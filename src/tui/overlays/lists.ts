import { glossaryOf } from '../../course/glossary.ts'
import type { Step } from '../../course/session/steps.ts'
import type { Study } from '../study/study.ts'
import type { Overlay, OverlayItem } from './overlay.ts'

/** Everything that can be opened, narrowed by what is typed. */
export const search: Overlay = {
  title: (words) => words.search,
  typing: true,
  items(study) {
    const { language, steps } = study.desk
    const texts = (step: Step) => [stepTitle(step, language), searchText(step, language)] as const
    return ranked(steps, study.query, texts).map((step) => stepItem(step, study))
  },
}

export const labs: Overlay = {
  title: (words) => words.labs,
  items: (study) => study.desk.steps.filter((step) => step.type === 'lab').map((step) => stepItem(step, study)),
}

/** Every term of the book, narrowed by what is typed. */
export const glossary: Overlay = {
  title: (words) => words.glossary,
  typing: true,
  items(study) {
    const { language, steps } = study.desk
    const terms = [...glossaryOf(steps, language)].sort(([a], [b]) => a.localeCompare(b, language))
    return ranked(terms, study.query, ([term, { text }]) => [term, text]).map(
      ([term, { text, step }]): OverlayItem => ({ label: term, text, open: () => study.enter(step) }),
    )
  },
}

/** What is called so, then what begins so, has it in its name, or only in its text; within these in the order given. */
function ranked<T>(items: readonly T[], query: string, texts: (item: T) => readonly [name: string, text: string]): T[] {
  const wanted = query.trim().toLowerCase()
  const ranks = items.map((item) => {
    const [name, text] = texts(item).map((part) => part.toLowerCase()) as [string, string]
    if (name === wanted) return 0
    if (name.startsWith(wanted)) return 1
    return name.includes(wanted) ? 2 : text.includes(wanted) ? 3 : 4
  })
  return [0, 1, 2, 3].flatMap((rank) => items.filter((_, i) => ranks[i] === rank))
}

export function stepTitle(step: Step, language: 'en' | 'zh'): string {
  return step.type === 'page' ? step.page[language].title : step.lab.title[language]
}

export function stepDone(step: Step, study: Study): boolean {
  const { progress } = study.desk
  return step.type === 'page' ? step.id in progress.pages : progress.labs[step.lab.id]?.passed !== undefined
}

function stepItem(step: Step, study: Study): OverlayItem {
  const { language } = study.desk
  const mark = stepDone(step, study) ? '✓' : '○'
  const kind = step.type === 'lab' ? `${study.words.task} · ` : ''
  return {
    label: `${mark} ${step.chapter.number} › ${kind}${stepTitle(step, language)}`,
    text: step.type === 'page' ? step.page[language].summary : undefined,
    open: () => study.enter(step),
  }
}

function searchText(step: Step, language: 'en' | 'zh'): string {
  if (step.type === 'lab') return `${step.lab.title[language]} ${step.lab.task[language]}`
  const page = step.page[language]
  const prose = page.blocks.map((block) =>
    'markdown' in block ? block.markdown : 'script' in block ? block.script : '',
  )
  return [page.title, page.summary, ...Object.keys(page.terms), ...prose].join(' ')
}
