import { type HttpRequest, type HttpResponse, header } from '../../../sim/programs/http/message.ts'
import { serveHttp } from '../../../sim/programs/http/server.ts'
import type { HttpMethod } from '../../../sim/rest/port.ts'
import { bodyText } from '../client/body.ts'
import type { Command } from '../command.ts'
import { CliError, StatusError } from '../errors/errors.ts'
import { bool, duration, int, string } from '../flags/flag.ts'
import type { Session } from '../session.ts'

export const proxy: Command = {
  name: 'proxy',
  short: 'Run a proxy to the Kubernetes API server',
  long: 'Creates a proxy server or application-level gateway between localhost and the Kubernetes API server. It also allows serving static content over specified HTTP path. All incoming data enters through one port and gets forwarded to the remote Kubernetes API server port, except for the path matching the static content path.',
  examples:
    '\n# To proxy all of the Kubernetes API and nothing else\nkubectl proxy --api-prefix=/\n\n# Run a proxy to the Kubernetes API server on port 8011\nkubectl proxy --port=8011',
  use: 'proxy [--port=PORT] [--www=static-dir] [--www-prefix=prefix] [--api-prefix=prefix]',
  flags: [
    string('accept-hosts', 'Regular expression for hosts that the proxy should accept.', {
      default: '^localhost$,^127\\.0\\.0\\.1$,^\\[::1\\]$',
    }),
    string('accept-paths', 'Regular expression for paths that the proxy should accept.', { default: '^.*' }),
    string('address', 'The IP address on which to serve on.', { default: '127.0.0.1' }),
    string('api-prefix', 'Prefix to serve the proxied API under.', { default: '/' }),
    bool(
      'append-server-path',
      'If true, enables automatic path appending of the kube context server path to each request.',
    ),
    bool(
      'disable-filter',
      'If true, disable request filtering in the proxy. This is dangerous, and can leave you vulnerable to XSRF attacks, when used with an accessible port.',
    ),
    duration(
      'keepalive',
      'keepalive specifies the keep-alive period for an active network connection. Set to 0 to disable keepalive.',
    ),
    int('port', 'The port on which to run the proxy. Set to 0 to pick a random port.', {
      shorthand: 'p',
      default: '8001',
    }),
    string(
      'reject-methods',
      "Regular expression for HTTP methods that the proxy should reject (example --reject-methods='POST,PUT,PATCH').",
      { default: '^$' },
    ),
    string(
      'reject-paths',
      'Regular expression for paths that the proxy should reject. Paths specified here will be rejected even accepted by --accept-paths.',
      { default: '^/api/.*/pods/.*/exec,^/api/.*/pods/.*/attach' },
    ),
    string('unix-socket', 'Unix socket on which to run the proxy.', { shorthand: 'u' }),
    string('www', 'Also serve static files from the given directory under the specified prefix.', { shorthand: 'w' }),
    string('www-prefix', 'Prefix to serve static files under, if static file directory is specified.', {
      shorthand: 'P',
      default: '/static/',
    }),
  ],
  run,
}

async function run(session: Session): Promise<void> {
  const { flags, process } = session
  if (flags.string('www') || flags.string('unix-socket'))
    throw new CliError('not simulated: --www and --unix-socket of kubectl proxy')
  const listener = process.net.listen({ address: flags.string('address'), port: flags.int('port') })
  await session.print(`Starting to serve on ${flags.string('address')}:${listener.local.port}\n`)
  for (;;) {
    const connection = await listener.accept()
    void serveHttp(connection, (request) => answer(session, request)).catch(() => connection.close())
  }
}

async function answer(session: Session, request: HttpRequest): Promise<HttpResponse> {
  const [path = '', search = ''] = request.target.split('?')
  const query = search
    .split('&')
    .filter(Boolean)
    .map((pair) => pair.split('=').map((part) => decodeURIComponent(part.replaceAll('+', ' '))) as [string, string])
  const text = request.body.length > 0 ? new TextDecoder().decode(request.body) : ''
  const contentType = header(request.headers, 'content-type') ?? 'application/json'
  const userAgent = header(request.headers, 'user-agent')
  try {
    const response = await session.client.send({
      method: request.method as HttpMethod,
      path,
      query,
      accept: header(request.headers, 'accept') ?? '*/*',
      contentType,
      takesFailures: true,
      ...(userAgent === undefined ? {} : { userAgent }),
      body: text === '' ? undefined : /json/.test(contentType) ? JSON.parse(text) : text,
    })
    return reply(response.status, response.headers, response.body)
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    return reply(error.status.code ?? 500, { 'content-type': 'application/json' }, error.status)
  }
}

function reply(status: number, headers: Readonly<Record<string, string>>, body: unknown): HttpResponse {
  const text =
    typeof body === 'object' && body !== null && !(body instanceof Uint8Array)
      ? `${JSON.stringify(body, null, 2)}\n`
      : bodyText(body)
  const kept = ['location', 'set-cookie'].flatMap((name) =>
    headers[name] === undefined ? [] : [[name, headers[name]] as const],
  )
  return { status, headers: [['Content-Type', headers['content-type'] ?? 'application/json'], ...kept], body: text }
}
