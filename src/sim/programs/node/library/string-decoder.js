const { Buffer } = internal.builtin('buffer')

class StringDecoder {
  constructor(encoding = 'utf8') {
    this.encoding = `${encoding}`.toLowerCase().replace('utf-8', 'utf8')
    Object.defineProperty(this, 'rest', { value: Buffer.alloc(0), writable: true })
  }
  write(bytes) {
    if (typeof bytes === 'string') return bytes
    if (this.encoding !== 'utf8') return Buffer.from(bytes).toString(this.encoding)
    const whole = this.rest.length > 0 ? Buffer.concat([this.rest, bytes]) : Buffer.from(internal.bytes(bytes))
    const cut = internal.unfinished(whole)
    this.rest = whole.subarray(whole.length - cut)
    return whole.subarray(0, whole.length - cut).toString()
  }
  end(bytes) {
    const text = (bytes ? this.write(bytes) : '') + this.rest.toString()
    this.rest = Buffer.alloc(0)
    return text
  }
}
module.exports = { StringDecoder }
