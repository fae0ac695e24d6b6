const nodeCrypto = internal.builtin('crypto')
module.exports = { crypto: nodeCrypto.webcrypto }
