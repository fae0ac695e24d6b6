const { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate, custom } =
  internal.builtin('internal/timer-queue')

setTimeout[custom] = (delay, value) => internal.builtin('timers/promises').setTimeout(delay, value)
setImmediate[custom] = (value) => internal.builtin('timers/promises').setImmediate(value)
for (const each of [setTimeout, setImmediate]) Object.defineProperty(each, custom, { enumerable: false })
module.exports = { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate }
Object.defineProperty(module.exports, 'promises', { enumerable: true, get: () => internal.builtin('timers/promises') })
