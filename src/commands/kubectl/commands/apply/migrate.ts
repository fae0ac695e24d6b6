import type { Info } from '../../builder/info.ts'
import { patchObject } from '../../client/objects.ts'
import { compactJson } from '../../json/json.ts'
import { LAST_APPLIED, lastApplied } from '../../last-applied/annotation.ts'
import { isMap } from '../../patch/equal.ts'
import type { Session } from '../../session.ts'

const CLIENT_SIDE = 'kubectl-client-side-apply'
const ANNOTATION_MANAGER = 'kubectl-last-applied'

/** managedFields in which what client-side apply owned belongs to server-side apply; undefined when there was nothing. */
export function migratedFields(managedFields: readonly any[], manager: string): any[] | undefined {
  const old = managedFields.find(
    (entry) => entry.manager === CLIENT_SIDE && entry.operation === 'Update' && !entry.subresource,
  )
  if (!old) return undefined
  const own = managedFields.find(
    (entry) => entry.manager === manager && entry.operation === 'Apply' && !entry.subresource,
  )
  const fields = structuredClone(union(own?.fieldsV1 ?? {}, old.fieldsV1 ?? {})) as any
  const annotations = fields['f:metadata']?.['f:annotations']
  if (annotations) delete annotations[`f:${LAST_APPLIED}`]
  const merged = { ...(own ?? old), manager, operation: 'Apply', fieldsV1: fields }
  return [merged, ...managedFields.filter((entry) => entry !== old && entry !== own)]
}

function union(a: Record<string, unknown>, b: Record<string, unknown>): Record<string, unknown> {
  const out = { ...a }
  for (const [key, value] of Object.entries(b)) {
    const before = out[key]
    out[key] = isMap(before) && isMap(value) ? union(before, value) : value
  }
  return out
}

/** Hands the fields of client-side apply over. True when something changed, and apply should run again. */
export async function migrateOwnership(session: Session, info: Info, object: any, manager: string): Promise<boolean> {
  const managedFields = migratedFields(object.metadata?.managedFields ?? [], manager)
  if (!managedFields) return false
  await patchObject(session.client, info, 'json', [
    { op: 'replace', path: '/metadata/managedFields', value: managedFields },
    { op: 'replace', path: '/metadata/resourceVersion', value: object.metadata.resourceVersion },
  ])
  return true
}

/** Keeps the annotation of client-side apply up to date, so that one can go back. */
export async function saveAnnotation(session: Session, info: Info, object: any): Promise<any> {
  if (lastApplied(object) === undefined) return object
  const { annotations: { [LAST_APPLIED]: _, ...others } = {} as Record<string, string>, ...metadata } =
    info.object.metadata ?? {}
  const bare = {
    ...info.object,
    metadata: { ...metadata, ...(Object.keys(others).length > 0 ? { annotations: others } : {}) },
  }
  const text = `${compactJson(bare)}\n`
  if (text === lastApplied(object)) return object
  const body = {
    apiVersion: info.object.apiVersion,
    kind: info.object.kind,
    metadata: {
      name: info.name,
      ...(info.namespace ? { namespace: info.namespace } : {}),
      annotations: { [LAST_APPLIED]: text },
    },
  }
  return patchObject(session.client, info, 'apply', body, { fieldManager: ANNOTATION_MANAGER, force: true })
}
