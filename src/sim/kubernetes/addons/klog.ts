import type { Process } from '../../linux/process.ts'
import { dateFields } from '../../time/date.ts'

/** A line as klog writes it: `E1121 08:00:03.123456       1 scraper.go:140] text`. */
export async function klog(process: Process, level: 'I' | 'W' | 'E' | 'F', text: string): Promise<void> {
  const now = process.wallClock()
  const { month, day, hour, minute, second } = dateFields(now)
  const two = (n: number) => String(n).padStart(2, '0')
  const micro = String(Math.floor((now % 1000) * 1000)).padStart(6, '0')
  const pid = String(process.pid).padStart(7)
  await process.printError(
    `${level}${two(month)}${two(day)} ${two(hour)}:${two(minute)}:${two(second)}.${micro} ${pid} ${text}\n`,
  )
}
