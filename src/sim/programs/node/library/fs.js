const { host } = internal
const tasks = internal.builtin('internal/tasks')
const { systemError, nodeError, invalidType } = internal.builtin('internal/errors')
internal.builtin('internal/encoding')
const buffer = () => internal.builtin('buffer').Buffer

const constants = {
  F_OK: 0,
  X_OK: 1,
  W_OK: 2,
  R_OK: 4,
  COPYFILE_EXCL: 1,
  O_RDONLY: 0,
  O_WRONLY: 1,
  O_RDWR: 2,
  O_CREAT: 64,
  O_EXCL: 128,
  O_TRUNC: 512,
  O_APPEND: 1024,
  S_IFMT: 61440,
  S_IFREG: 32768,
  S_IFDIR: 16384,
  S_IFLNK: 40960,
  S_IFIFO: 4096,
  S_IFSOCK: 49152,
  S_IFCHR: 8192,
  S_IFBLK: 24576,
}
const SITES = {
  open: ['573', '  return binding.open(', 17],
  scandir: ['1518', '  const result = binding.readdir(', 25],
  mkdir: ['1364', '  const result = binding.mkdir(', 25],
  unlink: ['1954', '  binding.unlink(', 10],
  stat: ['1658', '  const stats = binding.stat(', 24],
  read: ['728', '  return binding.read(', 17],
}

/** Path of a string, Buffer or file URL. */
function pathOf(path, name = 'path') {
  if (typeof path === 'string') {
    if (path.includes('\0'))
      throw nodeError(
        TypeError,
        'ERR_INVALID_ARG_VALUE',
        `The argument '${name}' must be a string, Uint8Array, or URL without null bytes. Received ${internal.builtin('internal/inspect').inspect(path)}`,
      )
    return path
  }
  if (path instanceof Uint8Array) return buffer().from(path).toString()
  if (path !== null && typeof path === 'object' && path.href) return internal.builtin('url').fileURLToPath(path)
  throw invalidType(name, 'of type string or an instance of Buffer or URL', path)
}

/** Calls the machine; failures become Node's errors. */
function call(syscall, path, action, dest) {
  try {
    return action()
  } catch (reason) {
    if (typeof reason !== 'string') throw reason
    const error = systemError(reason, syscall, path, dest)
    const site = SITES[syscall]
    if (site)
      Object.defineProperty(error, internal.site, { value: `node:fs:${site[0]}\n${site[1]}\n${' '.repeat(site[2])}^` })
    throw error
  }
}

const MODES = {
  file: constants.S_IFREG,
  directory: constants.S_IFDIR,
  symlink: constants.S_IFLNK,
  fifo: constants.S_IFIFO,
  socket: constants.S_IFSOCK,
  character: constants.S_IFCHR,
  block: constants.S_IFBLK,
}
class Stats {
  constructor(raw) {
    Object.assign(this, {
      dev: raw.device,
      mode: MODES[raw.type] | raw.mode,
      nlink: raw.links,
      uid: raw.uid,
      gid: raw.gid,
      rdev: 0,
      blksize: 4096,
      ino: raw.inode,
      size: raw.size,
      blocks: Math.ceil(raw.size / 4096) * 8,
      atimeMs: raw.accessed,
      mtimeMs: raw.modified,
      ctimeMs: raw.changed,
      birthtimeMs: raw.changed,
    })
    for (const name of ['atime', 'mtime', 'ctime', 'birthtime']) this[name] = new Date(this[`${name}Ms`])
  }
  #is(kind) {
    return (this.mode & constants.S_IFMT) === MODES[kind]
  }
  isFile() {
    return this.#is('file')
  }
  isDirectory() {
    return this.#is('directory')
  }
  isSymbolicLink() {
    return this.#is('symlink')
  }
  isFIFO() {
    return this.#is('fifo')
  }
  isSocket() {
    return this.#is('socket')
  }
  isCharacterDevice() {
    return this.#is('character')
  }
  isBlockDevice() {
    return this.#is('block')
  }
}
class Dirent {
  #type
  constructor(name, parentPath, type) {
    this.name = name
    this.parentPath = parentPath
    this.path = parentPath
    this.#type = type
  }
  isFile() {
    return this.#type === 'file'
  }
  isDirectory() {
    return this.#type === 'directory'
  }
  isSymbolicLink() {
    return this.#type === 'symlink'
  }
  isFIFO() {
    return this.#type === 'fifo'
  }
  isSocket() {
    return this.#type === 'socket'
  }
}

const encodingOf = (options) => (typeof options === 'string' ? options : options?.encoding)
const modeOf = (mode) => (typeof mode === 'string' ? Number.parseInt(mode, 8) : mode)
const content = (data) => {
  if (typeof data === 'string') return data
  if (ArrayBuffer.isView(data)) return internal.bytes(data)
  throw invalidType('data', 'of type string or an instance of Buffer, TypedArray, or DataView', data)
}

const sync = {
  readFile(path, options) {
    const named = typeof path === 'number' ? undefined : pathOf(path)
    const bytes =
      named === undefined
        ? call('read', undefined, () => host.readAll(path))
        : call(
            host.kind(named) === 'directory' ? 'read' : 'open',
            host.kind(named) === 'directory' ? undefined : named,
            () => host.readBytes(named),
          )
    const encoding = encodingOf(options)
    const result = buffer().from(bytes)
    return encoding && encoding !== 'buffer' ? result.toString(encoding) : result
  },
  writeFile(path, data, options) {
    const flag = options?.flag ?? 'w'
    const bytes =
      typeof data === 'string' && encodingOf(options) && !/^utf-?8$/i.test(encodingOf(options))
        ? internal.bytes(buffer().from(data, encodingOf(options)))
        : content(data)
    if (typeof path === 'number')
      return void call('write', undefined, () =>
        host.writeAt(path, typeof bytes === 'string' ? host.utf8(bytes) : bytes, -1),
      )
    const named = pathOf(path)
    call('open', named, () => host.writeFile(named, bytes, flag, modeOf(options?.mode) ?? 0o666))
  },
  appendFile(path, data, options) {
    sync.writeFile(path, data, { ...(typeof options === 'string' ? { encoding: options } : options), flag: 'a' })
  },
  exists(path) {
    try {
      return host.kind(pathOf(path)) !== null
    } catch {
      return false
    }
  },
  access(path, mode = 0) {
    call('access', pathOf(path), () => host.access(pathOf(path), mode))
  },
  stat(path, options) {
    if (options?.throwIfNoEntry === false && host.kind(pathOf(path)) === null) return undefined
    return new Stats(call('stat', pathOf(path), () => host.stat(pathOf(path), true)))
  },
  lstat(path, options) {
    try {
      return new Stats(call('lstat', pathOf(path), () => host.stat(pathOf(path), false)))
    } catch (error) {
      if (options?.throwIfNoEntry === false && error.code === 'ENOENT') return undefined
      throw error
    }
  },
  readdir(path, options) {
    const folder = pathOf(path)
    const list = (at, prefix) => {
      const entries = call('scandir', at, () => host.list(at))
      entries.sort(([a], [b]) => (a < b ? -1 : 1))
      return entries.flatMap(([name, type]) => [
        options?.withFileTypes ? new Dirent(name, at, type) : prefix + name,
        ...(options?.recursive && type === 'directory' ? list(`${at}/${name}`, `${prefix}${name}/`) : []),
      ])
    }
    return list(folder, '')
  },
  mkdir(path, options) {
    const folder = pathOf(path)
    const mode = modeOf(typeof options === 'object' && options !== null ? options.mode : options) ?? 0o777
    const recursive = options?.recursive === true
    let first
    if (recursive) {
      const full = internal.builtin('path').resolve(folder)
      for (let at = full; host.kind(at) === null; at = internal.builtin('path').dirname(at)) first = at
    }
    call('mkdir', folder, () => host.mkdir(folder, recursive, mode))
    return first
  },
  mkdtemp(prefix) {
    let suffix = ''
    while (suffix.length < 6)
      suffix += 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'[Math.floor(Math.random() * 62)]
    sync.mkdir(`${prefix}${suffix}`, { mode: 0o700 })
    return `${prefix}${suffix}`
  },
  rmdir: (path, options) =>
    call('rmdir', pathOf(path), () => (options?.recursive ? host.removeTree(pathOf(path)) : host.rmdir(pathOf(path)))),
  rm(path, { recursive = false, force = false } = {}) {
    const named = pathOf(path)
    const kind = call('lstat', named, () => {
      try {
        return host.stat(named, false).type
      } catch (reason) {
        if (force && reason === 'ENOENT') return undefined
        throw reason
      }
    })
    if (kind === undefined) return
    if (kind === 'directory' && !recursive) {
      const error = nodeError(
        Error,
        'ERR_FS_EISDIR',
        `Path is a directory: rm returned EISDIR (is a directory) ${named}`,
      )
      error.name = 'SystemError'
      throw error
    }
    call('rm', named, () => host.removeTree(named))
  },
  unlink: (path) => call('unlink', pathOf(path), () => host.unlink(pathOf(path))),
  rename: (from, to) => call('rename', pathOf(from), () => host.rename(pathOf(from), pathOf(to)), pathOf(to)),
  copyFile(from, to, mode = 0) {
    call(
      'copyfile',
      pathOf(from),
      () => {
        if (mode & 1 && host.kind(pathOf(to)) !== null) throw 'EEXIST'
        host.writeFile(pathOf(to), host.readBytes(pathOf(from)), 'w', 0o666)
      },
      pathOf(to),
    )
  },
  cp(from, to, options = {}) {
    const kind = sync.lstat(from)
    if (!kind.isDirectory()) return sync.copyFile(from, to)
    if (!options.recursive)
      throw nodeError(
        Error,
        'ERR_FS_EISDIR',
        `Recursive option not enabled, cannot copy a directory: cp returned EISDIR (${pathOf(from)} is a directory (not copied)) ${pathOf(to)}`,
      )
    sync.mkdir(to, { recursive: true })
    for (const name of sync.readdir(from)) sync.cp(`${pathOf(from)}/${name}`, `${pathOf(to)}/${name}`, options)
  },
  symlink: (target, path) => call('symlink', target, () => host.symlink(target, pathOf(path)), pathOf(path)),
  link: (from, to) => call('link', pathOf(from), () => host.link(pathOf(from), pathOf(to)), pathOf(to)),
  readlink: (path) => call('readlink', pathOf(path), () => host.readlink(pathOf(path))),
  realpath: (path) => call('lstat', pathOf(path), () => host.realpath(pathOf(path))),
  chmod: (path, mode) => call('chmod', pathOf(path), () => host.chmod(pathOf(path), modeOf(mode))),
  chown: (path, uid, gid) => call('chown', pathOf(path), () => host.chown(pathOf(path), uid, gid)),
  utimes: (path, accessed, modified) =>
    call('utime', pathOf(path), () =>
      host.utimes(
        pathOf(path),
        +accessed * (accessed instanceof Date ? 1 : 1000),
        +modified * (modified instanceof Date ? 1 : 1000),
      ),
    ),
  truncate: (path, length = 0) => call('open', pathOf(path), () => host.truncate(pathOf(path), length)),
  open: (path, flags = 'r', mode = 0o666) =>
    call('open', pathOf(path), () => host.open(pathOf(path), `${flags}`, modeOf(mode))),
  close: (fd) => call('close', undefined, () => host.close(fd)),
  fstat: (fd) => new Stats(call('fstat', undefined, () => host.fstat(fd))),
  fsync() {},
  fdatasync() {},
  ftruncate: (fd, length = 0) => call('ftruncate', undefined, () => host.ftruncate(fd, length)),
  read(fd, target, offset = 0, length = target.byteLength - offset, position = null) {
    if (typeof offset === 'object' && offset !== null)
      ({ offset = 0, length = target.byteLength - offset, position = null } = offset)
    const bytes = call('read', undefined, () => host.readAt(fd, length, position ?? -1))
    new Uint8Array(target.buffer, target.byteOffset).set(new Uint8Array(bytes), offset)
    return bytes.byteLength
  },
  write(fd, data, offset, length, position) {
    if (typeof data === 'string') return call('write', undefined, () => host.writeAt(fd, host.utf8(data), offset ?? -1))
    const part = data.subarray(offset ?? 0, (offset ?? 0) + (length ?? data.length))
    return call('write', undefined, () => host.writeAt(fd, internal.bytes(part), position ?? -1))
  },
}

const fs = { constants, ...constants, Stats, Dirent }
/** Things that end later, in the order they were asked for. */
const later = (action) => tasks.begin('turn', [], action)
for (const [name, action] of Object.entries(sync)) {
  fs[`${name}Sync`] = { [`${name}Sync`]: (...args) => action(...args) }[`${name}Sync`]
  fs[name] = {
    [name](...args) {
      const callback = args.pop()
      if (typeof callback !== 'function') throw invalidType('cb', 'of type function', callback)
      if (typeof args[0] !== 'number') pathOf(args[0])
      later(() => {
        let result
        try {
          result = action(...args)
        } catch (error) {
          callback(name === 'exists' ? false : withoutFrames(error))
          return
        }
        if (name === 'exists') callback(result)
        else if (result === undefined) callback(null)
        else if (name === 'read' || name === 'write') callback(null, result, args[1])
        else callback(null, result)
      })
    },
  }[name]
}
/** Errors of operations that ended later have no frames. */
function withoutFrames(error) {
  if (error instanceof Error && error.syscall)
    Object.defineProperty(error, 'stack', {
      value: `Error: ${error.message}`,
      writable: true,
      configurable: true,
      enumerable: false,
    })
  return error
}
fs.realpathSync.native = fs.realpathSync
fs.realpath.native = fs.realpath

fs.createReadStream = (path, options = {}) => {
  const { Readable } = internal.builtin('stream')
  const {
    encoding,
    start = 0,
    end = Infinity,
    highWaterMark = 65536,
  } = typeof options === 'string' ? { encoding: options } : options
  let fd
  let at = start
  const stream = new Readable({
    highWaterMark,
    encoding,
    read(size) {
      later(() => {
        try {
          if (fd === undefined) {
            fd = sync.open(path, 'r')
            this.fd = fd
            this.emit('open', fd)
            this.emit('ready')
          }
          const bytes = call('read', undefined, () => host.readAt(fd, Math.min(size, end - at + 1), at))
          at += bytes.byteLength
          this.bytesRead = at - start
          this.push(bytes.byteLength === 0 ? null : buffer().from(bytes))
        } catch (error) {
          this.destroy(withoutFrames(error))
        }
      })
    },
    destroy(error, done) {
      if (fd !== undefined) host.close(fd)
      done(error)
    },
  })
  stream.path = path
  return stream
}

fs.createWriteStream = (path, options = {}) => {
  const { Writable } = internal.builtin('stream')
  const { flags = 'w', mode = 0o666 } = typeof options === 'string' ? {} : options
  let fd
  const stream = new Writable({
    write(chunk, _, done) {
      later(() => {
        try {
          open()
          call('write', undefined, () => host.writeAt(fd, internal.bytes(chunk), -1))
          stream.bytesWritten += chunk.length
          done()
        } catch (error) {
          done(withoutFrames(error))
        }
      })
    },
    final(done) {
      later(() => {
        try {
          open()
          done()
        } catch (error) {
          done(withoutFrames(error))
        }
      })
    },
    destroy(error, done) {
      if (fd !== undefined) host.close(fd)
      fd = undefined
      done(error)
    },
  })
  const open = () => {
    if (fd !== undefined) return
    fd = sync.open(path, flags, mode)
    stream.fd = fd
    stream.emit('open', fd)
    stream.emit('ready')
  }
  stream.path = path
  stream.bytesWritten = 0
  stream.close = (done) => stream.end(done)
  return stream
}

function watcher(path, tell) {
  const EventEmitter = internal.builtin('events')
  const emitter = new EventEmitter()
  const watch = call('watch', pathOf(path), () => host.watch(pathOf(path)))
  let closed = false
  let current
  const next = () => {
    current = tasks.begin('watched', [watch], (error, change) => {
      if (closed || error) return
      tell(emitter, change)
      next()
    })
  }
  next()
  emitter.close = () => {
    closed = true
    current.unref()
    host.unwatch(watch)
  }
  emitter.unref = () => (current.unref(), emitter)
  emitter.ref = () => (current.ref(), emitter)
  return emitter
}
fs.watch = (path, options, listener = options) => {
  const emitter = watcher(path, (each, [kind, name]) =>
    each.emit('change', kind === 'modify' ? 'change' : 'rename', name),
  )
  if (typeof listener === 'function') emitter.on('change', listener)
  return emitter
}
const watchedFiles = new Map()
fs.watchFile = (path, options, listener = options) => {
  const look = () => sync.stat(path, { throwIfNoEntry: false })
  let before = look()
  const timer = setInterval(() => {
    const now = look()
    if (now?.mtimeMs !== before?.mtimeMs || now?.size !== before?.size) {
      const old = before
      before = now
      listener(now, old)
    }
  }, options?.interval ?? 5007)
  watchedFiles.set(path, timer)
}
fs.unwatchFile = (path) => clearInterval(watchedFiles.get(path))

Object.defineProperty(fs, 'promises', { enumerable: true, get: () => internal.builtin('fs/promises') })
Object.defineProperty(fs, 'internals', { value: { sync, later, withoutFrames, watcher } })
module.exports = fs
