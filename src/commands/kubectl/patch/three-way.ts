import { equal, isMap } from './equal.ts'
import { fieldShape, itemShape, type Shape, shapeOf } from './schema.ts'
import { diffMaps } from './strategic-diff.ts'

type Map_ = Record<string, unknown>

export interface ThreeWayPatch {
  kind: 'strategic' | 'merge'
  patch: Map_
}

/** What apply sends: deletions since the last applied configuration, changes against what the server has. */
export function threeWayPatch(original: any, modified: any, current: any): ThreeWayPatch {
  const shape = shapeOf(modified.apiVersion, modified.kind)
  if (!shape) return { kind: 'merge', patch: threeWayMerge(original ?? {}, modified, current) }
  const delta = diffMaps(current, modified, shape, { ignoreDeletions: true })
  const deletions = diffMaps(original ?? {}, modified, shape, { ignoreChanges: true })
  return { kind: 'strategic', patch: mergePatches(deletions, delta, shape) }
}

/** The two-way patch of an edit. */
export function twoWayPatch(original: any, modified: any): ThreeWayPatch {
  const shape = shapeOf(modified.apiVersion, modified.kind)
  if (!shape) return { kind: 'merge', patch: mergeDiff(original, modified) }
  return { kind: 'strategic', patch: diffMaps(original, modified, shape, {}) }
}

function mergePatches(first: Map_, second: Map_, shape: Shape): Map_ {
  const merged: Map_ = { ...first }
  for (const [key, value] of Object.entries(second)) {
    const field = fieldShape(shape, key)
    const before = merged[key]
    if (isMap(before) && isMap(value)) merged[key] = mergePatches(before, value, field.shape)
    else if (Array.isArray(before) && Array.isArray(value) && field.mergeKey && !key.startsWith('$')) {
      merged[key] = mergeLists(before as Map_[], value as Map_[], field.mergeKey, itemShape(field.shape))
    } else merged[key] = value
  }
  return merged
}

function mergeLists(first: Map_[], second: Map_[], mergeKey: string, shape: Shape): Map_[] {
  const merged = second.map((item) => {
    const before = first.find((candidate) => candidate[mergeKey] === item[mergeKey])
    return before && before.$patch !== 'delete' ? mergePatches(before, item, shape) : item
  })
  return [...merged, ...first.filter((item) => !second.some((candidate) => candidate[mergeKey] === item[mergeKey]))]
}

/** RFC 7386: what must be said to turn `original` into `modified`. */
export function mergeDiff(original: Map_, modified: Map_): Map_ {
  const patch: Map_ = {}
  for (const key of Object.keys(original)) if (!Object.hasOwn(modified, key)) patch[key] = null
  for (const [key, value] of Object.entries(modified)) {
    const before = original[key]
    if (isMap(before) && isMap(value)) {
      const inner = mergeDiff(before, value)
      if (Object.keys(inner).length > 0) patch[key] = inner
    } else if (!Object.hasOwn(original, key) || !equal(before, value)) patch[key] = value
  }
  return patch
}

function threeWayMerge(original: Map_, modified: Map_, current: Map_): Map_ {
  const changes = nulls(mergeDiff(current, modified), false)
  const deletions = nulls(mergeDiff(original, modified), true)
  return deepMerge(deletions, changes)
}

/** Keeps only the nulls of a patch, or everything but them. */
function nulls(patch: Map_, keep: boolean): Map_ {
  const out: Map_ = {}
  for (const [key, value] of Object.entries(patch)) {
    if (isMap(value)) {
      const inner = nulls(value, keep)
      if (Object.keys(inner).length > 0 || (!keep && Object.keys(value).length === 0)) out[key] = inner
    } else if ((value === null) === keep) out[key] = value
  }
  return out
}

function deepMerge(first: Map_, second: Map_): Map_ {
  const out: Map_ = { ...first }
  for (const [key, value] of Object.entries(second)) {
    out[key] = isMap(out[key]) && isMap(value) ? deepMerge(out[key] as Map_, value) : value
  }
  return out
}
