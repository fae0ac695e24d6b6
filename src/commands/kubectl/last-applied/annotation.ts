import { compactJson } from '../json/json.ts'

export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** The configuration that was applied last, as text; undefined when none is kept. */
export function lastApplied(object: any): string | undefined {
  return object?.metadata?.annotations?.[LAST_APPLIED]
}

/** The object with itself written into the annotation. */
export function withLastApplied(object: any): any {
  const { [LAST_APPLIED]: _, ...annotations } = object.metadata?.annotations ?? {}
  const bare = { ...object, metadata: { ...object.metadata, annotations } }
  const text = `${compactJson(bare)}\n`
  return { ...bare, metadata: { ...bare.metadata, annotations: { ...annotations, [LAST_APPLIED]: text } } }
}
