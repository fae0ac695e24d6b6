import type { Rejection } from './status.ts'

/** Why no node would do, by node; those not named were left out by a plugin's preFilter. */
export interface Diagnosis {
  total: number
  rejections: Map<string, Rejection>
  /** Plugins that rejected something. */
  plugins: Set<string>
  /** Of a plugin that rejected the Pod before any node was looked at. */
  preFilter?: string
  /** What the other nodes are said to lack. */
  absent?: string
}

/** `0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s).` */
export function fitMessage({ total, rejections, preFilter, absent }: Diagnosis): string {
  const start = `0/${total} nodes are available`
  if (preFilter) return `${start}: ${preFilter}.`
  const counts = new Map<string, number>()
  for (const { reasons } of rejections.values()) {
    for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  }
  const others = total - rejections.size
  if (others > 0 && absent) counts.set(absent, (counts.get(absent) ?? 0) + others)
  const texts = [...counts].map(([reason, count]) => `${count} ${reason}`).sort()
  return texts.length > 0 ? `${start}: ${texts.join(', ')}.` : start
}
