import { glossaryOf } from '../../course/glossary.ts'
import { termsIn } from '../page/terms.ts'
import type { Overlay } from './overlay.ts'

/** What the words of the open page mean, in the order in which they stand there. */
export const terms: Overlay = {
  title: (words) => words.terms,
  empty: (words) => words.noTerms,
  items(study) {
    const { steps, step, language } = study.desk
    const glossary = glossaryOf(steps, language, step)
    return termsIn(study.layout.lines, [...glossary.keys()]).map((term) => {
      const known = glossary.get(term)!
      return { label: term, text: known.text, open: () => study.enter(known.step) }
    })
  },
}
