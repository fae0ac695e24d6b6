import { gunzip, isGzip } from '../../containers/archive/gzip.ts'
import type { Process, Program } from '../../linux/process.ts'
import { Exposition, expositionResponse, processMetrics } from '../exposition/exposition.ts'
import { FetchError, HttpAgent } from '../http/agent.ts'
import { goFlags, parseListen, runDaemon, textResponse } from '../http/daemon.ts'
import { toText } from '../http/message.ts'
import { logfmt } from '../prometheus/log.ts'

/** How often the files are looked at, in ms. */
const LOOK = 10_000

/** prometheus-config-reloader: unpacks a configuration, fills in its variables, and has the server read it anew. */
export const configReloader: Program = async (process) => {
  const flags = goFlags(process.argv.slice(1))
  const started = process.wallClock()
  const once = flags.get('watch-interval', '3m') === '0'
  const state = { succeeded: true, at: 0, count: 0 }
  const written = writeConfig(process, flags)
  if (written) {
    logfmt(process, 'main.go:111', 'error', { msg: 'Failed to run', err: written })
    return 1
  }
  logfmt(process, 'main.go:111', 'info', {
    msg: 'Starting prometheus-config-reloader',
    version: '(version=0.53.1, branch=refs/tags/pkg/apis/monitoring/v0.53.1, revision=57f6f8b)',
  })
  if (once) return 0
  const agent = new HttpAgent(process, 'Go-http-client/1.1')
  const url = flags.get('reload-url', 'http://127.0.0.1:9090/-/reload')
  const watch = async () => {
    let before = fingerprint(process, flags)
    for (;;) {
      await process.sleep(LOOK)
      const now = fingerprint(process, flags)
      if (now === before) continue
      const problem = writeConfig(process, flags) ?? (await reload(agent, url))
      state.succeeded = problem === undefined
      if (problem) {
        logfmt(process, 'runutil.go:101', 'error', { msg: 'function failed. Retrying in next tick', err: problem })
        continue
      }
      before = now
      state.at = process.wallClock()
      state.count++
      logfmt(process, 'reloader.go:373', 'info', {
        msg: 'Reload triggered',
        cfg_in: flags.get('config-file', ''),
        cfg_out: flags.get('config-envsubst-file', ''),
        watched_dirs: flags.all('watched-dir').join(', '),
      })
    }
  }
  const metrics = () =>
    processMetrics(new Exposition(), process, started)
      .gauge(
        'reloader_last_reload_successful',
        'Whether the last reload attempt was successful',
        state.succeeded ? 1 : 0,
      )
      .gauge(
        'reloader_last_reload_success_timestamp_seconds',
        'Timestamp of the last successful reload',
        state.at / 1000,
      )
      .counter('reloader_reloads_total', 'Total number of reload requests.', state.count)
  return runDaemon(process, {
    listen: [
      {
        ...parseListen(flags.get('listen-address', ':8080')),
        handler: (request) =>
          request.target === '/metrics' ? expositionResponse(metrics()) : textResponse(404, '404 page not found\n'),
      },
    ],
    tasks: [watch],
  })
}

type Flags = ReturnType<typeof goFlags>

function read(process: Process, path: string): string {
  try {
    const bytes = process.files.readBytes(path)
    return toText(isGzip(bytes) ? gunzip(bytes) : bytes)
  } catch {
    return ''
  }
}

function fingerprint(process: Process, flags: Flags): string {
  const file = flags.get('config-file', '')
  const parts = file ? [read(process, file)] : []
  for (const folder of flags.all('watched-dir')) {
    if (!process.files.exists(folder)) continue
    for (const { name } of process.files.list(folder))
      if (!name.startsWith('..')) parts.push(name, read(process, `${folder}/${name}`))
  }
  return parts.join('\0')
}

/** Returns what went wrong. */
function writeConfig(process: Process, flags: Flags): string | undefined {
  const [from, to] = [flags.get('config-file', ''), flags.get('config-envsubst-file', '')]
  if (!from || !to) return undefined
  if (!process.files.exists(from)) return `hash file: open ${from}: no such file or directory`
  let missing: string | undefined
  const text = read(process, from).replaceAll(/\$\(([a-zA-Z_]\w*)\)/g, (_, name: string) => {
    const value = process.env.get(name)
    if (value === undefined) missing ??= name
    return value ?? ''
  })
  if (missing)
    return `expand environment variables: found reference to unset environment variable ${JSON.stringify(missing)}`
  process.files.write(to, text)
  return undefined
}

async function reload(agent: HttpAgent, url: string): Promise<string | undefined> {
  try {
    const { status, statusText } = await agent.fetch(url, { method: 'POST' })
    return status === 200
      ? undefined
      : `trigger reload: received non-200 response: ${statusText}; have you set \`--web.enable-lifecycle\` Prometheus flag?`
  } catch (error) {
    if (!(error instanceof FetchError)) throw error
    return `trigger reload: reload request failed: ${error.message}`
  }
}

/** jimmidyson/configmap-reload: calls a webhook when a mounted ConfigMap changes. */
export const configmapReload: Program = async (process) => {
  const flags = goFlags(process.argv.slice(1))
  const folder = flags.get('volume-dir', '')
  const agent = new HttpAgent(process, 'Go-http-client/1.1')
  const content = () =>
    process.files.exists(folder)
      ? process.files
          .list(folder)
          .map(({ name }) => read(process, `${folder}/${name}`))
          .join('\0')
      : ''
  await process.printError(`2026/11/21 08:00:00 Watching directory: ${JSON.stringify(folder)}\n`)
  const watch = async () => {
    let before = content()
    for (;;) {
      await process.sleep(LOOK)
      const now = content()
      if (now === before) continue
      before = now
      await reload(agent, flags.get('webhook-url', ''))
    }
  }
  return runDaemon(process, {
    listen: [{ port: 9533, handler: () => expositionResponse(new Exposition()) }],
    tasks: [watch],
  })
}
