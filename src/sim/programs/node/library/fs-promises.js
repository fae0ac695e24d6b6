const fs = internal.builtin('fs')
const { sync, later, withoutFrames, watcher } = fs.internals

const promised =
  (action) =>
  (...args) =>
    new Promise((resolve, reject) => {
      later(() => {
        try {
          resolve(action(...args))
        } catch (error) {
          reject(withoutFrames(error))
        }
      })
    })

const promises = { constants: fs.constants }
for (const [name, action] of Object.entries(sync))
  if (!['exists', 'close', 'read', 'write', 'fstat', 'open', 'ftruncate', 'fsync', 'fdatasync'].includes(name))
    promises[name] = promised(action)

class FileHandle {
  constructor(fd) {
    this.fd = fd
  }
  readFile(options) {
    return promised(sync.readFile)(this.fd, options)
  }
  writeFile(data, options) {
    return promised(sync.writeFile)(this.fd, data, options)
  }
  appendFile(data, options) {
    return promised(sync.writeFile)(this.fd, data, options)
  }
  stat() {
    return promised(sync.fstat)(this.fd)
  }
  async read(buffer, ...rest) {
    return { bytesRead: await promised(sync.read)(this.fd, buffer, ...rest), buffer }
  }
  async write(buffer, ...rest) {
    return { bytesWritten: await promised(sync.write)(this.fd, buffer, ...rest), buffer }
  }
  truncate(length) {
    return promised(sync.ftruncate)(this.fd, length)
  }
  async *readLines() {
    for (const line of `${await this.readFile('utf8')}`.replace(/\n$/, '').split('\n')) yield line
  }
  close() {
    return promised(sync.close)(this.fd)
  }
}
promises.open = async (...args) => new FileHandle(await promised(sync.open)(...args))
const { readFile, writeFile } = promises
promises.readFile = (path, options) => (path instanceof FileHandle ? path.readFile(options) : readFile(path, options))
promises.writeFile = (path, data, options) =>
  path instanceof FileHandle ? path.writeFile(data, options) : writeFile(path, data, options)
promises.watch = async function* (path) {
  const queue = []
  let wake
  watcher(path, (_, [kind, filename]) => {
    queue.push({ eventType: kind === 'modify' ? 'change' : 'rename', filename })
    wake?.()
  })
  for (;;) {
    while (queue.length > 0) yield queue.shift()
    await new Promise((resolve) => {
      wake = resolve
    })
  }
}
module.exports = promises
