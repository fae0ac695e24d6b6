import { rfc3339 } from '../../../time/date.ts'
import { deepEqual } from '../../api/json.ts'
import type { KubeObject } from '../../api/object.ts'
import { statusFailure } from '../../api/status-error.ts'
import { FieldSet, formatPath } from './field-set.ts'
import { compare, fieldsOf, mergeApplied, removePaths, type Shape } from './typed.ts'

export interface ManagedFieldsEntry {
  manager: string
  operation: 'Apply' | 'Update'
  apiVersion: string
  time?: string
  fieldsType: 'FieldsV1'
  fieldsV1: Record<string, unknown>
  subresource?: string
}

export interface WriteIdentity {
  manager: string
  apiVersion: string
  subresource: string
  /** ms since 1970 */
  now: number
}

interface Managed {
  entry: ManagedFieldsEntry
  fields: FieldSet
}

const decoded = new WeakMap<object, FieldSet>()

function fieldsOfEntry(entry: ManagedFieldsEntry): FieldSet {
  let set = decoded.get(entry.fieldsV1)
  if (!set) {
    set = FieldSet.fromJson(entry.fieldsV1 as Record<string, any>)
    decoded.set(entry.fieldsV1, set)
  }
  return set
}

/** What of the metadata can be owned. */
const OWNED_METADATA = ['generateName', 'labels', 'annotations', 'ownerReferences', 'finalizers'] as const

function stripped(object: KubeObject | undefined): Record<string, unknown> {
  if (!object) return {}
  const out: Record<string, unknown> = {}
  for (const key in object) if (key !== 'apiVersion' && key !== 'kind' && key !== 'metadata') out[key] = object[key]
  const own: Record<string, unknown> = {}
  for (const name of OWNED_METADATA) if (object.metadata[name] !== undefined) own[name] = object.metadata[name]
  out.metadata = own
  return out
}

/** Objects made alike have owners alike: their sets are kept once. */
const interned = new Map<string, Record<string, unknown>>()

function shared(fields: FieldSet): Record<string, unknown> {
  const json = fields.toJson()
  const key = JSON.stringify(json)
  const known = interned.get(key)
  if (known) return known
  if (interned.size > 2000) interned.clear()
  interned.set(key, json)
  decoded.set(json, fields)
  return json
}

function read(object: KubeObject | undefined): Managed[] {
  return ((object?.metadata.managedFields ?? []) as ManagedFieldsEntry[]).map((entry) => ({
    entry,
    fields: fieldsOfEntry(entry),
  }))
}

function write(managed: Managed[]): ManagedFieldsEntry[] | undefined {
  const kept = managed.filter(({ fields }) => !fields.isEmpty())
  if (kept.length === 0) return undefined
  const entries = kept.map(({ entry, fields }) => {
    if (fieldsOfEntry(entry) === fields) return entry
    return { ...entry, fieldsV1: shared(fields) }
  })
  // Of one second, the older entry stays first.
  const key = (e: ManagedFieldsEntry) => [e.operation, e.time ?? '']
  return entries.sort((a, b) => {
    const left = key(a)
    const right = key(b)
    for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return left[i]! < right[i]! ? -1 : 1
    return 0
  })
}

/** managedFields after an ordinary write: the writer owns what it changed, the others lose it. `empty` is an object without anything. */
export function managedAfterUpdate(
  shape: Shape,
  live: KubeObject | undefined,
  next: KubeObject,
  empty: KubeObject,
  who: WriteIdentity,
): ManagedFieldsEntry[] | undefined {
  const given = next.metadata.managedFields as ManagedFieldsEntry[] | undefined
  // Clients may take ownership away, but only explicitly: `managedFields: [{}]` or an edited list.
  const base =
    live && given && given.length > 0 && !deepEqual(given, live.metadata.managedFields)
      ? ({ ...live, metadata: { ...live.metadata, managedFields: given.filter((e) => e.manager) } } as KubeObject)
      : live
  const managed = read(base)
  const differences = compare(shape, stripped(live ?? empty), stripped(next))
  const changed = differences.added.union(differences.modified)
  if (changed.isEmpty() && differences.removed.isEmpty()) return write(managed)
  const lost = changed.union(differences.removed)
  const mine = managed.find(({ entry }) => isOwn(entry, 'Update', who))
  const others = managed
    .filter((m) => m !== mine)
    .map(({ entry, fields }) => ({
      entry,
      fields: fields.intersection(lost).isEmpty() ? fields : fields.difference(lost),
    }))
  const fields = (mine?.fields ?? new FieldSet()).difference(differences.removed).union(changed)
  const isSame = mine?.fields.equals(fields) ?? false
  const entry: ManagedFieldsEntry = {
    manager: who.manager,
    operation: 'Update',
    apiVersion: who.apiVersion,
    time: changed.isEmpty() && mine ? mine.entry.time : rfc3339(who.now),
    fieldsType: 'FieldsV1',
    fieldsV1: mine?.entry.fieldsV1 ?? {},
    ...(who.subresource ? { subresource: who.subresource } : {}),
  }
  return write([...others, { entry, fields: isSame ? mine!.fields : fields }])
}

function isOwn(entry: ManagedFieldsEntry, operation: string, who: WriteIdentity): boolean {
  return (
    entry.manager === who.manager &&
    entry.operation === operation &&
    (operation === 'Apply' || entry.apiVersion === who.apiVersion) &&
    (entry.subresource ?? '') === who.subresource
  )
}

/** The object and its owners after a server-side apply. Throws a Conflict naming the fields that others own. */
export function applyConfiguration(
  shape: Shape,
  live: KubeObject | undefined,
  applied: KubeObject,
  finish: (merged: KubeObject) => KubeObject,
  who: WriteIdentity,
  force: boolean,
): KubeObject {
  const managed = read(live)
  const mine = managed.find(({ entry }) => isOwn(entry, 'Apply', who))
  const others = managed.filter((m) => m !== mine)
  const fields = new FieldSet()
  fieldsOf(shape, withoutEmptyMetadata(stripped(applied)), fields)
  let merged = (live ? mergeApplied(shape, live, withoutIdentity(applied)) : applied) as KubeObject
  if (mine) {
    let dropped = mine.fields.difference(fields)
    let kept = fields
    for (const { fields: theirs } of others) {
      dropped = dropped.difference(theirs)
      kept = kept.union(theirs)
    }
    merged = removePaths(shape, merged, dropped, kept) as KubeObject
  }
  const next = finish(merged)
  const differences = compare(shape, stripped(live), stripped(next))
  const changed = differences.added.union(differences.modified)
  const conflicts = others
    .map((m) => ({ ...m, fields: m.fields.intersection(changed) }))
    .filter((m) => !m.fields.isEmpty())
  if (conflicts.length > 0 && !force) throw conflictError(conflicts)
  const lost = changed.union(differences.removed)
  const rest = others.map(({ entry, fields: theirs }) => ({
    entry,
    fields: theirs.intersection(lost).isEmpty() ? theirs : theirs.difference(lost),
  }))
  const same = mine && deepEqual(mine.entry.fieldsV1, fields.toJson())
  const entry: ManagedFieldsEntry = same
    ? mine.entry
    : {
        manager: who.manager,
        operation: 'Apply',
        apiVersion: who.apiVersion,
        time: rfc3339(who.now),
        fieldsType: 'FieldsV1',
        fieldsV1: {},
        ...(who.subresource ? { subresource: who.subresource } : {}),
      }
  next.metadata.managedFields = write([...rest, { entry, fields: same ? mine.fields : fields }])
  return next
}

function withoutEmptyMetadata(object: Record<string, unknown>): Record<string, unknown> {
  const { metadata, ...rest } = object
  return metadata && Object.keys(metadata).length > 0 ? { ...rest, metadata } : rest
}

function withoutIdentity(applied: KubeObject): KubeObject {
  const { managedFields, ...metadata } = applied.metadata
  return { ...applied, metadata: metadata as KubeObject['metadata'] }
}

function conflictError(conflicts: Managed[]) {
  const describe = ({ entry }: Managed) => {
    let text = JSON.stringify(entry.manager)
    if (entry.subresource) text += ` with subresource ${JSON.stringify(entry.subresource)}`
    if (entry.operation === 'Update') text += ` using ${entry.apiVersion}`
    return text
  }
  const lines = conflicts.flatMap((c) => c.fields.paths().map((path) => ({ who: describe(c), path: formatPath(path) })))
  const causes = lines.map(({ who, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${who}`,
    field: path,
  }))
  const byManager = new Map<string, string[]>()
  for (const { who, path } of lines) byManager.set(who, [...(byManager.get(who) ?? []), path])
  let message = `Apply failed with ${lines.length} conflict${lines.length === 1 ? '' : 's'}: `
  if (lines.length === 1) message += `conflict with ${lines[0]!.who}: ${lines[0]!.path}`
  else
    message += [...byManager]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([who, paths]) => `conflicts with ${who}:\n${paths.map((p) => `- ${p}`).join('\n')}`)
      .join('\n')
  return statusFailure(409, 'Conflict', message, { causes })
}
