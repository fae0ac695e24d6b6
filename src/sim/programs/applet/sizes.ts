/** `4.0K`, `12M`: powers of 1024 rounded up, as GNU prints them with -h. */
export function gnuHuman(bytes: number): string {
  if (bytes < 1024) return String(bytes)
  const units = ['K', 'M', 'G', 'T', 'P', 'E']
  let value = bytes
  let unit = -1
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  const text = value < 10 ? (Math.ceil(value * 10) / 10).toFixed(1) : String(Math.ceil(value))
  return text === '1024' ? `1.0${units[unit + 1]}` : `${text === '10.0' ? '10' : text}${units[unit]}`
}

/** `4.0K`, `12.3M`: as busybox prints them, rounded to nearest. */
export function busyboxHuman(bytes: number): string {
  if (bytes < 1024) return String(bytes)
  const units = ['K', 'M', 'G', 'T']
  let value = bytes
  let unit = -1
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${(Math.round(value * 10) / 10).toFixed(1)}${units[unit]}`
}

const SUFFIX: Readonly<Record<string, number>> = {
  c: 1,
  w: 2,
  b: 512,
  k: 1024,
  K: 1024,
  kB: 1000,
  KB: 1000,
  KiB: 1024,
  m: 1024 ** 2,
  M: 1024 ** 2,
  MB: 1e6,
  MiB: 1024 ** 2,
  g: 1024 ** 3,
  G: 1024 ** 3,
  GB: 1e9,
  GiB: 1024 ** 3,
  T: 1024 ** 4,
}

/** `10M`, `2k`, `512`; undefined when it is no size. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(text)
  if (!match) return undefined
  const factor = match[2] === '' ? 1 : SUFFIX[match[2]!]
  return factor === undefined ? undefined : Math.floor(Number(match[1]) * factor)
}
