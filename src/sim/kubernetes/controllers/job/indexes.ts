import type { KubeObject } from '../../api/object.ts'

export const INDEX = 'batch.kubernetes.io/job-completion-index'
export const INDEX_FAILURES = 'batch.kubernetes.io/job-index-failure-count'

/** `1,3-5,7` → the numbers. */
export function parseIndexes(text: string | undefined): Set<number> {
  const out = new Set<number>()
  for (const part of (text ?? '').split(',')) {
    if (part === '') continue
    const [first, last = first] = part.split('-').map(Number)
    for (let i = first!; i <= last!; i++) out.add(i)
  }
  return out
}

/** The numbers → `1,3-5,7`. */
export function formatIndexes(indexes: Iterable<number>): string {
  const sorted = [...new Set(indexes)].sort((a, b) => a - b)
  const parts: string[] = []
  for (let i = 0; i < sorted.length; ) {
    let j = i
    while (sorted[j + 1] === sorted[j]! + 1) j++
    if (j === i) parts.push(`${sorted[i]}`)
    else parts.push(j === i + 1 ? `${sorted[i]},${sorted[j]}` : `${sorted[i]}-${sorted[j]}`)
    i = j + 1
  }
  return parts.join(',')
}

export function indexOf(pod: KubeObject): number | undefined {
  const text = pod.metadata.annotations?.[INDEX] ?? pod.metadata.labels?.[INDEX]
  return text === undefined ? undefined : Number(text)
}
