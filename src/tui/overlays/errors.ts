import { explanationsOf } from '../../course/glossary.ts'
import type { Study } from '../study/study.ts'
import { stepTitle } from './lists.ts'
import type { Overlay } from './overlay.ts'

/** Errors the terminal shows, each with the page that explains it, the latest first. */
export const errors: Overlay = {
  title: (words) => words.errors,
  empty: (words) => words.noErrors,
  items(study) {
    const { language } = study.desk
    return errorsOn(study, study.screen.text()).map(({ word, step }) => ({
      label: `${word}  →  ${step.chapter.number} › ${stepTitle(step, language)}`,
      text: step.page[language].summary,
      open: () => study.enter(step),
    }))
  },
}

/** Words of errors in a text, the last first, with the pages that explain them. */
export function errorsOn(study: Study, text: string) {
  return explanationsOf(study.desk.steps)
    .map((explanation) => ({ ...explanation, at: text.lastIndexOf(explanation.word) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => b.at - a.at)
}
