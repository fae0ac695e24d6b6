import type { KubeObject } from '../../api/object.ts'

/** What the status subresource looks at. */
export const statusOnly = ({ kind, apiVersion, metadata, status }: KubeObject): KubeObject =>
  ({ kind, apiVersion, metadata, ...(status === undefined ? {} : { status }) }) as KubeObject

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** kubectl's own record of a client-side apply is kept up to date by its server-side applies. */
export function keepLastApplied(next: KubeObject, applied: KubeObject, live: KubeObject, manager: string): void {
  if (manager !== 'kubectl' || live.metadata.annotations?.[LAST_APPLIED] === undefined) return
  const { managedFields, ...metadata } = applied.metadata
  const text = `${JSON.stringify(sortedKeys({ ...applied, metadata }))}\n`
  next.metadata.annotations = { ...next.metadata.annotations, [LAST_APPLIED]: text }
}

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortedKeys((value as Record<string, unknown>)[key])]),
  )
}
