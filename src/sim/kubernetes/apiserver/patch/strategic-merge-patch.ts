import { deepEqual } from '../../api/json.ts'
import { type Field, type TypeCode, typeInfo } from '../../api/schema.ts'
import { badRequest } from '../../api/status-error.ts'
import { structuredCloneJson } from '../decode.ts'

type Json = Record<string, any>

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Merges a patch with Kubernetes' directives into an object of the given type. Never changes its input. */
export function strategicMergePatch(type: TypeCode, target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) throw badRequest('json: cannot unmarshal array into Go value of type map[string]interface {}')
  return mergeMap(type, isObject(target) ? target : {}, patch)
}

function fieldOf(type: TypeCode, name: string): Field | undefined {
  if (type[0] === '{') return { name, type: type.slice(1) }
  return typeInfo(type)?.fields.get(name)
}

function mergeMap(type: TypeCode, target: Json, patch: Json): Json {
  if (patch.$patch !== undefined) {
    if (patch.$patch === 'replace') {
      const { $patch, ...rest } = patch
      return clean(rest) as Json
    }
    if (patch.$patch === 'delete') return {}
    if (patch.$patch !== 'merge') throw badRequest(`Unknown patch type found: ${patch.$patch}`)
  }
  const out: Json = { ...target }
  if (Array.isArray(patch.$retainKeys)) {
    const retained = new Set(patch.$retainKeys)
    for (const key of Object.keys(patch))
      if (!key.startsWith('$') && patch[key] !== null && !retained.has(key))
        throw badRequest(
          `${JSON.stringify(patch.$retainKeys)} is not a superset of ${JSON.stringify(Object.keys(patch))}`,
        )
    for (const key of Object.keys(out)) if (!retained.has(key)) delete out[key]
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key === '$patch' || key === '$retainKeys' || key.startsWith('$setElementOrder/')) continue
    if (key.startsWith('$deleteFromPrimitiveList/')) {
      const name = key.slice('$deleteFromPrimitiveList/'.length)
      if (Array.isArray(out[name]))
        out[name] = out[name].filter((item: unknown) => !(value as unknown[]).includes(item))
      continue
    }
    if (value === null) {
      delete out[key]
      continue
    }
    const field = fieldOf(type, key)
    const old = out[key]
    if (isObject(value) && field && field.type[0] !== '*') {
      if (value.$patch === 'delete') delete out[key]
      else out[key] = mergeMap(field.type, isObject(old) ? old : {}, value)
    } else if (isObject(value)) {
      out[key] = mergeMap('*', isObject(old) ? old : {}, value)
    } else if (Array.isArray(value) && field && field.type[0] === '[' && field.p?.split(',').includes('merge')) {
      out[key] = mergeList(field, Array.isArray(old) ? old : [], value, patch[`$setElementOrder/${key}`])
    } else {
      out[key] = clean(value)
    }
  }
  for (const key of Object.keys(patch)) {
    if (!key.startsWith('$setElementOrder/')) continue
    const name = key.slice('$setElementOrder/'.length)
    if (patch[name] !== undefined || !Array.isArray(out[name])) continue
    const field = fieldOf(type, name)
    if (field) out[name] = inOrder(field, out[name], patch[key], out[name])
  }
  return out
}

function mergeList(field: Field, target: unknown[], patch: unknown[], order: unknown[] | undefined): unknown[] {
  const item = field.type.slice(1)
  let out: unknown[]
  if (!field.m) {
    out = [...target]
    for (const value of patch) if (!out.some((known) => deepEqual(known, value))) out.push(structuredCloneJson(value))
  } else {
    const key = field.m
    if (patch.some((p) => isObject(p) && p.$patch === 'replace'))
      return patch.filter((p) => !(isObject(p) && p.$patch === 'replace')).map((p) => clean(p))
    out = [...target]
    for (const value of patch) {
      if (!isObject(value)) throw badRequest(`Invalid JSON document`)
      if (value[key] === undefined)
        throw badRequest(`map: map[${Object.keys(value).join(' ')}] does not contain declared merge key: ${key}`)
      const index = out.findIndex((known) => isObject(known) && deepEqual(known[key], value[key]))
      if (value.$patch === 'delete') {
        out = out.filter((known) => !(isObject(known) && deepEqual(known[key], value[key])))
      } else if (index >= 0) {
        out[index] = mergeMap(item, out[index] as Json, value)
      } else {
        out.push(mergeMap(item, {}, value))
      }
    }
  }
  return inOrder(field, out, order ?? patch, target)
}

/** Puts the elements named by the directive in its order; others keep their place after their old neighbour. */
function inOrder(field: Field, list: unknown[], order: unknown[], server: unknown[]): unknown[] {
  const idOf = (value: unknown) => JSON.stringify(field.m && isObject(value) ? value[field.m] : value)
  const wanted = order.map(idOf)
  const position = new Map(wanted.map((id, i) => [id, i]))
  const named = list
    .filter((v) => position.has(idOf(v)))
    .sort((a, b) => position.get(idOf(a))! - position.get(idOf(b))!)
  const serverPosition = new Map(server.map((v, i) => [idOf(v), i]))
  const others = list.filter((v) => !position.has(idOf(v)))
  const out: unknown[] = []
  let i = 0
  let j = 0
  while (i < named.length && j < others.length) {
    const left = serverPosition.get(idOf(named[i]))
    const right = serverPosition.get(idOf(others[j])) ?? Number.POSITIVE_INFINITY
    if (left !== undefined && left > right) out.push(others[j++])
    else out.push(named[i++])
  }
  return [...out, ...named.slice(i), ...others.slice(j)]
}

/** Without directives and nulls. */
function clean(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((v) => !(isObject(v) && v.$patch !== undefined)).map(clean)
  if (!isObject(value)) return value
  const out: Json = {}
  for (const [key, member] of Object.entries(value))
    if (member !== null && member !== undefined && !key.startsWith('$')) out[key] = clean(member)
  return out
}
