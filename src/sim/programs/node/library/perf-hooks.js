const marks = new Map()
const performance = {
  now: () => internal.uptime() + 25,
  get timeOrigin() {
    return Date.now() - internal.uptime() - 25
  },
  mark(name) {
    const entry = { name, entryType: 'mark', startTime: performance.now(), duration: 0 }
    marks.set(name, entry)
    return entry
  },
  measure(name, from, to) {
    const start = from === undefined ? 0 : marks.get(from).startTime
    const entry = {
      name,
      entryType: 'measure',
      startTime: start,
      duration: (to === undefined ? performance.now() : marks.get(to).startTime) - start,
    }
    marks.set(name, entry)
    return entry
  },
  getEntriesByName: (name) => [marks.get(name)].filter(Boolean),
  getEntries: () => [...marks.values()],
  clearMarks: () => marks.clear(),
  timerify: (fn) => fn,
  toJSON: () => ({ timeOrigin: performance.timeOrigin }),
}
module.exports = {
  performance,
  get PerformanceObserver() {
    throw new Error('not simulated: PerformanceObserver')
  },
}
