import type { Program } from '../../linux/process.ts'
import { defer } from '../../time/waiting.ts'

/** The pause container's only program: holds the namespaces of a Pod until it is told to go. */
export const pause: Program = async (process) => {
  if (process.argv[1] === '-v') {
    await process.print('pause.c 3.10\n')
    return 0
  }
  const told = defer<number>(process.machine.world.waiting)
  process.on('SIGINT', () => told.resolve(0))
  process.on('SIGTERM', () => told.resolve(0))
  return told.promise
}
