function copy(value, seen) {
  if (typeof value === 'function' || typeof value === 'symbol') {
    const error = new Error(`${typeof value === 'symbol' ? value.toString() : value} could not be cloned.`)
    Object.defineProperty(error, 'name', { value: 'DataCloneError', configurable: true })
    error.code = 25
    throw error
  }
  if (value === null || typeof value !== 'object') return value
  if (seen.has(value)) return seen.get(value)
  const keep = (made) => {
    seen.set(value, made)
    return made
  }
  if (value instanceof Date) return keep(new Date(value.getTime()))
  if (value instanceof RegExp) return keep(new RegExp(value.source, value.flags))
  if (value instanceof ArrayBuffer) return keep(value.slice(0))
  if (ArrayBuffer.isView(value))
    return keep(
      new (value instanceof DataView ? DataView : value instanceof Uint8Array ? Uint8Array : value.constructor)(
        copy(value.buffer, seen),
        value.byteOffset,
        value.length ?? value.byteLength,
      ),
    )
  if (value instanceof Map) {
    const made = keep(new Map())
    for (const [key, each] of value) made.set(copy(key, seen), copy(each, seen))
    return made
  }
  if (value instanceof Set) {
    const made = keep(new Set())
    for (const each of value) made.add(copy(each, seen))
    return made
  }
  if (value instanceof Error) {
    const made = keep(Object.create(Object.getPrototypeOf(value)))
    for (const name of ['stack', 'message', 'cause'])
      if (Object.hasOwn(value, name))
        Object.defineProperty(made, name, { value: copy(value[name], seen), writable: true, configurable: true })
    return made
  }
  for (const type of [Number, String, Boolean]) if (value instanceof type) return keep(Object(value.valueOf()))
  const made = keep(Array.isArray(value) ? [] : {})
  if (Array.isArray(value)) made.length = value.length
  for (const key of Object.keys(value)) made[key] = copy(value[key], seen)
  return made
}
module.exports = { structuredClone: { structuredClone: (value) => copy(value, new Map()) }.structuredClone }
