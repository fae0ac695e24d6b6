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

const TEXT = { 'content-type': 'text/plain; charset=utf-8' }
const JSON_HEADERS = { 'content-type': 'application/json' }

/** Paths outside /api and /apis: version and health. */
export function systemPath(path: string, verbose: boolean): RestResponse | undefined {
  const check = /^\/(healthz|livez|readyz)(?:\/(.+))?$/.exec(path)
  if (check) {
    const [, name, one] = check
    if (one !== undefined && !serverData().readyz.includes(one)) return undefined
    const lines = serverData().readyz.filter(
      (line) => name === 'readyz' || !['informer-sync', 'shutdown'].includes(line),
    )
    const text =
      verbose && one === undefined ? `${lines.map((line) => `[+]${line} ok\n`).join('')}${name} check passed\n` : 'ok'
    return { status: 200, headers: TEXT, body: text }
  }
  if (path === '/version') return { status: 200, headers: JSON_HEADERS, body: serverData().version }
  if (path === '/') return { status: 200, headers: JSON_HEADERS, body: { paths: serverData().paths } }
  return undefined
}
