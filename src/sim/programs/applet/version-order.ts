/** `ls -v` and `sort -V`: numbers inside names compare as numbers. */
export function compareVersions(a: string, b: string): number {
  const split = (text: string) => text.match(/\d+|\D+/g) ?? []
  const [x, y] = [split(a), split(b)]
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const [p, q] = [x[i], y[i]]
    if (p === undefined) return -1
    if (q === undefined) return 1
    if (/^\d/.test(p) && /^\d/.test(q)) {
      const order = Number(p) - Number(q)
      if (order !== 0) return Math.sign(order)
      if (p.length !== q.length) return p.length > q.length ? -1 : 1
    } else if (p !== q) return p < q ? -1 : 1
  }
  return 0
}
