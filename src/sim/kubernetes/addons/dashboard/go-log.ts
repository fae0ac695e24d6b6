import type { Process } from '../../../linux/process.ts'
import { dateFields } from '../../../time/date.ts'

/** A line as Go's log package writes it: `2026/11/21 08:00:03 text`. */
export async function goLog(process: Process, text: string): Promise<void> {
  const { year, month, day, hour, minute, second } = dateFields(process.wallClock())
  const two = (n: number) => String(n).padStart(2, '0')
  await process.print(`${year}/${two(month)}/${two(day)} ${two(hour)}:${two(minute)}:${two(second)} ${text}\n`)
}
