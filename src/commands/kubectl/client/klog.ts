import type { Process } from '../../../sim/linux/process.ts'
import { dateFields } from '../../../sim/time/date.ts'

export type Severity = 'I' | 'W' | 'E'

/** klog's lines on standard error: `I1121 03:05:14.255428   13606 file.go:42] text`. */
export class Klog {
  readonly level: number
  readonly #process: Process

  constructor(process: Process, level: number) {
    this.#process = process
    this.level = level
  }

  async info(level: number, source: string, text: string): Promise<void> {
    if (this.level >= level) await this.log('I', source, text)
  }

  async log(severity: Severity, source: string, text: string): Promise<void> {
    await this.#process.printError(`${this.#head(severity)} ${source}] ${text}\n`)
  }

  #head(severity: Severity): string {
    const now = this.#process.wallClock()
    const d = dateFields(now)
    const two = (n: number) => String(n).padStart(2, '0')
    const micro = String(Math.floor((now - Math.floor(now / 1000) * 1000) * 1000)).padStart(6, '0')
    const time = `${two(d.hour)}:${two(d.minute)}:${two(d.second)}.${micro}`
    return `${severity}${two(d.month)}${two(d.day)} ${time} ${String(this.#process.pid).padStart(7)}`
  }
}
