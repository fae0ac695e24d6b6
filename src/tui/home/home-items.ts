import type { Chapter } from '../../course/course.ts'
import { dueLabs, dueQuestions } from '../../course/progress.ts'
import type { Step } from '../../course/session/steps.ts'
import { stepDone, stepTitle } from '../overlays/lists.ts'
import type { Study } from '../study/study.ts'

/** One line of the home that can be opened. */
export interface HomeItem {
  type: 'continue' | 'review' | 'chapter'
  label: string
  detail: string
  /** Chapters: how much of it is done. */
  bar?: { done: number; of: number; chapter: Chapter }
  open(): void
}

export function homeItems(study: Study): HomeItem[] {
  const { desk, words } = study
  const { language, steps, step } = desk
  const items: HomeItem[] = [
    {
      type: 'continue',
      label: words.continue,
      detail: `${step.chapter.number} ${step.chapter.title[language]} › ${step.type === 'lab' ? `${words.task} · ` : ''}${stepTitle(step, language)}`,
      open: () => study.enter(),
    },
  ]
  const review = reviewItem(study)
  if (review) items.push(review)
  const chapters = [...new Set(steps.map((item) => item.chapter))]
  for (const chapter of chapters) {
    const own = steps.filter((item) => item.chapter === chapter)
    const done = own.filter((item) => stepDone(item, study)).length
    const next: Step = own.find((item) => !stepDone(item, study)) ?? own[0]!
    items.push({
      type: 'chapter',
      label: `${chapter.number}`.padStart(2),
      detail: chapter.title[language],
      bar: { done, of: own.length, chapter },
      open: () => study.enter(next),
    })
  }
  return items
}

/** Questions answered wrongly and labs passed with trouble, when their time has come. Opens the first of them. */
function reviewItem(study: Study): HomeItem | undefined {
  const { desk, words } = study
  const now = new Date()
  const questions = dueQuestions(desk.progress, now)
  const labs = dueLabs(desk.progress, now)
  const page = desk.steps.find((step) => questions.some((id) => id.startsWith(`${step.id}#`)))
  const lab = desk.steps.find((step) => step.type === 'lab' && labs.includes(step.lab.id))
  const target = page ?? lab
  if (!target) return undefined
  const open = () => {
    for (const id of questions) study.answers.delete(id)
    if (target.type === 'lab') study.review(target)
    else study.enter(target)
  }
  const what = [
    ...(questions.length > 0 ? [words.dueQuestions(questions.length)] : []),
    ...(labs.length > 0 ? [words.dueLabs(labs.length)] : []),
  ]
  return { type: 'review', label: words.review, detail: words.due(what, questions.length + labs.length === 1), open }
}
