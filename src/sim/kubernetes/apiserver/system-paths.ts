import type { RestResponse } from '../../rest/port.ts'
import serverText from '../api/data/server.ts'

interface ServerData {
  version: Record<string, string>
  paths: string[]
  readyz: string[]
}

let data: ServerData | undefined
const serverData = (): ServerData => {
  data ??= JSON.parse(serverText) as ServerData
  return data
}

/** Liveness leaves out what only says whether requests should come, and looks at the server's own certificate. */
function livenessChecks(): string[] {
  const skipped = ['etcd-readiness', 'informer-sync', 'shutdown']
  const checks = serverData().readyz.filter((line) => !skipped.includes(line))
  checks.splice(checks.indexOf('log') + 1, 0, 'loopback-serving-certificate')
  return checks
}

const TEXT = { 'content-type': 'text/plain; charset=utf-8' }
const JSON_HEADERS = { 'content-type': 'application/json' }

/** Paths outside /api and /apis: version and health. */
export function systemPath(path: string, verbose: boolean): RestResponse | undefined {
  const check = /^\/(healthz|livez|readyz)(?:\/(.+))?$/.exec(path)
  if (check) {
    const [, name, one] = check
    if (one !== undefined && !serverData().readyz.includes(one)) return undefined
    const lines = name === 'readyz' ? serverData().readyz : livenessChecks()
    const text =
      verbose && one === undefined ? `${lines.map((line) => `[+]${line} ok\n`).join('')}${name} check passed\n` : 'ok'
    return { status: 200, headers: TEXT, body: text }
  }
  if (path === '/.well-known/openid-configuration')
    return {
      status: 200,
      headers: JSON_HEADERS,
      body: {
        issuer: 'https://kubernetes.default.svc.cluster.local',
        jwks_uri: 'https://192.168.10.210:6443/openid/v1/jwks',
        response_types_supported: ['id_token'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      },
    }
  if (path === '/openid/v1/jwks')
    return { status: 200, headers: { 'content-type': 'application/jwk-set+json' }, body: { keys: [] } }
  if (path === '/version') return { status: 200, headers: JSON_HEADERS, body: serverData().version }
  if (path === '/') return { status: 200, headers: JSON_HEADERS, body: { paths: serverData().paths } }
  return undefined
}
