const tasks = internal.builtin('internal/tasks')

function lookup(name, options, callback) {
  if (typeof options === 'function') [options, callback] = [{}, options]
  const all = options?.all === true
  if (internal.builtin('net').isIP(name))
    return process.nextTick(callback, null, all ? [{ address: name, family: 4 }] : name, 4)
  tasks.begin('lookup', [name], (error, found) => {
    if (error) return callback(internal.builtin('net').lookupError(error, name))
    if (all)
      callback(
        null,
        found.map((address) => ({ address, family: 4 })),
      )
    else callback(null, found[0], 4)
  })
}
function resolve4(name, options, callback = options) {
  tasks.begin('lookup', [name], (error, found) => {
    if (!error) return callback(null, found)
    callback(
      Object.assign(new Error(`queryA ${error} ${name}`), {
        errno: undefined,
        code: error,
        syscall: 'queryA',
        hostname: name,
      }),
    )
  })
}
const promised =
  (action) =>
  (...args) =>
    new Promise((resolve, reject) => action(...args, (error, value) => (error ? reject(error) : resolve(value))))
const dns = {
  lookup,
  resolve4,
  resolve: (name, type, callback = type) =>
    typeof type === 'string' && type !== 'A'
      ? callback(internal.builtin('internal/errors').notSimulated(`DNS records of type ${type}`))
      : resolve4(name, callback),
  getServers: () => [],
  setDefaultResultOrder() {},
  NOTFOUND: 'ENOTFOUND',
}
dns.promises = {
  lookup: (name, options = {}) =>
    new Promise((resolve, reject) =>
      lookup(name, options, (error, address, family) =>
        error ? reject(error) : resolve(options.all ? address : { address, family }),
      ),
    ),
  resolve4: promised(resolve4),
  resolve: promised(dns.resolve),
}
module.exports = dns
