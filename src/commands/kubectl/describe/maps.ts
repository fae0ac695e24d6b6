import { LAST_APPLIED } from '../last-applied/annotation.ts'
import type { DescribeWriter } from './writer.ts'

type Labels = Record<string, string> | undefined

/** `Labels:   a=b` with one pair a line. */
export function writeLabels(w: DescribeWriter, title: string, labels: Labels): void {
  writePairs(
    w,
    title,
    Object.keys(labels ?? {})
      .sort()
      .map((key) => `${key}=${labels![key]}`),
  )
}

export function writePairs(w: DescribeWriter, title: string, lines: readonly string[]) {
  if (lines.length === 0) return w.line(0, `${title}:\t<none>`)
  lines.forEach((line, i) => {
    w.line(0, `${i === 0 ? `${title}:` : ''}\t${line}`)
  })
}

const LONGEST = 140

/** Annotations, without what apply keeps for itself; long ones below their key. */
export function writeAnnotations(w: DescribeWriter, title: string, annotations: Labels) {
  const keys = Object.keys(annotations ?? {})
    .filter((key) => key !== LAST_APPLIED)
    .sort()
  if (keys.length === 0) return w.line(0, `${title}:\t<none>`)
  let head = `${title}:\t`
  for (const key of keys) {
    const value = annotations![key]!.replace(/\n$/, '')
    if (value.length + key.length + 2 <= LONGEST && !value.includes('\n')) w.line(0, `${head}${key}: ${value}`)
    else {
      w.line(0, `${head}${key}:`)
      for (const line of value.split('\n')) {
        w.line(0, `\t  ${line.length > LONGEST - 2 ? `${line.slice(0, LONGEST - 2)}...` : line}`)
      }
    }
    head = '\t'
  }
}

/** Keys and values in one line: `a=b,c=d`. */
export function joinLabels(labels: Labels): string {
  const keys = Object.keys(labels ?? {}).sort()
  return keys.length === 0 ? '<none>' : keys.map((key) => `${key}=${labels![key]}`).join(',')
}

export function writeTolerations(w: DescribeWriter, title: string, tolerations: any[] | undefined): void {
  const sorted = [...(tolerations ?? [])].sort((a, b) =>
    (a.key ?? '') < (b.key ?? '') ? -1 : (a.key ?? '') > (b.key ?? '') ? 1 : 0,
  )
  writePairs(
    w,
    title,
    sorted.map((t) => {
      const key = t.key ?? ''
      const head = `${key}${t.value ? `=${t.value}` : ''}${t.effect ? `:${t.effect}` : ''}`
      const exists = t.operator === 'Exists' && !t.value ? (key || t.effect ? ' op=Exists' : 'op=Exists') : ''
      return `${head}${exists}${t.tolerationSeconds !== undefined && t.tolerationSeconds !== null ? ` for ${t.tolerationSeconds}s` : ''}`
    }),
  )
}

/** Name, namespace, labels and annotations, as most kinds begin. */
export function writeHead(w: DescribeWriter, object: any, options: { namespace?: boolean } = {}): void {
  w.line(0, `Name:\t${object.metadata.name}`)
  if (options.namespace ?? true) w.line(0, `Namespace:\t${object.metadata.namespace}`)
  writeLabels(w, 'Labels', object.metadata.labels)
  writeAnnotations(w, 'Annotations', object.metadata.annotations)
}

export function controllerOf(object: any): string | undefined {
  const owner = (object.metadata.ownerReferences ?? []).find((o: any) => o.controller)
  return owner ? `${owner.kind}/${owner.name}` : undefined
}
