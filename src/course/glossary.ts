import type { Language } from './language.ts'
import type { Step } from './session/steps.ts'

type PageStep = Extract<Step, { type: 'page' }>

const pagesOf = (steps: readonly Step[]) => steps.filter((step): step is PageStep => step.type === 'page')

/**
 * Every term of the book with the first page that explains it. Those of the chapter that is read come first: a word
 * may mean one thing there and another elsewhere.
 */
export function glossaryOf(
  steps: readonly Step[],
  language: Language,
  reading?: Step,
): ReadonlyMap<string, { text: string; step: PageStep }> {
  const glossary = new Map<string, { text: string; step: PageStep }>()
  const pages = pagesOf(steps)
  const own = pages.filter(({ chapter }) => chapter === reading?.chapter)
  for (const step of [...own, ...pages]) {
    for (const [term, text] of Object.entries(step.page[language].terms)) {
      if (!glossary.has(term)) glossary.set(term, { text, step })
    }
  }
  return glossary
}

/** Words of errors with the page that explains them. */
export function explanationsOf(steps: readonly Step[]): { word: string; step: PageStep }[] {
  return pagesOf(steps).flatMap((step) => step.page.en.explains.map((word) => ({ word, step })))
}
