import type { Process } from '../../../sim/linux/process.ts'
import { defer } from '../../../sim/time/waiting.ts'

/** The next item of a stream, or `late` when the deadline (uptime ms) comes first. */
export async function nextWithin<T>(
  process: Process,
  items: AsyncIterator<T>,
  deadline: number,
): Promise<IteratorResult<T> | 'late'> {
  if (deadline === Number.POSITIVE_INFINITY) return items.next()
  const left = deadline - process.uptime()
  if (left <= 0) return 'late'
  const { clock, waiting } = process.machine.world
  const late = defer<'late'>(waiting)
  const timer = clock.after(left, () => late.resolve('late'))
  try {
    return await Promise.race([items.next(), late.promise])
  } finally {
    timer.cancel()
  }
}
