import type { Describer } from '../describer.ts'
import { describeEvents } from '../events.ts'
import { writeHead } from '../maps.ts'
import type { DescribeWriter } from '../writer.ts'

/** Kinds that describe knows nothing special about: all fields, named in words. */
export const describeGeneric: Describer = async (w, context) => {
  const { object } = context
  writeHead(w, { ...object, metadata: { ...object.metadata, namespace: object.metadata.namespace ?? '' } })
  writeContent(w, 0, { ...object, 'API Version': undefined }, '', SKIPPED)
  await describeEvents(w, context)
}

const SKIPPED = new Set([
  '.metadata.managedFields',
  '.metadata.name',
  '.metadata.namespace',
  '.metadata.labels',
  '.metadata.annotations',
])

function writeContent(
  w: DescribeWriter,
  level: number,
  content: Record<string, unknown>,
  path: string,
  skip: ReadonlySet<string>,
): void {
  const keys = Object.keys(content).filter((key) => content[key] !== undefined && !skip.has(`${path}.${key}`))
  for (const key of keys.sort()) {
    const value = content[key]
    const label = smartLabel(key)
    if (Array.isArray(value)) writeList(w, level, label, value, `${path}.${key}`, skip)
    else if (typeof value === 'object' && value !== null) {
      w.line(level, `${label}:`)
      writeContent(w, level + 1, value as Record<string, unknown>, `${path}.${key}`, skip)
    } else w.line(level, `${label}:\t${value === null ? '<nil>' : value}`)
  }
}

function writeList(
  w: DescribeWriter,
  level: number,
  label: string,
  list: unknown[],
  path: string,
  skip: ReadonlySet<string>,
): void {
  w.line(level, `${label}:`)
  for (const item of list) {
    if (typeof item === 'object' && item !== null && !Array.isArray(item)) {
      writeContent(w, level + 1, item as Record<string, unknown>, path, skip)
    } else w.line(level + 1, Array.isArray(item) ? `[${item.join(' ')}]` : String(item))
  }
}

const ACRONYMS = new Set(['API', 'GUID', 'OSB', 'UID', 'URL'])

/** `creationTimestamp` → `Creation Timestamp`, `apiVersion` → `API Version`. */
export function smartLabel(field: string): string {
  if (/[^A-Za-z]/.test(field)) return field
  const words = field
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(' ')
  return words
    .map((word) =>
      ACRONYMS.has(word.toUpperCase()) ? word.toUpperCase() : word.charAt(0).toUpperCase() + word.slice(1),
    )
    .join(' ')
}
