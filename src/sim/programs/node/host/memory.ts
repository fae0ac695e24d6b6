import type { Process } from '../../../linux/process.ts'

const FILES = ['/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes']

/** Bytes that the process's control group allows; the machine's memory when there is no limit. */
export function memoryLimit({ files, machine }: Process): number {
  for (const path of FILES) {
    try {
      const limit = Number(files.readText(path))
      if (limit > 0) return Math.min(limit, machine.memory)
    } catch {}
  }
  return machine.memory
}
