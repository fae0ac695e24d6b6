import { parseRfc3339 } from '../../time/date.ts'
import type { LabelSelector } from '../api/client.ts'
import { humanDuration } from '../api/duration.ts'
import { formatSelector } from '../api/label-selector.ts'

/** Shared by the table rows of many kinds. */

export function age(timestamp: string | undefined | null, now: number): string {
  return timestamp ? humanDuration(now - parseRfc3339(timestamp)) : '<unknown>'
}

/** Names and images of a template's containers, joined by commas. */
export function containerCells(spec: any): [names: string, images: string] {
  const containers: any[] = spec?.containers ?? []
  return [containers.map((c) => c.name).join(','), containers.map((c) => c.image ?? '').join(',')]
}

export const selectorCell = (selector: LabelSelector | undefined): string => formatSelector(selector) || '<none>'

/** `a=b,c=d`, keys sorted. */
export function labelsCell(labels: Record<string, string> | undefined): string {
  const text = Object.keys(labels ?? {})
    .sort()
    .map((key) => `${key}=${labels![key]}`)
    .join(',')
  return text || '<none>'
}

/** RWO, ROX, RWX, RWOP. */
export function accessModes(modes: readonly string[] | undefined): string {
  const short: Record<string, string> = {
    ReadWriteOnce: 'RWO',
    ReadOnlyMany: 'ROX',
    ReadWriteMany: 'RWX',
    ReadWriteOncePod: 'RWOP',
  }
  return Object.keys(short)
    .filter((mode) => modes?.includes(mode))
    .map((mode) => short[mode])
    .join(',')
}
