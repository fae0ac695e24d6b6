import type { Shell } from '../shell.ts'

/** The keyword `time`: how long a pipeline took. */
export async function reportTime(shell: Shell, posix: boolean, run: () => Promise<number>): Promise<number> {
  const start = shell.process.uptime()
  const status = await run()
  const seconds = (shell.process.uptime() - start) / 1000
  const cpu = Math.min(seconds, 0.002)
  const format = shell.variables.get('TIMEFORMAT')
  if (format !== undefined && shell.isBash && !posix) {
    if (format === '') return status
    const text = format
      .replace(/%(\d?)(l?)R/g, (_, digits: string, long: string) =>
        clock(seconds, digits === '' ? 3 : Number(digits), long !== ''),
      )
      .replace(/%(\d?)(l?)[US]/g, (_, digits: string, long: string) =>
        clock(cpu, digits === '' ? 3 : Number(digits), long !== ''),
      )
      .replace(/%P/g, '0.00')
      .replace(/%%/g, '%')
    await shell.process.printError(`${text}\n`)
    return status
  }
  if (posix) await shell.process.printError(`real ${seconds.toFixed(2)}\nuser ${cpu.toFixed(2)}\nsys 0.00\n`)
  else if (shell.isBash)
    await shell.process.printError(`\nreal\t${clock(seconds, 3, true)}\nuser\t${clock(cpu, 3, true)}\nsys\t0m0.001s\n`)
  else await shell.process.printError(`real\t${spaced(seconds)}\nuser\t${spaced(cpu)}\nsys\t0m 0.00s\n`)
  return status
}

function clock(seconds: number, digits: number, long: boolean): string {
  if (!long) return seconds.toFixed(digits)
  return `${Math.floor(seconds / 60)}m${(seconds % 60).toFixed(digits)}s`
}

/** busybox: `0m 1.00s`. */
const spaced = (seconds: number) => `${Math.floor(seconds / 60)}m ${(seconds % 60).toFixed(2)}s`
