// Standard streams.
const { host } = internal
const { Readable, Writable } = internal.builtin('stream')
const tasks = internal.builtin('internal/tasks')

function output(fd) {
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, encoding, done) {
      host.write(fd, typeof chunk === 'string' ? chunk : internal.bytes(chunk))
      done()
    },
  })
  stream.fd = fd
  stream._type = host.isTty(fd) ? 'tty' : 'pipe'
  stream._isStdio = true
  // What is written to a standard stream is there before the process ends.
  const write = stream.write
  stream.write = function (chunk, encoding, done) {
    if (chunk === null || (typeof chunk !== 'string' && !ArrayBuffer.isView(chunk)))
      return write.call(this, chunk, encoding, done)
    const callback = typeof encoding === 'function' ? encoding : done
    host.write(fd, typeof chunk === 'string' ? chunk : internal.bytes(chunk))
    if (callback) process.nextTick(callback)
    return true
  }
  stream.destroy = stream.end = function () {
    return this
  }
  if (host.isTty(fd)) {
    stream.isTTY = true
    const [columns, rows] = host.ttySize(fd)
    Object.assign(stream, { columns, rows })
    stream.getWindowSize = () => host.ttySize(fd)
    stream.hasColors = () => true
    stream.getColorDepth = () => 8
    stream.cursorTo = (x, y, done) => {
      stream.write(y === undefined ? `\u001b[${x + 1}G` : `\u001b[${y + 1};${x + 1}H`)
      done?.()
      return true
    }
    stream.moveCursor = (dx, dy, done) => {
      stream.write(
        (dx < 0 ? `\u001b[${-dx}D` : dx > 0 ? `\u001b[${dx}C` : '') +
          (dy < 0 ? `\u001b[${-dy}A` : dy > 0 ? `\u001b[${dy}B` : ''),
      )
      done?.()
      return true
    }
    stream.clearLine = (direction, done) => {
      stream.write(direction < 0 ? '\u001b[1K' : direction > 0 ? '\u001b[0K' : '\u001b[2K')
      done?.()
      return true
    }
    stream.clearScreenDown = (done) => {
      stream.write('\u001b[0J')
      done?.()
      return true
    }
  }
  return stream
}

function stdin() {
  let reading
  const stream = new Readable({
    read() {
      if (reading) return
      reading = tasks.begin('readInput', [], (error, bytes) => {
        reading = undefined
        if (error || bytes.byteLength === 0) stream.push(null)
        else stream.push(internal.builtin('buffer').Buffer.from(bytes))
      })
    },
  })
  stream.fd = 0
  if (host.isTty(0)) {
    stream.isTTY = true
    stream.isRaw = false
    stream.setRawMode = (raw) => {
      host.rawMode(raw)
      stream.isRaw = raw
      return stream
    }
  }
  stream.ref = () => {
    reading?.ref()
    return stream
  }
  stream.unref = () => {
    reading?.unref()
    return stream
  }
  const pause = stream.pause
  stream.pause = function () {
    reading?.unref()
    return pause.call(this)
  }
  const resume = stream.resume
  stream.resume = function () {
    reading?.ref()
    return resume.call(this)
  }
  return stream
}

module.exports = { output, stdin }
