import type { PageAction, PageLayout } from '../page/layout.ts'

/** The question to which a choice, or the command that answers a prediction, belongs. */
export function questionOf(id: string): string {
  return id.slice(0, id.lastIndexOf('.'))
}

/**
 * What `r` does: the command that is selected, or the first thing not yet done. The command of a prediction belongs to
 * the story like any other, so it is not passed over: `r` first leads to the question (a choice is returned, to be
 * selected), and pressed there, shows what happens without a guess.
 */
export function nextAction(
  actions: PageLayout['actions'],
  selected: PageAction | undefined,
  answers: ReadonlyMap<string, number>,
  done: ReadonlySet<string>,
): PageAction | undefined {
  if (selected?.type === 'run') return selected
  const next = actions.find(({ action }) => {
    if (action.type !== 'choice') return !done.has(action.id)
    const question = questionOf(action.id)
    return action.question.run !== undefined && !answers.has(question) && !done.has(`${question}.run`)
  })?.action
  if (next?.type !== 'choice' || selected?.type !== 'choice') return next
  const question = questionOf(next.id)
  if (questionOf(selected.id) !== question) return next
  return { type: 'run', script: next.question.run!, id: `${question}.run` }
}
