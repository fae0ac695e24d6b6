import { emptyProgress, type Progress } from '../course/progress.ts'
import { Desk } from '../course/session/desk.ts'
import type { JournalStore } from '../course/session/journal-store.ts'
import { noStore } from '../course/session/journal-store.ts'
import type { CliContext } from './context.ts'
import { worldSource } from './world-source.ts'

/** The learner's desk with everything of this machine behind it. */
export function openDesk(context: CliContext, at?: string, variant?: number): Promise<Desk> {
  return makeDesk(context, context.journals, context.progress, at, variant)
}

/** A desk that remembers nothing: for demonstrations. */
export function passingDesk(context: CliContext, at: string): Promise<Desk> {
  const value = emptyProgress()
  return makeDesk(context, noStore, { value, update: (change) => change(value) }, at, 1)
}

async function makeDesk(
  context: CliContext,
  store: JournalStore,
  progress: { readonly value: Progress; update(change: (progress: Progress) => void): void },
  at?: string,
  variant?: number,
): Promise<Desk> {
  const course = await context.course()
  return new Desk(
    {
      course,
      worlds: {
        create: async (options) => (await worldSource()).create(options),
        replay: async (journal) => (await worldSource()).replay(journal),
      },
      store,
      progress,
      style: context.style,
      language: context.language,
      now: () => new Date(),
      seed: 1,
      variant,
    },
    at,
  )
}
