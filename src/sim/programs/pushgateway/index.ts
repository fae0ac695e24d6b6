import type { Program } from '../../linux/process.ts'
import { EXPOSITION_TYPE, Exposition, processMetrics } from '../exposition/exposition.ts'
import { ExpositionError, parseExposition, parseSeries } from '../exposition/parse.ts'
import { goFlags, jsonResponse, parseListen, runDaemon, textResponse } from '../http/daemon.ts'
import { toText } from '../http/message.ts'
import type { ServerRequest } from '../http/server.ts'
import { logfmt } from '../prometheus/log.ts'

interface Family {
  type: string
  help: string
  /** Series text with the group's labels, and its value. */
  samples: Map<string, number>
}
interface Group {
  labels: Readonly<Record<string, string>>
  families: Map<string, Family>
  /** ms since 1970 */
  pushed: number
}

/** Pushgateway: keeps what short-lived jobs push, for Prometheus to scrape. */
export const pushgateway: Program = async (process) => {
  const flags = goFlags(process.argv.slice(1))
  const started = process.wallClock()
  const groups = new Map<string, Group>()
  const listen = flags.get('web.listen-address', ':9091')
  logfmt(process, 'main.go:86', 'info', {
    msg: 'starting pushgateway',
    version: '(version=1.4.3, branch=HEAD, revision=f9dc1c8664050edbc75916c3664be1df595a1958)',
  })
  logfmt(process, 'main.go:90', 'info', { listen_address: listen })
  return runDaemon(process, {
    listen: [
      {
        ...parseListen(listen),
        handler: (request) => {
          const path = request.target.split('?')[0]!
          if (path === '/-/ready' || path === '/-/healthy') return textResponse(200, 'OK')
          if (path === '/metrics' && request.method === 'GET')
            return {
              status: 200,
              headers: [['Content-Type', EXPOSITION_TYPE]],
              body: `${[...allFamilies(groups)].join('')}${processMetrics(new Exposition(), process, started)}`,
            }
          if (path === '/api/v1/metrics')
            return jsonResponse(200, {
              status: 'success',
              data: [...groups.values()].map(({ labels }) => ({ labels })),
            })
          if (path.startsWith('/metrics/')) return push(groups, request, path, process.wallClock())
          return textResponse(404, '404 page not found\n')
        },
      },
    ],
  })
}

/** `/metrics/job/NAME/LABEL/VALUE…` */
function push(groups: Map<string, Group>, request: ServerRequest, path: string, now: number) {
  const parts = path.slice('/metrics/'.length).split('/').map(decodeURIComponent)
  if (parts.length % 2 !== 0 || parts[0] !== 'job')
    return textResponse(400, 'odd number of components in grouping key\n')
  if (parts[1] === '') return textResponse(400, 'job name is required\n')
  const labels: Record<string, string> = {}
  for (let i = 0; i < parts.length; i += 2) labels[parts[i]!] = parts[i + 1]!
  const key = JSON.stringify(Object.entries(labels).sort())
  if (request.method === 'DELETE') {
    groups.delete(key)
    return textResponse(202, '')
  }
  if (request.method !== 'PUT' && request.method !== 'POST') return textResponse(405, 'Method Not Allowed\n')
  const text = toText(request.body)
  if (text !== '' && !text.endsWith('\n'))
    return textResponse(400, 'text format parsing error in line 1: unexpected end of input stream\n')
  const families = new Map<string, Family>()
  const family = (name: string): Family => {
    let found = families.get(name)
    if (!found) {
      found = { type: 'untyped', help: '', samples: new Map() }
      families.set(name, found)
    }
    return found
  }
  try {
    parseExposition(text, {
      comment(line) {
        const m = /^# (TYPE|HELP) (\S+) ?(.*)$/.exec(line)
        if (m?.[1] === 'TYPE') family(m[2]!).type = m[3]!
        else if (m) family(m[2]!).help = m[3]!
      },
      sample(series, value, time) {
        if (time !== undefined) throw new ExpositionError('pushed metrics must not have timestamps')
        const pairs = new Map(parseSeries(series))
        const name = pairs.get('__name__')!
        const base = families.has(name) ? name : name.replace(/_(bucket|sum|count)$/, '')
        const own = families.has(base) ? base : name
        for (const [label, text] of Object.entries(labels)) pairs.set(label, text)
        if (!pairs.has('instance')) pairs.set('instance', '')
        pairs.delete('__name__')
        const inner = [...pairs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([n, v]) => `${n}=${JSON.stringify(v)}`)
        family(own).samples.set(`${name}{${inner.join(',')}}`, value)
      },
    })
  } catch (error) {
    if (!(error instanceof ExpositionError)) throw error
    return textResponse(400, `text format parsing error in line 1: ${error.message}\n`)
  }
  const before = request.method === 'POST' ? groups.get(key) : undefined
  groups.set(key, { labels, families: new Map([...(before?.families ?? []), ...families]), pushed: now })
  return textResponse(200, '')
}

function* allFamilies(groups: ReadonlyMap<string, Group>): Generator<string> {
  const names = new Set([...groups.values()].flatMap((g) => [...g.families.keys()]))
  for (const name of [...names].sort()) {
    const of = [...groups.values()].flatMap((g) => g.families.get(name) ?? [])
    if (of[0]!.help) yield `# HELP ${name} ${of[0]!.help}\n`
    yield `# TYPE ${name} ${of[0]!.type}\n`
    for (const { samples } of of) for (const [series, value] of samples) yield `${series} ${value}\n`
  }
  if (groups.size === 0) return
  yield '# HELP push_time_seconds Last Unix time when changing this group in the Pushgateway succeeded.\n# TYPE push_time_seconds gauge\n'
  for (const { labels, pushed } of groups.values()) {
    const inner = Object.entries({ instance: '', ...labels })
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([n, v]) => `${n}=${JSON.stringify(v)}`)
    yield `push_time_seconds{${inner.join(',')}} ${pushed / 1000}\n`
  }
}
