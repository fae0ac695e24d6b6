import type { Process, Program } from '../../../linux/process.ts'
import { dateFields } from '../../../time/date.ts'
import { defer } from '../../../time/waiting.ts'
import type { Running } from '../../api/component.ts'

/** A program whose work is done by a component of the cluster for as long as its process lives. */
export function componentProgram(start: (process: Process) => Running, lines: readonly string[]): Program {
  return async (process) => {
    if (process.argv.includes('--version')) {
      const isEtcd = process.argv[0]!.endsWith('etcd')
      await process.print(isEtcd ? 'etcd Version: 3.6.5\n' : 'Kubernetes v1.36.2\n')
      return 0
    }
    const stopped = defer<number>(process.machine.world.waiting)
    process.on('SIGTERM', () => stopped.resolve(0))
    process.on('SIGINT', () => stopped.resolve(0))
    for (const line of lines) await log(process, line)
    const running = start(process)
    // However it ends: a killed process runs no code of its own any more.
    void process.ended.then(() => running.stop())
    return stopped.promise
  }
}

/** A line as klog writes it: `I1121 08:00:03.123456       1 server.go:1] text`. */
export async function log(process: Process, text: string): Promise<void> {
  const now = process.wallClock()
  const { month, day, hour, minute, second } = dateFields(now)
  const two = (n: number) => String(n).padStart(2, '0')
  const micro = String(Math.floor((now % 1000) * 1000)).padStart(6, '0')
  await process.printError(
    `I${two(month)}${two(day)} ${two(hour)}:${two(minute)}:${two(second)}.${micro}       ${process.pid} ${text}\n`,
  )
}
