import { SystemError } from '../../linux/errors.ts'
import type { Process, Program } from '../../linux/process.ts'
import { parseRfc3339, rfc3339 } from '../../time/date.ts'
import { FetchError, HttpAgent } from '../http/agent.ts'
import { parseDuration } from '../prometheus/duration.ts'
import { milliTime } from '../prometheus/log.ts'
import { type Matcher, matcherText } from '../prometheus/matcher.ts'
import { routesFor, toLabels } from './alerts.ts'
import { type AlertmanagerConfig, matchers, parseAlertmanagerConfig, type Route } from './config.ts'

/** What the command line says wrongly: printed after the program's name. */
class UsageError extends Error {}

interface Call {
  process: Process
  /** Arguments without flags. */
  words: string[]
  flag(name: string): string | undefined
  /** Asks the server's API of version 2. */
  ask<T>(method: string, path: string, body?: object): Promise<T>
}

/** Flags without a value. */
const SWITCHES = new Set(['quiet', 'expired', 'silenced', 'inhibited', 'active', 'unprocessed', 'version'])
const SHORT: Record<string, string> = { a: 'author', c: 'comment', d: 'duration', o: 'output', q: 'quiet' }

/** amtool: alerts, silences and routes of an Alertmanager from the command line. */
export const amtool: Program = async (process) => {
  const words: string[] = []
  const flags = new Map<string, string>()
  const args = process.argv.slice(1)
  for (let i = 0; i < args.length; i++) {
    const m = /^(?:--([\w.-]+)|-(\w))(?:=(.*))?$/s.exec(args[i]!)
    if (!m) {
      words.push(args[i]!)
      continue
    }
    const name = m[1] ?? SHORT[m[2]!] ?? m[2]!
    flags.set(name, m[3] ?? (SWITCHES.has(name) ? 'true' : (args[++i] ?? '')))
  }
  if (flags.has('version')) {
    await process.print('amtool, version 0.23.0 (branch: HEAD, revision: 61046b17771a57cfd4c4a51be370ab930a4d7d54)\n')
    return 0
  }
  const agent = new HttpAgent(process, 'amtool/0.23.0')
  const call: Call = {
    process,
    words,
    flag: (name) => flags.get(name),
    async ask<T>(method: string, path: string, body?: object) {
      const url = flags.get('alertmanager.url')
      if (!url) throw new UsageError('required flag --alertmanager.url not provided')
      const response = await agent.fetch(`${url.replace(/\/$/, '')}/api/v2${path}`, {
        method,
        ...(body ? { headers: [['Content-Type', 'application/json']], body: JSON.stringify(body) } : {}),
      })
      if (response.status >= 300)
        throw new UsageError(`[${method} ${path.split('?')[0]}][${response.status}] ${response.text}`)
      return (response.text === '' ? undefined : JSON.parse(response.text)) as T
    },
  }
  try {
    return await run(call)
  } catch (error) {
    if (error instanceof UsageError) await process.printError(`amtool: error: ${error.message}\n\n`)
    else if (error instanceof FetchError) await process.printError(`amtool: error: ${error.message}\n\n`)
    else throw error
    return 1
  }
}

function run(call: Call): Promise<number> {
  const [command = '', what = '', ...rest] = call.words
  if (command === 'check-config') return checkConfig(call, call.words.slice(1))
  if (command === 'alert' && what === 'add') return addAlert(call, rest)
  if (command === 'alert') return listAlerts(call, what === 'query' ? rest : call.words.slice(1))
  if (command === 'silence' && what === 'add') return addSilence(call, rest)
  if (command === 'silence' && what === 'expire') return expire(call, rest)
  if (command === 'silence') return listSilences(call, what === 'query' ? rest : call.words.slice(1))
  if (command === 'config' && what === 'routes') return routes(call, rest)
  if (command === 'config') return showConfig(call)
  throw new UsageError(command === '' ? 'command not specified, try --help' : `not simulated: ${call.words.join(' ')}`)
}

/** `alertname`: the value of the label alertname, as amtool takes a first word without an operator. */
const parse = (given: readonly string[]): Matcher[] => {
  try {
    return matchers(
      given.map((text, i) => (i === 0 && !/[=~]/.test(text) ? `alertname=${JSON.stringify(text)}` : text)),
    )
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

const time = (text: string) => `${text.slice(0, 10)} ${text.slice(11, 19)} UTC`

async function table({ process, flag }: Call, head: string[], rows: string[][], json: unknown): Promise<number> {
  if (flag('output') === 'json') await process.print(`${JSON.stringify(json)}\n`)
  else {
    const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]!.length)) + 2)
    for (const row of [head, ...rows])
      await process.print(`${row.map((cell, i) => cell.padEnd(widths[i]!)).join('')}\n`)
  }
  return 0
}

interface ShownAlert {
  labels: Record<string, string>
  annotations: Record<string, string>
  startsAt: string
  status: { state: string }
}

async function listAlerts(call: Call, given: readonly string[]): Promise<number> {
  const { flag } = call
  const chosen = ['silenced', 'inhibited', 'active'].some((name) => flag(name))
  const wants = (name: string, fallback: boolean) => `${name}=${chosen ? flag(name) !== undefined : fallback}`
  const query = [
    wants('active', true),
    wants('inhibited', false),
    wants('silenced', false),
    ...parse(given).map((m) => `filter=${encodeURIComponent(matcherText(m))}`),
  ]
  const found = await call.ask<ShownAlert[]>('GET', `/alerts?${query.join('&')}`)
  const rows = found
    .sort((a, b) => (a.startsAt < b.startsAt ? -1 : a.startsAt > b.startsAt ? 1 : 0))
    .map(({ labels, annotations, startsAt, status }) => [
      labels.alertname ?? '',
      time(startsAt),
      annotations.summary ?? '',
      status.state,
    ])
  return table(call, ['Alertname', 'Starts At', 'Summary', 'State'], rows, found)
}

async function addAlert({ ask, flag }: Call, given: readonly string[]): Promise<number> {
  const pairs = parse(given)
  if (pairs.some(({ operator }) => operator !== '=')) throw new UsageError('label matchers must be equality matchers')
  await ask('POST', '/alerts', [
    {
      labels: Object.fromEntries(pairs.map(({ name, value }) => [name, value])),
      ...(flag('end') ? { endsAt: flag('end') } : {}),
      ...(flag('start') ? { startsAt: flag('start') } : {}),
      ...(flag('annotation') ? { annotations: Object.fromEntries([flag('annotation')!.split('=', 2)]) } : {}),
    },
  ])
  return 0
}

async function addSilence({ ask, flag, process }: Call, given: readonly string[]): Promise<number> {
  const pairs = parse(given)
  if (pairs.length === 0) throw new UsageError('no matchers specified')
  const comment = flag('comment')
  if (!comment) throw new UsageError('comment required by config')
  const duration = parseDuration(flag('duration') ?? '1h')
  if (duration === undefined) throw new UsageError(`not a valid duration string: ${JSON.stringify(flag('duration'))}`)
  const now = process.wallClock()
  const { silenceID } = await ask<{ silenceID: string }>('POST', '/silences', {
    matchers: pairs.map(({ name, operator, value }) => ({
      name,
      value,
      isRegex: operator.endsWith('~'),
      isEqual: !operator.startsWith('!'),
    })),
    startsAt: flag('start') ?? milliTime(now),
    endsAt: flag('end') ?? milliTime((flag('start') ? parseRfc3339(flag('start')!) : now) + duration),
    createdBy: flag('author') ?? process.env.get('USER') ?? '',
    comment,
  })
  await process.print(`${silenceID}\n`)
  return 0
}

interface ShownSilence {
  id: string
  status: { state: string }
  endsAt: string
  createdBy: string
  comment: string
  matchers: { name: string; value: string; isRegex: boolean; isEqual: boolean }[]
}

async function listSilences(call: Call, given: readonly string[]): Promise<number> {
  const wanted = parse(given)
  const all = await call.ask<ShownSilence[]>('GET', '/silences')
  const found = all
    .filter(({ status }) => (status.state === 'expired') === (call.flag('expired') !== undefined))
    .filter((s) => wanted.every((w) => s.matchers.some((m) => m.name === w.name && w.test(m.value))))
  if (call.flag('quiet')) {
    await call.process.print(found.map(({ id }) => `${id}\n`).join(''))
    return 0
  }
  const rows = found.map((s) => [
    s.id,
    s.matchers
      .map(
        (m) => `${m.name}${m.isRegex ? (m.isEqual ? '=~' : '!~') : m.isEqual ? '=' : '!='}${JSON.stringify(m.value)}`,
      )
      .join(' '),
    time(rfc3339(parseRfc3339(s.endsAt))),
    s.createdBy,
    s.comment,
  ])
  return table(call, ['ID', 'Matchers', 'Ends At', 'Created By', 'Comment'], rows, found)
}

async function expire({ ask }: Call, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) throw new UsageError('no silence IDs specified')
  for (const id of ids) await ask('DELETE', `/silence/${id}`)
  return 0
}

async function checkConfig({ process }: Call, paths: readonly string[]): Promise<number> {
  if (paths.length === 0) throw new UsageError("required argument 'check-files' not provided")
  let bad = 0
  for (const path of paths) {
    await process.print(`Checking '${path}'`)
    let config: AlertmanagerConfig
    try {
      config = parseAlertmanagerConfig(process.files.readText(path))
    } catch (error) {
      bad++
      const why =
        error instanceof SystemError ? `open ${path}: ${error.message.toLowerCase()}` : (error as Error).message
      await process.print(`  FAILED: ${why}\n\n`)
      continue
    }
    const has = (name: string) => new RegExp(`^${name}:`, 'm').test(config.text)
    const parts = [
      ...(has('global') ? ['global config'] : []),
      'route',
      `${config.inhibitions.length} inhibit rules`,
      `${config.receivers.size} receivers`,
      '0 templates',
    ]
    await process.print(`  SUCCESS\nFound:\n${parts.map((part) => ` - ${part}\n`).join('')}\n`)
  }
  if (bad > 0) throw new UsageError(`failed to validate ${bad} file(s)`)
  return 0
}

async function remoteConfig({ ask }: Call): Promise<string> {
  return (await ask<{ config: { original: string } }>('GET', '/status')).config.original
}

async function showConfig(call: Call): Promise<number> {
  const text = await remoteConfig(call)
  await call.process.print(text.endsWith('\n') ? text : `${text}\n`)
  return 0
}

async function routes(call: Call, [what = 'show', ...labels]: string[]): Promise<number> {
  const { process, flag } = call
  const file = flag('config.file')
  const { route } = parseAlertmanagerConfig(file ? process.files.readText(file) : await remoteConfig(call))
  if (what === 'test') {
    const given = toLabels(Object.fromEntries(parse(labels).map(({ name, value }) => [name, value])))
    await process.print(
      `${routesFor(route, given)
        .map(({ receiver }) => receiver)
        .join(',')}\n`,
    )
    return 0
  }
  const lines: string[] = []
  const draw = (one: Route, indent: string, last: boolean) => {
    const name = one === route ? 'default-route' : `{${one.matchers.map(matcherText).join(',')}}`
    lines.push(
      `${indent}${last ? '└── ' : '├── '}${name}${one.continues ? '  continue: true' : ''}  receiver: ${one.receiver}`,
    )
    for (const [i, child] of one.routes.entries())
      draw(child, `${indent}${last ? '    ' : '│   '}`, i === one.routes.length - 1)
  }
  draw(route, '', true)
  await process.print(`Routing tree:\n.\n${lines.join('\n')}\n`)
  return 0
}
