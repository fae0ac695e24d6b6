const TIME: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
  M: 30 * 86_400_000,
  y: 365 * 86_400_000,
}
const SIZE: Record<string, number> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }

/** `1h30m`, `60`, `500ms` in milliseconds; undefined when it is no time. */
export function parseTime(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) * 1000
  if (!/^(\d+(ms|[smhdwMy])\s*)+$/.test(text)) return undefined
  return [...text.matchAll(/(\d+)(ms|[smhdwMy])/g)].reduce((sum, [, n, unit]) => sum + Number(n) * TIME[unit!]!, 0)
}

/** `10m`, `8k`, `100` in bytes; undefined when it is no size. */
export function parseSize(text: string): number | undefined {
  const m = /^(\d+)([kmg])?$/i.exec(text)
  return m ? Number(m[1]) * SIZE[(m[2] ?? '').toLowerCase()]! : undefined
}
