module.exports = ({ origin = '*', methods = 'GET,HEAD,PUT,PATCH,POST,DELETE', credentials, allowedHeaders } = {}) =>
  function corsMiddleware(request, response, next) {
    const from = request.headers.origin
    const allowed =
      origin === true
        ? from
        : Array.isArray(origin)
          ? origin.includes(from)
            ? from
            : undefined
          : origin instanceof RegExp
            ? origin.test(from ?? '')
              ? from
              : undefined
            : origin
    if (allowed) response.setHeader('Access-Control-Allow-Origin', allowed)
    if (allowed !== '*') response.setHeader('Vary', 'Origin')
    if (credentials) response.setHeader('Access-Control-Allow-Credentials', 'true')
    if (request.method !== 'OPTIONS') return next()
    response.setHeader('Access-Control-Allow-Methods', [methods].flat().join(','))
    const headers = allowedHeaders ?? request.headers['access-control-request-headers']
    if (headers) response.setHeader('Access-Control-Allow-Headers', [headers].flat().join(','))
    response.statusCode = 204
    response.setHeader('Content-Length', '0')
    response.end()
  }
