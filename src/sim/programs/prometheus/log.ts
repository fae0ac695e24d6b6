import type { Process } from '../../linux/process.ts'
import { rfc3339 } from '../../time/date.ts'

export type Level = 'debug' | 'info' | 'warn' | 'error'

/** `2026-11-21T08:00:03.123Z` */
export function milliTime(ms: number): string {
  const whole = Math.floor(ms)
  return `${rfc3339(whole).slice(0, -1)}.${String(((whole % 1000) + 1000) % 1000).padStart(3, '0')}Z`
}

/** A line as go-kit's logfmt logger writes it: `ts=… caller=main.go:516 level=info msg="…"`. */
export function logfmt(process: Process, caller: string, level: Level, fields: Record<string, string | number>): void {
  const value = (text: string) => (/^[^\s"=]+$/.test(text) ? text : JSON.stringify(text))
  const rest = Object.entries(fields).map(([name, text]) => `${name}=${value(String(text))}`)
  const line = `ts=${milliTime(process.wallClock())} caller=${caller} level=${level} ${rest.join(' ')}\n`
  // Nobody waits for a log; a process that is gone writes none.
  process.printError(line).catch(() => {})
}
