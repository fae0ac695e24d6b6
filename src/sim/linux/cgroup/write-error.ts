import { SystemError } from '../errors.ts'

/** A whole number as the kernel parses it from a cgroup file. EINVAL. */
export function parseInteger(text: string): number {
  const trimmed = text.trim()
  if (!/^-?\d+$/.test(trimmed)) throw new SystemError('EINVAL')
  return Number(trimmed)
}

/** Bytes with a suffix, as memparse(): `64M`, `1g`, `-1` for no limit. */
export function parseBytes(text: string, unlimited: number): number {
  const match = /^(-?\d+)([kKmMgGtT]?)$/.exec(text.trim())
  if (!match) throw new SystemError('EINVAL')
  const number = Number(match[1])
  if (number < 0) return unlimited
  const power = ['', 'k', 'm', 'g', 't'].indexOf(match[2]!.toLowerCase())
  return Math.min(unlimited, Math.floor((number * 1024 ** power) / 4096) * 4096)
}
