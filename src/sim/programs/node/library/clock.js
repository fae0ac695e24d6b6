// Date and Math.random are the machine's: virtual time and the world's seed.
const NativeDate = Date
const { now } = internal

function WrappedDate(...given) {
  if (!new.target) return new NativeDate(now()).toString()
  return Reflect.construct(NativeDate, given.length === 0 ? [now()] : given, new.target)
}
Object.defineProperty(WrappedDate, 'name', { value: 'Date' })
Object.defineProperty(WrappedDate, 'length', { value: 7 })
Object.defineProperty(WrappedDate, 'prototype', { value: NativeDate.prototype, writable: false })
for (const name of ['parse', 'UTC'])
  Object.defineProperty(WrappedDate, name, { value: NativeDate[name], writable: true, configurable: true })
Object.defineProperty(WrappedDate, 'now', { value: { now }.now, writable: true, configurable: true })
Object.defineProperty(NativeDate.prototype, 'constructor', { value: WrappedDate, writable: true, configurable: true })
Object.defineProperty(globalThis, 'Date', { value: WrappedDate, writable: true, configurable: true })
const native = NativeDate.prototype.toString
Object.defineProperty(NativeDate.prototype, 'toString', {
  value: function toString() {
    const text = native.call(this)
    return text === 'Invalid Date' ? text : `${text} (Coordinated Universal Time)`
  },
  writable: true,
  configurable: true,
})

// xorshift128+, seeded by the machine, so that a number costs no call to it.
let [a, b, c, d] = internal.host.seed()
Math.random = function random() {
  const t = (((a + b) | 0) + d) | 0
  d = (d + 1) | 0
  a = b ^ (b >>> 9)
  b = (c + (c << 3)) | 0
  c = (((c << 21) | (c >>> 11)) + t) | 0
  return (t >>> 0) / 4294967296
}
Object.defineProperty(Math, 'random', { enumerable: false })
