import type { Text } from '../language.ts'

/** Where an object is, in words: `pod/web in namespace default`. */
export function place(kind: string, name: string | undefined, namespace: string | undefined): Text {
  const who = name ? `${kind.toLowerCase()}/${name}` : kind
  if (!namespace || namespace === '*') return { en: who, zh: who }
  return { en: `${who} in namespace ${namespace}`, zh: `命名空间 ${namespace} 里的 ${who}` }
}

/** A selection in words: `Pod app=web in namespace default`. */
export function placeOf(selection: {
  kind: string
  name?: string
  namespace?: string
  labels?: string | Readonly<Record<string, string>>
}): Text {
  const labels = selection.labels
  const shown =
    labels === undefined
      ? ''
      : typeof labels === 'string'
        ? labels
        : Object.entries(labels)
            .map((pair) => pair.join('='))
            .join(',')
  const base = place(selection.kind, selection.name, selection.namespace ?? 'default')
  return shown ? { en: `${base.en} (${shown})`, zh: `${base.zh}（${shown}）` } : base
}
