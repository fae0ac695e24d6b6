const { host } = internal
const { nodeError, invalidType } = internal.builtin('internal/errors')
internal.builtin('internal/encoding')
const custom = Symbol.for('nodejs.util.inspect.custom')
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

function toBase64(bytes, url) {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b, c] = [bytes[i], bytes[i + 1], bytes[i + 2]]
    text += BASE64[a >> 2] + BASE64[((a & 3) << 4) | ((b ?? 0) >> 4)]
    text += b === undefined ? '=' : BASE64[((b & 15) << 2) | ((c ?? 0) >> 6)]
    text += c === undefined ? '=' : BASE64[c & 63]
  }
  return url ? text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '') : text
}

function fromBase64(text) {
  const bytes = []
  let [bits, held] = [0, 0]
  for (const c of text) {
    if (c === '=') break
    const value = BASE64.indexOf(c === '-' ? '+' : c === '_' ? '/' : c)
    if (value < 0) continue
    held = (held << 6) | value
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes.push((held >> bits) & 255)
    }
  }
  return bytes
}

const NAMES = {
  utf8: 'utf8',
  'utf-8': 'utf8',
  hex: 'hex',
  base64: 'base64',
  base64url: 'base64url',
  ascii: 'ascii',
  latin1: 'latin1',
  binary: 'latin1',
  ucs2: 'utf16le',
  'ucs-2': 'utf16le',
  utf16le: 'utf16le',
  'utf-16le': 'utf16le',
}
function encodingName(encoding) {
  if (encoding === undefined || encoding === null || encoding === '' || encoding === 'buffer') return 'utf8'
  const name = NAMES[`${encoding}`.toLowerCase()]
  if (!name) throw nodeError(TypeError, 'ERR_UNKNOWN_ENCODING', `Unknown encoding: ${encoding}`)
  return name
}

function encode(text, encoding) {
  switch (encodingName(encoding)) {
    case 'utf8':
      return new Uint8Array(host.utf8(text))
    case 'hex': {
      const digits = /^(?:[\da-f]{2})*/i.exec(text)[0]
      return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
    }
    case 'base64':
    case 'base64url':
      return Uint8Array.from(fromBase64(text))
    case 'utf16le': {
      const bytes = new Uint8Array(text.length * 2)
      for (let i = 0; i < text.length; i++) {
        bytes[i * 2] = text.charCodeAt(i) & 255
        bytes[i * 2 + 1] = text.charCodeAt(i) >> 8
      }
      return bytes
    }
  }
  return Uint8Array.from(text, (c) => c.charCodeAt(0) & 255)
}

class Buffer extends Uint8Array {
  toString(encoding, start = 0, end = this.length) {
    const bytes = start === 0 && end >= this.length ? this : this.subarray(start, end)
    switch (encodingName(encoding)) {
      case 'utf8':
        return bytes.length === 0 ? '' : host.text(internal.bytes(bytes), false)
      case 'hex':
        return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
      case 'base64':
        return toBase64(bytes, false)
      case 'base64url':
        return toBase64(bytes, true)
      case 'utf16le': {
        let text = ''
        for (let i = 0; i + 1 < bytes.length; i += 2) text += String.fromCharCode(bytes[i] | (bytes[i + 1] << 8))
        return text
      }
      case 'ascii':
        return Array.from(bytes, (byte) => String.fromCharCode(byte & 127)).join('')
    }
    return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  }
  toJSON() {
    return { type: 'Buffer', data: [...this] }
  }
  equals(other) {
    return compare(this, other) === 0
  }
  compare(other) {
    return compare(this, other)
  }
  copy(target, at = 0, start = 0, end = this.length) {
    const part = this.subarray(start, Math.min(end, start + target.length - at))
    target.set(part, at)
    return part.length
  }
  write(text, offset = 0, length, encoding) {
    if (typeof offset === 'string') [offset, encoding] = [0, offset]
    if (typeof length === 'string') [length, encoding] = [undefined, length]
    const bytes = encode(text, encoding).subarray(0, Math.min(length ?? this.length, this.length - offset))
    this.set(bytes, offset)
    return bytes.length
  }
  slice(start, end) {
    return this.subarray(start, end)
  }
  subarray(start = 0, end = this.length) {
    const [from, to] = [start, end].map((at) => (at < 0 ? Math.max(0, this.length + at) : Math.min(at, this.length)))
    return new Buffer(this.buffer, this.byteOffset + from, Math.max(0, to - from))
  }
  fill(value, start = 0, end = this.length, encoding) {
    if (typeof value === 'number') return super.fill(value & 255, start, end)
    const bytes = typeof value === 'string' ? encode(value, typeof start === 'string' ? start : encoding) : value
    if (bytes.length === 0) return super.fill(0, start, end)
    const [from, to] = typeof start === 'string' ? [0, this.length] : [start, end]
    for (let i = from; i < to; i++) this[i] = bytes[(i - from) % bytes.length]
    return this
  }
  indexOf(value, from = 0, encoding) {
    if (typeof value === 'number') return super.indexOf(value & 255, from)
    const wanted = typeof value === 'string' ? encode(value, encoding) : value
    for (let i = from < 0 ? Math.max(0, this.length + from) : from; i + wanted.length <= this.length; i++) {
      let same = 0
      while (same < wanted.length && this[i + same] === wanted[same]) same++
      if (same === wanted.length) return i
    }
    return -1
  }
  lastIndexOf(value) {
    const wanted = typeof value === 'string' ? encode(value) : typeof value === 'number' ? [value] : value
    for (let i = this.length - wanted.length; i >= 0; i--) {
      let same = 0
      while (same < wanted.length && this[i + same] === wanted[same]) same++
      if (same === wanted.length) return i
    }
    return -1
  }
  includes(value, from, encoding) {
    return this.indexOf(value, from, encoding) >= 0
  }
  swap16() {
    for (let i = 0; i + 1 < this.length; i += 2) [this[i], this[i + 1]] = [this[i + 1], this[i]]
    return this
  }
  readUIntBE(offset, length) {
    let value = 0
    for (let i = 0; i < length; i++) value = value * 256 + this[offset + i]
    return value
  }
  readUIntLE(offset, length) {
    let value = 0
    for (let i = length - 1; i >= 0; i--) value = value * 256 + this[offset + i]
    return value
  }
  readIntBE(offset, length) {
    const value = this.readUIntBE(offset, length)
    return value >= 2 ** (8 * length - 1) ? value - 2 ** (8 * length) : value
  }
  readIntLE(offset, length) {
    const value = this.readUIntLE(offset, length)
    return value >= 2 ** (8 * length - 1) ? value - 2 ** (8 * length) : value
  }
  writeUIntBE(value, offset, length) {
    for (let i = length - 1; i >= 0; i--) {
      this[offset + i] = value % 256
      value = Math.floor(value / 256)
    }
    return offset + length
  }
  writeUIntLE(value, offset, length) {
    for (let i = 0; i < length; i++) {
      this[offset + i] = value % 256
      value = Math.floor(value / 256)
    }
    return offset + length
  }
  [custom](depth, options) {
    const shown = Array.from(this.slice(0, 50), (byte) => byte.toString(16).padStart(2, '0')).join(' ')
    const rest = this.length - 50
    void options
    return `<Buffer${shown === '' ? '' : ` ${shown}`}${rest > 0 ? ` ... ${rest} more byte${rest > 1 ? 's' : ''}` : ''}>`
  }
}

const TYPES = {
  Int8: 1,
  UInt8: 1,
  Int16: 2,
  UInt16: 2,
  Int32: 4,
  UInt32: 4,
  Float: 4,
  Double: 8,
  BigInt64: 8,
  BigUInt64: 8,
}
for (const [type, size] of Object.entries(TYPES))
  for (const order of size === 1 ? [''] : ['LE', 'BE']) {
    const view = type.replace('UInt', 'Uint').replace('Float', 'Float32').replace('Double', 'Float64')
    const check = (buffer, offset) => {
      if (offset < 0 || offset + size > buffer.length)
        throw nodeError(
          RangeError,
          'ERR_OUT_OF_RANGE',
          `The value of "offset" is out of range. It must be >= 0 and <= ${buffer.length - size}. Received ${offset}`,
        )
      return new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    }
    const methods = {
      [`read${type}${order}`](offset = 0) {
        return check(this, offset)[`get${view}`](offset, order === 'LE')
      },
      [`write${type}${order}`](value, offset = 0) {
        check(this, offset)[`set${view}`](offset, value, order === 'LE')
        return offset + size
      },
    }
    for (const [name, value] of Object.entries(methods)) {
      for (const alias of [name, name.replace('UInt', 'Uint')])
        Object.defineProperty(Buffer.prototype, alias, { value, writable: true, configurable: true, enumerable: false })
    }
  }

function compare(a, b) {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1
  return Math.sign(a.length - b.length)
}

const size = (length) => {
  if (typeof length !== 'number') throw invalidType('size', 'of type number', length)
  if (!(length >= 0 && length <= 2 ** 33))
    throw nodeError(
      RangeError,
      'ERR_OUT_OF_RANGE',
      `The value of "size" is out of range. It must be >= 0 && <= 9007199254740991. Received ${length}`,
    )
  return length
}

const statics = {
  from(value, encoding, length) {
    if (typeof value === 'string') return wrapped(encode(value, encoding))
    if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) return new Buffer(value, encoding, length)
    if (ArrayBuffer.isView(value) || Array.isArray(value)) {
      const copy = new Buffer(value.length)
      copy.set(Array.isArray(value) ? value.map((each) => each & 255) : value)
      return copy
    }
    if (value?.type === 'Buffer' && Array.isArray(value.data)) return statics.from(value.data)
    const primitive = value?.valueOf?.()
    if (primitive !== value && primitive !== undefined && primitive !== null)
      return statics.from(primitive, encoding, length)
    throw nodeError(
      TypeError,
      'ERR_INVALID_ARG_TYPE',
      `The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array or an Array-like Object.${internal.builtin('internal/errors').received(value)}`,
    )
  },
  alloc(length, fill, encoding) {
    const buffer = new Buffer(size(length))
    return fill === undefined || fill === 0 ? buffer : buffer.fill(fill, encoding)
  },
  allocUnsafe: (length) => new Buffer(size(length)),
  allocUnsafeSlow: (length) => new Buffer(size(length)),
  concat(list, total = list.reduce((sum, each) => sum + each.length, 0)) {
    const whole = new Buffer(total)
    let at = 0
    for (const each of list) {
      if (at >= total) break
      whole.set(each.subarray(0, total - at), at)
      at += each.length
    }
    return whole
  },
  isBuffer: (value) => value instanceof Buffer,
  isEncoding: (name) => typeof name === 'string' && NAMES[name.toLowerCase()] !== undefined,
  byteLength: (value, encoding) => (typeof value === 'string' ? encode(value, encoding).length : value.byteLength),
  compare,
}
const wrapped = (bytes) => new Buffer(bytes.buffer, bytes.byteOffset, bytes.byteLength)
for (const [name, value] of Object.entries(statics))
  Object.defineProperty(Buffer, name, { value, writable: true, configurable: true })
for (const name of Reflect.ownKeys(Buffer.prototype)) {
  const own = Object.getOwnPropertyDescriptor(Buffer.prototype, name)
  Object.defineProperty(Buffer.prototype, name, { ...own, enumerable: false })
}
Buffer.poolSize = 8192
// `Buffer('text')` without new still works in old programs.
const callable = new Proxy(Buffer, {
  apply: (_, __, [value, encoding]) =>
    typeof value === 'number' ? statics.alloc(value) : statics.from(value, encoding),
})
Object.defineProperty(Buffer.prototype, 'constructor', {
  value: callable,
  writable: true,
  configurable: true,
  enumerable: false,
})

class Blob {
  #bytes
  constructor(parts = [], { type = '' } = {}) {
    this.#bytes = statics.concat(
      parts.map((part) =>
        part instanceof Blob
          ? part.#bytes
          : typeof part === 'string'
            ? statics.from(part)
            : statics.from(internal.bytes(part)),
      ),
    )
    Object.defineProperties(this, { size: { value: this.#bytes.length }, type: { value: type } })
  }
  async text() {
    return this.#bytes.toString()
  }
  async arrayBuffer() {
    return this.#bytes.buffer.slice(this.#bytes.byteOffset, this.#bytes.byteOffset + this.#bytes.length)
  }
}

module.exports = {
  Buffer: callable,
  Blob,
  SlowBuffer: callable,
  constants: { MAX_LENGTH: 4294967296, MAX_STRING_LENGTH: 536870888 },
  kMaxLength: 4294967296,
  INSPECT_MAX_BYTES: 50,
  isUtf8: (bytes) => host.text(internal.bytes(bytes), true) !== null,
  atob: { atob: (text) => statics.from(`${text}`, 'base64').toString('latin1') }.atob,
  btoa: {
    btoa(text) {
      if (/[^\x00-\xff]/.test(text)) {
        const error = new Error('Invalid character')
        error.name = 'InvalidCharacterError'
        error.code = 5
        throw error
      }
      return statics.from(`${text}`, 'latin1').toString('base64')
    },
  }.btoa,
}
