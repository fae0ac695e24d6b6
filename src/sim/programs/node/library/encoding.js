const { host } = internal
const { nodeError } = internal.builtin('internal/errors')

/** The bytes of a view as an ArrayBuffer of their own size. */
internal.bytes = (view) => {
  if (view instanceof ArrayBuffer) return view
  const { buffer, byteOffset, byteLength } = view
  return byteOffset === 0 && byteLength === buffer.byteLength
    ? buffer
    : buffer.slice(byteOffset, byteOffset + byteLength)
}

class TextEncoder {
  get encoding() {
    return 'utf-8'
  }
  encode(text = '') {
    return new Uint8Array(host.utf8(`${text}`))
  }
  encodeInto(text, target) {
    let [read, written] = [0, 0]
    for (const c of text) {
      const bytes = this.encode(c)
      if (written + bytes.length > target.length) break
      target.set(bytes, written)
      written += bytes.length
      read += c.length
    }
    return { read, written }
  }
}

class TextDecoder {
  #label
  #options
  #rest = new Uint8Array(0)
  constructor(label = 'utf-8', options = {}) {
    this.#label = `${label}`.toLowerCase().replace(/^utf8$/, 'utf-8')
    this.#options = options
    if (!['utf-8', 'utf-16le', 'latin1', 'ascii', 'iso-8859-1', 'windows-1252'].includes(this.#label))
      throw nodeError(RangeError, 'ERR_ENCODING_NOT_SUPPORTED', `The "${label}" encoding is not supported`)
  }
  get encoding() {
    return this.#label
  }
  get fatal() {
    return this.#options.fatal === true
  }
  get ignoreBOM() {
    return this.#options.ignoreBOM === true
  }
  decode(input = new Uint8Array(0), { stream = false } = {}) {
    let bytes = new Uint8Array(internal.bytes(input))
    if (this.#label !== 'utf-8')
      return internal
        .builtin('buffer')
        .Buffer.from(bytes)
        .toString(this.#label === 'utf-16le' ? 'utf16le' : 'latin1')
    if (this.#rest.length > 0) {
      const whole = new Uint8Array(this.#rest.length + bytes.length)
      whole.set(this.#rest)
      whole.set(bytes, this.#rest.length)
      bytes = whole
      this.#rest = new Uint8Array(0)
    }
    if (stream) {
      const cut = internal.unfinished(bytes)
      this.#rest = bytes.slice(bytes.length - cut)
      bytes = bytes.subarray(0, bytes.length - cut)
    }
    const text = host.text(internal.bytes(bytes), this.fatal)
    if (text === null)
      throw nodeError(
        TypeError,
        'ERR_ENCODING_INVALID_ENCODED_DATA',
        'The encoded data was not valid for encoding utf-8',
      )
    return this.ignoreBOM ? text : text.replace(/^\ufeff/, '')
  }
}

/** How many bytes at the end begin a character that is not complete. */
internal.unfinished = (bytes) => {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]
    if ((byte & 0xc0) === 0x80) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return length > back ? back : 0
  }
  return 0
}

module.exports = { TextEncoder, TextDecoder }
