import type { Chapter } from '../../course/course.ts'
import { dueQuestions } from '../../course/progress.ts'
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
  const due = dueQuestions(desk.progress, new Date())
  const target = steps.find((item) => due.some((id) => id.startsWith(`${item.id}#`)))
  if (target) {
    const open = () => {
      for (const id of due) study.answers.delete(id)
      study.enter(target)
    }
    items.push({ type: 'review', label: words.review, detail: `${due.length} ${words.due}`, open })
  }
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
