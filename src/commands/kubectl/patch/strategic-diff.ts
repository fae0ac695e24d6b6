import { equal, isMap } from './equal.ts'
import { type FieldShape, fieldShape, itemShape, type Shape } from './schema.ts'

type Map_ = Record<string, unknown>

export interface DiffOptions {
  ignoreDeletions?: boolean
  ignoreChanges?: boolean
}

/** The strategic merge patch that turns `original` into `modified`, with `$setElementOrder` where lists are merged. */
export function diffMaps(original: Map_, modified: Map_, shape: Shape, options: DiffOptions): Map_ {
  const patch: Map_ = {}
  for (const [key, before] of Object.entries(original)) {
    if (!Object.hasOwn(modified, key) || modified[key] === undefined) {
      if (!options.ignoreDeletions) patch[key] = null
      continue
    }
    diffField(patch, key, before, modified[key], fieldShape(shape, key), options)
  }
  if (!options.ignoreChanges) {
    for (const [key, value] of Object.entries(modified))
      if (!Object.hasOwn(original, key) && value !== undefined) patch[key] = value
  }
  return patch
}

function diffField(patch: Map_, key: string, before: unknown, after: unknown, field: FieldShape, options: DiffOptions) {
  if (isMap(before) && isMap(after)) return diffMapField(patch, key, before, after, field, options)
  if (Array.isArray(before) && Array.isArray(after) && field.strategies.includes('merge')) {
    return diffListField(patch, key, before, after, field, options)
  }
  if (!options.ignoreChanges && !equal(before, after)) patch[key] = after
}

function diffMapField(
  patch: Map_,
  key: string,
  before: Map_,
  after: Map_,
  field: FieldShape,
  options: DiffOptions,
): void {
  if (field.strategies.includes('replace')) {
    // As upstream: what is replaced whole is sent whenever it is there, changed or not.
    if (!options.ignoreChanges) patch[key] = after
    return
  }
  const inner = diffMaps(before, after, field.shape, options)
  if (field.strategies.includes('retainKeys') && !options.ignoreChanges && Object.keys(inner).length > 0) {
    inner.$retainKeys = Object.keys(after).sort()
  } else if (
    field.strategies.includes('retainKeys') &&
    Object.keys(before).some((k) => !Object.hasOwn(after, k)) &&
    !options.ignoreChanges &&
    !options.ignoreDeletions
  ) {
    inner.$retainKeys = Object.keys(after).sort()
  }
  if (Object.keys(inner).length > 0) patch[key] = inner
}

function diffListField(
  patch: Map_,
  key: string,
  before: unknown[],
  after: unknown[],
  field: FieldShape,
  options: DiffOptions,
): void {
  if (before.length === 0) {
    if (after.length > 0 && !options.ignoreChanges) patch[key] = after
    return
  }
  if (isMap(before[0] ?? after[0]) && field.mergeKey) {
    const { changes, deletions } = diffObjects(before as Map_[], after as Map_[], field, options)
    const list = [...changes, ...deletions]
    if (list.length > 0) patch[key] = list
    const sameOrder =
      before.length === after.length &&
      before.every((item, i) => (item as Map_)[field.mergeKey!] === (after[i] as Map_)[field.mergeKey!])
    if ((!options.ignoreDeletions && list.length > 0) || (!options.ignoreChanges && !sameOrder)) {
      patch[`$setElementOrder/${key}`] = (after as Map_[]).map((item) => ({ [field.mergeKey!]: item[field.mergeKey!] }))
    }
    return
  }
  const added = options.ignoreChanges ? [] : after.filter((value) => !before.includes(value))
  const gone = options.ignoreDeletions ? [] : before.filter((value) => !after.includes(value))
  if (added.length > 0) patch[key] = added
  if (gone.length > 0) patch[`$deleteFromPrimitiveList/${key}`] = gone
  if ((!options.ignoreDeletions && gone.length > 0) || (!options.ignoreChanges && !equal(before, after))) {
    patch[`$setElementOrder/${key}`] = after
  }
}

function diffObjects(
  before: Map_[],
  after: Map_[],
  field: FieldShape,
  options: DiffOptions,
): { changes: Map_[]; deletions: Map_[] } {
  const mergeKey = field.mergeKey!
  const changes: Map_[] = []
  // A key that occurs twice is compared occurrence by occurrence.
  const rest = [...before]
  for (const item of after) {
    const at = rest.findIndex((candidate) => candidate[mergeKey] === item[mergeKey])
    const old = at < 0 ? undefined : rest.splice(at, 1)[0]
    if (!old) {
      if (!options.ignoreChanges) changes.push(item)
      continue
    }
    const inner = diffMaps(old, item, itemShape(field.shape), options)
    if (Object.keys(inner).length > 0) changes.push({ ...inner, [mergeKey]: item[mergeKey] })
  }
  const deletions = options.ignoreDeletions
    ? []
    : before
        .filter((item) => !after.some((candidate) => candidate[mergeKey] === item[mergeKey]))
        .map((item) => ({ $patch: 'delete', [mergeKey]: item[mergeKey] }))
  return { changes, deletions }
}
