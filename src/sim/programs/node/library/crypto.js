const { host } = internal
const { Buffer } = internal.builtin('buffer')
const { Transform } = internal.builtin('stream')
const { nodeError, notSimulated } = internal.builtin('internal/errors')

const bytesOf = (data, encoding) =>
  typeof data === 'string' ? Buffer.from(data, encoding) : Buffer.from(internal.bytes(data))
const nameOf = (name) => `${name}`.toLowerCase().replace(/^sha-/, 'sha').replace(/^rsa-/, '')

function digest(name, bytes) {
  const text = host.digest(nameOf(name), internal.bytes(bytes))
  if (text === null) {
    if (/^(?:sha(?:224|384|3.*|512-.*)|ripemd.*|blake2.*|sm3)$/.test(nameOf(name))) throw notSimulated(`digest ${name}`)
    const error = new Error('Digest method not supported')
    error.code = 'ERR_CRYPTO_INVALID_DIGEST'
    throw error
  }
  return Buffer.from(text, 'hex')
}

class Hash extends Transform {
  #name
  #pieces = []
  #finish
  #done = false
  constructor(name, finish = (bytes) => digest(name, bytes)) {
    super()
    this.#name = name
    this.#finish = finish
    finish(Buffer.alloc(0))
  }
  update(data, encoding) {
    if (this.#done) throw nodeError(Error, 'ERR_CRYPTO_HASH_FINALIZED', 'Digest already called')
    if (typeof data !== 'string' && !ArrayBuffer.isView(data))
      throw internal
        .builtin('internal/errors')
        .invalidType('data', 'of type string or an instance of Buffer, TypedArray, or DataView', data)
    this.#pieces.push(bytesOf(data, encoding))
    return this
  }
  digest(encoding) {
    if (this.#done) throw nodeError(Error, 'ERR_CRYPTO_HASH_FINALIZED', 'Digest already called')
    this.#done = true
    const result = this.#finish(Buffer.concat(this.#pieces))
    return encoding && encoding !== 'buffer' ? result.toString(encoding) : result
  }
  copy() {
    const other = new Hash(this.#name, this.#finish)
    for (const piece of this.#pieces) other.update(piece)
    return other
  }
  _transform(chunk, encoding, done) {
    this.update(chunk)
    done()
  }
  _flush(done) {
    done(null, this.digest())
  }
}

function hmac(name, key, bytes) {
  const size = nameOf(name) === 'sha512' ? 128 : 64
  let block = bytesOf(key)
  if (block.length > size) block = digest(name, block)
  const padded = Buffer.concat([block, Buffer.alloc(size - block.length)])
  const inner = digest(name, Buffer.concat([padded.map((byte) => byte ^ 0x36), bytes]))
  return digest(name, Buffer.concat([padded.map((byte) => byte ^ 0x5c), inner]))
}

function pbkdf2(password, salt, rounds, length, name = 'sha1') {
  if (rounds > 2000) throw notSimulated('pbkdf2 of more than 2000 rounds')
  const out = []
  for (let block = 1; Buffer.concat(out).length < length; block++) {
    const index = Buffer.alloc(4)
    index.writeUInt32BE(block)
    let last = hmac(name, password, Buffer.concat([bytesOf(salt), index]))
    const sum = Buffer.from(last)
    for (let i = 1; i < rounds; i++) {
      last = hmac(name, password, last)
      for (let j = 0; j < sum.length; j++) sum[j] ^= last[j]
    }
    out.push(sum)
  }
  return Buffer.concat(out).subarray(0, length)
}

const random = (count) => Buffer.from(host.randomBytes(count))
function randomUUID() {
  const bytes = random(16)
  bytes[6] = (bytes[6] & 15) | 64
  bytes[8] = (bytes[8] & 63) | 128
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

const missing = (name) => () => {
  throw notSimulated(`crypto.${name}`)
}
const crypto = {
  createHash: (name) => new Hash(name),
  createHmac: (name, key) => new Hash(name, (bytes) => hmac(name, key, bytes)),
  hash: (name, data, encoding = 'hex') => new Hash(name).update(data).digest(encoding),
  getHashes: () => host.digests(),
  randomUUID,
  randomBytes(count, callback) {
    if (!callback) return random(count)
    setImmediate(() => callback(null, random(count)))
  },
  randomInt(min, max, callback) {
    if (max === undefined || typeof max === 'function') [min, max, callback] = [0, min, max]
    const value = min + Math.floor(Math.random() * (max - min))
    if (callback) process.nextTick(callback, null, value)
    return value
  },
  randomFillSync(target) {
    new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(random(target.byteLength))
    return target
  },
  timingSafeEqual(a, b) {
    if (a.byteLength !== b.byteLength)
      throw nodeError(RangeError, 'ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH', 'Input buffers must have the same byte length')
    return Buffer.compare(bytesOf(a), bytesOf(b)) === 0
  },
  pbkdf2Sync: pbkdf2,
  pbkdf2(password, salt, rounds, length, name, callback) {
    setImmediate(() => callback(null, pbkdf2(password, salt, rounds, length, name)))
  },
  Hash,
  constants: {},
}
crypto.webcrypto = {
  randomUUID,
  getRandomValues: crypto.randomFillSync,
  subtle: {
    async digest(name, data) {
      return internal.bytes(digest(typeof name === 'string' ? name : name.name, bytesOf(data)))
    },
  },
}
for (const name of [
  'createCipheriv',
  'createDecipheriv',
  'createSign',
  'createVerify',
  'generateKeyPair',
  'generateKeyPairSync',
  'scrypt',
  'scryptSync',
  'publicEncrypt',
  'privateDecrypt',
  'createSecretKey',
  'sign',
  'verify',
])
  crypto[name] = missing(name)
module.exports = crypto
