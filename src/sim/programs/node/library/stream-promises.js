const stream = internal.builtin('stream')
const settle = (start) => new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())))

module.exports = {
  pipeline: (...streams) => settle((done) => stream.pipeline(...streams, done)),
  finished: (each) => settle((done) => stream.finished(each, done)),
}
