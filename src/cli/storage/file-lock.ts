import { closeSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs'

/** Takes a lock file for this process. False when another living process holds it; a dead one's is taken over. */
export function tryLock(path: string): boolean {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const file = openSync(path, 'wx')
      writeSync(file, String(process.pid))
      closeSync(file)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      if (holderLives(path)) return false
      unlock(path)
    }
  }
  return false
}

export function unlock(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // Somebody else removed it: it is free, which is all that was wanted.
  }
}

function holderLives(path: string): boolean {
  let pid: number
  try {
    pid = Number(readFileSync(path, 'utf8'))
  } catch {
    return false
  }
  // Empty for the moment between creating and writing it.
  if (!pid) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
