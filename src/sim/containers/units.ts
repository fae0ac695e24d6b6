const DECIMAL = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB']
const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB']

function scaled(size: number, base: number, units: readonly string[], precision: number): string {
  let unit = 0
  let value = size
  while (value >= base && unit < units.length - 1) {
    value /= base
    unit++
  }
  return `${Number(value.toPrecision(precision))}${units[unit]}`
}

/** `1.09MB`: go-units' HumanSize, four significant digits (three for tables). */
export function humanSize(bytes: number, precision = 4): string {
  return scaled(bytes, 1000, DECIMAL, precision)
}

/** `64MiB` */
export function bytesSize(bytes: number): string {
  return scaled(bytes, 1024, BINARY, 4)
}

/** go-units' HumanDuration: `Less than a second`, `5 minutes`. */
export function humanDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  if (seconds < 1) return 'Less than a second'
  if (seconds === 1) return '1 second'
  if (seconds < 60) return `${seconds} seconds`
  const minutes = Math.floor(seconds / 60)
  if (minutes === 1) return 'About a minute'
  if (minutes < 60) return `${minutes} minutes`
  const hours = Math.round(seconds / 3600)
  if (hours === 1) return 'About an hour'
  if (hours < 48) return `${hours} hours`
  if (hours < 24 * 7 * 2) return `${Math.floor(hours / 24)} days`
  if (hours < 24 * 30 * 2) return `${Math.floor(hours / 24 / 7)} weeks`
  if (hours < 24 * 365 * 2) return `${Math.floor(hours / 24 / 30)} months`
  return `${Math.floor(hours / 24 / 365)} years`
}

/** `64m`, `1.5GB`, `100` → bytes (1024-based). Throws with go-units' words. */
export function parseRamSize(text: string): number {
  const split = /^([\d.]*)\s*(.*)$/s.exec(text)!
  const number = split[1]!
  const suffix = split[2]!.toLowerCase()
  if (number === '' || Number.isNaN(Number(number))) throw new Error(`invalid size: '${text}'`)
  const value = Number(number)
  if (suffix === '') return Math.trunc(value)
  const power = 'kmgtp'.indexOf(suffix[0]!)
  if (suffix === 'b') return Math.trunc(value)
  if (power < 0 || !/^.(?:b|ib)?$/.test(suffix)) throw new Error(`invalid suffix: '${split[2]}'`)
  return Math.trunc(value * 1024 ** (power + 1))
}
