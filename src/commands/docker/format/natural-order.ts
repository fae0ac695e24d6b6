/** Names with numbers by their value, digits before other characters: `a`, `a2`, `a10`, `a-b`. */
export function naturalOrder(a: string, b: string): number {
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) {
    const digitA = /^\d/.test(a[i]!)
    const digitB = /^\d/.test(b[j]!)
    if (digitA !== digitB) return digitA ? -1 : 1
    if (!digitA) {
      if (a[i] !== b[j]) return a[i]! < b[j]! ? -1 : 1
      i++
      j++
      continue
    }
    const [numberA] = /^\d+/.exec(a.slice(i))!
    const [numberB] = /^\d+/.exec(b.slice(j))!
    const difference = Number(numberA) - Number(numberB) || numberA.length - numberB.length
    if (difference !== 0) return difference
    i += numberA.length
    j += numberB.length
  }
  return a.length - i - (b.length - j)
}
