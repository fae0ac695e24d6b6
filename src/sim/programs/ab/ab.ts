import { SystemError } from '../../linux/errors.ts'
import { type Applet, AppletError } from '../applet/applet.ts'
import { parseOptions } from '../applet/options.ts'
import { sendRequest } from '../http/client.ts'
import { header } from '../http/message.ts'
import { ByteReader, collect } from '../http/reader.ts'

const BANNER = `This is ApacheBench, Version 2.3 <$Revision: 1903618 $>
Copyright 1996 Adam Twiss, Zeus Technology Ltd, http://www.zeustech.net/
Licensed to The Apache Software Foundation, http://www.apache.org/

`

interface Sample {
  connect: number
  total: number
  wait: number
  bytes: number
  body: number
  status: number
}

/** ApacheBench: many requests over real connections, and its report. */
export const ab: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, { short: 'n:c:t:s:kH:qp:T:u:m:drv:lAiX:', inOrder: true })
  const [text] = options.operands
  const url = /^http:\/\/([^/:]+)(?::(\d+))?(\/.*)$/.exec(text ?? '')
  if (!url)
    throw new AppletError(
      text?.startsWith('https:')
        ? 'not simulated: https'
        : text === undefined
          ? 'wrong number of arguments'
          : 'invalid URL',
      22,
      `Usage: ab [options] [http[s]://]hostname[:port]/path\n`,
    )
  const [host, port, path] = [url[1]!, Number(url[2] ?? 80), url[3]!]
  const seconds = options.has('t') ? Number(options.get('t')) : undefined
  const wanted = Number(options.get('n') ?? (seconds === undefined ? 1 : 50_000))
  const concurrency = Number(options.get('c') ?? 1)
  if (concurrency > wanted)
    throw new AppletError('Cannot use concurrency level greater than total number of requests', 22)
  await process.print(BANNER)
  const address = (await process.net.resolve(host))[0]
  if (address === undefined)
    throw new AppletError(`apr_sockaddr_info_get() for ${host}: Name or service not known (670002)`, 1)
  await process.print(`Benchmarking ${host} (be patient)${wanted >= 150 && !options.has('q') ? '\n' : '.....'}`)
  const keepAlive = options.has('k')
  const method = options.get('m') ?? (options.has('p') ? 'POST' : 'GET')
  const body = options.has('p') ? process.files.readBytes(options.get('p')!) : undefined
  const extra = options
    .all('H')
    .map(
      (line) => [line.slice(0, line.indexOf(':')).trim(), line.slice(line.indexOf(':') + 1).trim()] as [string, string],
    )
  const begin = process.uptime()
  const samples: Sample[] = []
  let started = 0
  let failed = 0
  let server = ''
  let reported = 0
  const worker = async (): Promise<void> => {
    let open: { connection: Awaited<ReturnType<typeof process.net.connect>>; reader: ByteReader } | undefined
    while (started < wanted && (seconds === undefined || process.uptime() - begin < seconds * 1000)) {
      started++
      const from = process.uptime()
      await process.compute(0.03)
      if (!open) {
        const connection = await process.net.connect({ address, port })
        open = { connection, reader: new ByteReader(connection) }
      }
      const connected = process.uptime()
      const headers: [string, string][] = [
        ...(keepAlive
          ? [['Connection', 'Keep-Alive'] as [string, string]]
          : [['Connection', 'close'] as [string, string]]),
        ['Host', port === 80 ? host : `${host}:${port}`],
        ['User-Agent', 'ApacheBench/2.3'],
        ['Accept', '*/*'],
        ...extra,
      ]
      if (options.has('T')) headers.push(['Content-Type', options.get('T')!])
      const response = await sendRequest(
        open.connection,
        { method, target: path, headers, ...(body ? { body } : {}) },
        open.reader,
      )
      if (!response) {
        failed++
        open.connection.close()
        open = undefined
        continue
      }
      const first = process.uptime()
      const content = await collect(response.body)
      server ||= header(response.headers, 'server') ?? ''
      const head =
        response.headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0) +
        response.reason.length +
        15
      samples.push({
        connect: connected - from,
        wait: first - connected,
        total: process.uptime() - from,
        bytes: head + 2 + content.length,
        body: content.length,
        status: response.status,
      })
      if (!keepAlive || header(response.headers, 'connection')?.toLowerCase() === 'close') {
        open.connection.close()
        open = undefined
      }
      const step = Math.max(100, Math.floor(wanted / 10))
      if (wanted >= 150 && samples.length >= reported + step && samples.length < wanted && !options.has('q')) {
        reported = samples.length
        await process.printError(`Completed ${reported} requests\n`)
      }
    }
    open?.connection.close()
  }
  try {
    await Promise.all(Array.from({ length: concurrency }, worker))
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    await process.print('\n')
    throw new AppletError('', 104, `apr_socket_connect(): ${error.message} (${error.errno})\n`)
  }
  await process.print(wanted >= 150 ? '' : 'done\n')
  if (wanted >= 150 && !options.has('q')) await process.printError(`Finished ${samples.length} requests\n`)
  await process.print(
    report({ server, host, port, path, concurrency, samples, failed, elapsed: process.uptime() - begin, keepAlive }),
  )
  return 0
}

function report(r: {
  server: string
  host: string
  port: number
  path: string
  concurrency: number
  samples: readonly Sample[]
  failed: number
  elapsed: number
  keepAlive: boolean
}): string {
  const { samples } = r
  const count = samples.length
  const body = samples[0]?.body ?? 0
  const lengths = samples.filter((each) => each.body !== body).length
  const bad = samples.filter((each) => each.status < 200 || each.status > 299).length
  const sum = (of: (sample: Sample) => number) => samples.reduce((total, each) => total + of(each), 0)
  const row = (name: string, label: string) => `${name.padEnd(24)}${label}\n`
  const seconds = r.elapsed / 1000 || 0.001
  const per = r.elapsed / Math.max(1, count)
  const failures = r.failed + lengths
  const table = (name: string, of: (sample: Sample) => number): string => {
    const values = samples.map(of).sort((a, b) => a - b)
    const mean = sum(of) / Math.max(1, count)
    const deviation = Math.sqrt(values.reduce((total, each) => total + (each - mean) ** 2, 0) / Math.max(1, count - 1))
    const whole = (value: number | undefined, width: number) => String(Math.round(value ?? 0)).padStart(width)
    return `${name.padEnd(12)}${whole(values[0], 6)} ${whole(mean, 4)} ${deviation.toFixed(1).padStart(5)} ${whole(values[Math.floor(count / 2)], 6)} ${whole(values.at(-1), 7)}\n`
  }
  const totals = samples.map((each) => each.total).sort((a, b) => a - b)
  const share = (percent: number) =>
    Math.round(totals[Math.min(count - 1, Math.ceil((count * percent) / 100) - 1)] ?? 0)
  return `\n\n${row('Server Software:', r.server)}${row('Server Hostname:', r.host)}${row('Server Port:', String(r.port))}\n${row('Document Path:', r.path)}${row('Document Length:', `${body} bytes`)}\n${row('Concurrency Level:', String(r.concurrency))}${row('Time taken for tests:', `${seconds.toFixed(3)} seconds`)}${row('Complete requests:', String(count))}${row('Failed requests:', String(failures))}${failures > 0 ? `   (Connect: 0, Receive: ${r.failed}, Length: ${lengths}, Exceptions: 0)\n` : ''}${bad > 0 ? row('Non-2xx responses:', String(bad)) : ''}${r.keepAlive ? row('Keep-Alive requests:', String(count)) : ''}${row('Total transferred:', `${sum((each) => each.bytes)} bytes`)}${row('HTML transferred:', `${sum((each) => each.body)} bytes`)}${row('Requests per second:', `${(count / seconds).toFixed(2)} [#/sec] (mean)`)}${row('Time per request:', `${(per * r.concurrency).toFixed(3)} [ms] (mean)`)}${row('Time per request:', `${per.toFixed(3)} [ms] (mean, across all concurrent requests)`)}${row('Transfer rate:', `${(sum((each) => each.bytes) / 1024 / seconds).toFixed(2)} [Kbytes/sec] received`)}\nConnection Times (ms)\n              min  mean[+/-sd] median   max\n${table('Connect:', (each) => each.connect)}${table('Processing:', (each) => each.total - each.connect)}${table('Waiting:', (each) => each.wait)}${table('Total:', (each) => each.total)}\nPercentage of the requests served within a certain time (ms)\n${[50, 66, 75, 80, 90, 95, 98, 99, 100].map((each) => `${String(each).padStart(5)}%${String(share(each)).padStart(7)}${each === 100 ? ' (longest request)' : ''}\n`).join('')}`
}
