const http = internal.builtin('http')
const refuse = () => {
  throw internal.builtin('internal/errors').notSimulated('https in Node.js (use http)')
}
module.exports = {
  Agent: http.Agent,
  globalAgent: new http.Agent(),
  Server: http.Server,
  createServer: refuse,
  request: refuse,
  get: refuse,
}
