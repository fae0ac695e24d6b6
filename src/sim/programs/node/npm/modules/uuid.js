const crypto = require('node:crypto')
module.exports = {
  v4: () => crypto.randomUUID(),
  NIL: '00000000-0000-0000-0000-000000000000',
  validate: (text) =>
    /^[\da-f]{8}-[\da-f]{4}-[0-8][\da-f]{3}-[089ab][\da-f]{3}-[\da-f]{12}$/i.test(text) || text === module.exports.NIL,
  version: (text) => Number.parseInt(text[14], 16),
}
