import { deepEqual } from '../../api/json.ts'
import { type Field, type TypeCode, typeInfo } from '../../api/schema.ts'
import { FieldSet } from './field-set.ts'

/** How server-side apply sees a value: what it is made of, and whether it is owned as a whole. */
export interface Shape {
  kind: 'leaf' | 'struct' | 'map' | 'list' | 'set'
  field(name: string): Shape
  /** For lists: the keys of an element. */
  keys: readonly string[]
  /** Values of keys that may be left out. */
  keyDefaults: Readonly<Record<string, unknown>>
}

const LEAF: Shape = { kind: 'leaf', field: () => LEAF, keys: [], keyDefaults: {} }

const known = new Map<string, Shape>()

/** The shape of a built-in type. */
export function shapeOfType(type: TypeCode): Shape {
  let shape = known.get(type)
  if (!shape) {
    shape = makeShape(type, undefined)
    known.set(type, shape)
  }
  return shape
}

function makeShape(type: TypeCode, field: Field | undefined): Shape {
  if (type[0] === '[') {
    if (field?.l === 'map') {
      const item = type.slice(1)
      const keys = field.k ?? []
      const fields = typeInfo(item)?.fields
      const keyDefaults = Object.fromEntries(
        keys.filter((k) => fields?.get(k)?.d !== undefined).map((k) => [k, fields!.get(k)!.d]),
      )
      return { kind: 'list', field: () => shapeOfType(item), keys, keyDefaults }
    }
    if (field?.l === 'set') return { kind: 'set', field: () => LEAF, keys: [], keyDefaults: {} }
    return LEAF
  }
  if (type[0] === '{') {
    if (field?.a) return LEAF
    return { kind: 'map', field: () => shapeOfType(type.slice(1)), keys: [], keyDefaults: {} }
  }
  if (type.length === 1) return type === '*' ? UNTYPED : LEAF
  const info = typeInfo(type)
  if (!info || info.atomic || field?.a) return LEAF
  const fields = new Map<string, Shape>()
  return {
    kind: 'struct',
    keys: [],
    keyDefaults: {},
    field(name) {
      let shape = fields.get(name)
      if (!shape) {
        const of = info.fields.get(name)
        shape = !of ? UNTYPED : of.l || of.a ? makeShape(of.type, of) : shapeOfType(of.type)
        fields.set(name, shape)
      }
      return shape
    },
  }
}

/** What no schema describes: maps are granular, lists are owned as a whole. */
const UNTYPED: Shape = { kind: 'map', field: () => UNTYPED, keys: [], keyDefaults: {} }

/** The shape of a custom resource's schema. */
export function shapeOfSchema(schema: any): Shape {
  if (!schema) return UNTYPED
  if (schema.type === 'array') {
    const type = schema['x-kubernetes-list-type']
    if (type === 'map') {
      const keys: string[] = schema['x-kubernetes-list-map-keys'] ?? []
      const properties = schema.items?.properties ?? {}
      return {
        kind: 'list',
        field: () => shapeOfSchema(schema.items),
        keys,
        keyDefaults: Object.fromEntries(
          keys.filter((k) => properties[k]?.default !== undefined).map((k) => [k, properties[k].default]),
        ),
      }
    }
    return type === 'set' ? { ...LEAF, kind: 'set' } : LEAF
  }
  if (schema.type === 'object' || schema.properties || schema['x-kubernetes-preserve-unknown-fields']) {
    if (schema['x-kubernetes-map-type'] === 'atomic') return LEAF
    return {
      kind: schema.properties ? 'struct' : 'map',
      keys: [],
      keyDefaults: {},
      field: (name) =>
        name === 'metadata' && schema.isRoot
          ? shapeOfType('meta.v1.ObjectMeta')
          : schema.properties?.[name]
            ? shapeOfSchema(schema.properties[name])
            : typeof schema.additionalProperties === 'object'
              ? shapeOfSchema(schema.additionalProperties)
              : UNTYPED,
    }
  }
  return LEAF
}

type Json = Record<string, any>
const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const isEmptyMap = (value: unknown) =>
  value === undefined || value === null || (isMap(value) && Object.keys(value).length === 0)
const isEmptyList = (value: unknown) =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0)

export function itemElement(shape: Shape, item: any): string {
  if (shape.kind === 'set') return `v:${JSON.stringify(item)}`
  const keys: Json = {}
  for (const key of [...shape.keys].sort()) {
    const value = item?.[key] ?? shape.keyDefaults[key]
    if (value !== undefined) keys[key] = value
  }
  return `k:${JSON.stringify(keys)}`
}

/** All fields an applied configuration names. */
export function fieldsOf(shape: Shape, value: unknown, into: FieldSet): void {
  if ((shape.kind === 'struct' || shape.kind === 'map') && isMap(value)) {
    for (const [name, member] of Object.entries(value)) {
      if (member === undefined) continue
      const child = into.child(`f:${name}`)
      fieldsOf(shape.field(name), member, child)
      if (isEmptyMap(member) || shape.kind === 'map') child.member = true
    }
    return
  }
  if ((shape.kind === 'list' || shape.kind === 'set') && Array.isArray(value)) {
    for (const item of value) {
      const child = into.child(itemElement(shape, item))
      child.member = true
      if (shape.kind === 'list') fieldsOf(shape.field(''), item, child)
    }
    return
  }
  into.member = true
}

export interface Comparison {
  added: FieldSet
  modified: FieldSet
  removed: FieldSet
}

/** What differs between two versions of an object. */
export function compare(shape: Shape, before: unknown, after: unknown): Comparison {
  const found: Found = {}
  collect(shape, before, after, found)
  return {
    added: found.added ?? new FieldSet(),
    modified: found.modified ?? new FieldSet(),
    removed: found.removed ?? new FieldSet(),
  }
}

/** Sets that only exist when something is in them. */
type Found = { [K in keyof Comparison]?: FieldSet }

const KINDS = ['added', 'modified', 'removed'] as const

function collect(shape: Shape, before: unknown, after: unknown, into: Found): void {
  if (before === after) return
  if (before === undefined) {
    into.added = everything(shape, after)
    return
  }
  if (after === undefined) {
    into.removed = everything(shape, before)
    return
  }
  const descend = (element: string, inner: Shape, a: unknown, b: unknown) => {
    if (a === b) return
    const below: Found = {}
    collect(inner, a, b, below)
    for (const kind of KINDS) {
      const set = below[kind]
      if (!set) continue
      into[kind] ??= new FieldSet()
      into[kind].put(element, set)
    }
  }
  const left = before ?? undefined
  const right = after ?? undefined
  if (
    (shape.kind === 'struct' || shape.kind === 'map') &&
    (left === undefined || isMap(left)) &&
    (right === undefined || isMap(right))
  ) {
    if (!(isEmptyMap(left) && isEmptyMap(right))) {
      for (const name in left) descend(`f:${name}`, shape.field(name), left[name], right?.[name])
      for (const name in right)
        if (left?.[name] === undefined) descend(`f:${name}`, shape.field(name), undefined, right[name])
      return
    }
  } else if (
    (shape.kind === 'list' || shape.kind === 'set') &&
    (left === undefined || Array.isArray(left)) &&
    (right === undefined || Array.isArray(right))
  ) {
    if (!(isEmptyList(left) && isEmptyList(right))) {
      const index = (list: any[] | undefined) => new Map((list ?? []).map((item) => [itemElement(shape, item), item]))
      const a = index(left)
      const b = index(right)
      const inner = shape.kind === 'list' ? shape.field('') : LEAF
      for (const [element, item] of a) descend(element, inner, item, b.get(element))
      for (const [element, item] of b) if (!a.has(element)) descend(element, inner, undefined, item)
      return
    }
  }
  if (deepEqual(before, after)) return
  into.modified = new FieldSet()
  into.modified.member = true
}

/** The value's path and all below it. */
function everything(shape: Shape, value: unknown): FieldSet {
  const out = new FieldSet()
  out.member = true
  if ((shape.kind === 'struct' || shape.kind === 'map') && isMap(value)) {
    for (const name in value)
      if (value[name] !== undefined) out.put(`f:${name}`, everything(shape.field(name), value[name]))
  } else if ((shape.kind === 'list' || shape.kind === 'set') && Array.isArray(value)) {
    const inner = shape.kind === 'list' ? shape.field('') : LEAF
    for (const item of value) out.put(itemElement(shape, item), everything(inner, item))
  }
  return out
}

/** The live value with an applied configuration laid over it. */
export function mergeApplied(shape: Shape, live: unknown, applied: unknown): unknown {
  if (applied === undefined) return live
  if ((shape.kind === 'struct' || shape.kind === 'map') && isMap(applied)) {
    if (!isMap(live)) return applied
    const out: Json = { ...live }
    for (const [name, value] of Object.entries(applied)) {
      if (value === null) delete out[name]
      else out[name] = mergeApplied(shape.field(name), live[name], value)
    }
    return out
  }
  if ((shape.kind === 'list' || shape.kind === 'set') && Array.isArray(applied)) {
    if (!Array.isArray(live)) return applied
    // Applied elements come in their own order; the others keep their place behind their neighbours.
    const wanted = new Map(applied.map((item) => [itemElement(shape, item), item]))
    const present = new Map(live.map((item) => [itemElement(shape, item), item]))
    const order: string[] = []
    const queue = [...wanted.keys()]
    for (const element of present.keys()) {
      if (!wanted.has(element)) order.push(element)
      else
        while (queue.length > 0 && queue[0] !== undefined) {
          const next = queue.shift()!
          order.push(next)
          if (next === element) break
        }
    }
    order.push(...queue)
    return [...new Set(order)].map((element) =>
      wanted.has(element)
        ? shape.kind === 'list'
          ? mergeApplied(shape.field(''), present.get(element), wanted.get(element))
          : wanted.get(element)
        : present.get(element),
    )
  }
  return applied
}

/** Without the given members, except for those below which something is kept. */
export function removePaths(shape: Shape, value: unknown, paths: FieldSet, kept: FieldSet | undefined): unknown {
  if (paths.isEmpty()) return value
  const rest = (element: string, inner: Shape, member: unknown): unknown[] => {
    const below = paths.children.get(element)
    if (!below) return [member]
    const others = kept?.children.get(element)
    // What nobody owns goes only together with everything around it: a Pod keeps the volumes that admission added.
    return !below.member || (others && !others.isEmpty()) ? [removePaths(inner, member, below, others)] : []
  }
  if ((shape.kind === 'struct' || shape.kind === 'map') && isMap(value)) {
    const out: Json = {}
    for (const [name, member] of Object.entries(value))
      for (const left of rest(`f:${name}`, shape.field(name), member)) out[name] = left
    return out
  }
  if ((shape.kind === 'list' || shape.kind === 'set') && Array.isArray(value))
    return value.flatMap((item) => rest(itemElement(shape, item), shape.field(''), item))
  return value
}
