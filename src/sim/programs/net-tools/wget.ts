import { SystemError } from '../../linux/errors.ts'
import type { OpenFile } from '../../linux/file.ts'
import { encodeText } from '../../linux/shell/bytes.ts'
import type { Applet, AppletCall } from '../applet/applet.ts'
import { AppletError, say, words } from '../applet/applet.ts'
import { missingOperand, type Options, parseOptions } from '../applet/options.ts'
import { CurlError, transfer } from '../curl/transfer.ts'
import { parseUrl, type Url, usualPort } from '../curl/url.ts'
import { header } from '../http/message.ts'

export const wget: Applet = async (call) => {
  const options = parseOptions(call, {
    short: 'qO:o:P:T:t:U:cSY:nvb4',
    long: {
      quiet: 'q',
      'output-document=': 'O',
      'no-check-certificate': 'insecure',
      spider: 'spider',
      'header=': 'header',
      'post-data=': 'post',
      'post-file=': 'postFile',
      'timeout=': 'T',
      'tries=': 't',
      'user-agent=': 'U',
      continue: 'c',
      'server-response': 'S',
      'directory-prefix=': 'P',
      'no-verbose': 'nv',
      'max-redirect=': 'max',
      'show-progress': 'progress',
      'no-proxy': 'noproxy',
      'user=': 'user',
      'password=': 'password',
    },
    status: call.flavour === 'gnu' ? 2 : 1,
  })
  if (options.operands.length === 0)
    throw call.flavour === 'gnu'
      ? new AppletError('missing URL', 1, "Usage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n")
      : missingOperand(call)
  let status = 0
  for (const text of options.operands) status = (await fetchOne(call, options, text)) || status
  return status
}

async function fetchOne(call: AppletCall, options: Options, text: string): Promise<number> {
  const { process } = call
  const quiet = options.has('q') || options.has('n')
  let url = parseUrl(text)
  if (!url || (url.scheme !== 'http' && url.scheme !== 'https'))
    throw new AppletError(say(call, `${text}: Unsupported scheme.`, `not an http or ftp url: ${text}`))
  const tell = (words2: string) => (quiet ? Promise.resolve() : process.printError(words2))
  for (let redirects = 0; ; redirects++) {
    const host = usualPort(url) ? url.host : `${url.host}:${url.port}`
    const body = options.has('post')
      ? encodeText(options.get('post')!)
      : options.has('postFile')
        ? process.files.readBytes(options.get('postFile')!)
        : undefined
    const headers: [string, string][] = [
      ['Host', host],
      ['User-Agent', options.get('U') ?? (call.flavour === 'gnu' ? 'Wget/1.21.3' : 'Wget')],
      ...(call.flavour === 'gnu'
        ? ([
            ['Accept', '*/*'],
            ['Accept-Encoding', 'identity'],
          ] as [string, string][])
        : []),
      ['Connection', call.flavour === 'gnu' ? 'Keep-Alive' : 'close'],
    ]
    for (const line of options.all('header'))
      headers.push([line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()])
    if (body)
      headers.push(['Content-Type', 'application/x-www-form-urlencoded'], ['Content-Length', String(body.length)])
    await announce(call, url, text, tell)
    try {
      const timeout = Number(options.get('T') ?? 900) * 1000
      const { response, connection } = await transfer(
        process,
        url,
        { method: options.has('spider') ? 'HEAD' : body ? 'POST' : 'GET', headers, ...(body ? { body } : {}) },
        {
          connectTimeout: options.has('T') ? timeout : undefined,
          deadline: options.has('T') ? process.uptime() + timeout : undefined,
          maxTime: timeout,
          insecure: options.has('insecure') || call.flavour === 'busybox',
          trusted: false,
          addresses: new Map(),
          log: async () => {},
        },
      )
      if (call.flavour === 'gnu')
        await tell(`connected.\nHTTP request sent, awaiting response... ${response.status} ${response.reason}\n`)
      if (options.has('S'))
        await process.printError(
          `  ${response.version} ${response.status} ${response.reason}\n${response.headers.map(([name, value]) => `  ${name}: ${value}\n`).join('')}`,
        )
      const location = header(response.headers, 'location')
      const next: Url | undefined =
        location !== undefined && response.status >= 300 && response.status < 400 ? parseUrl(location, url) : undefined
      if (next && redirects < 20) {
        if (call.flavour === 'gnu') await tell(`Location: ${location} [following]\n`)
        connection.close()
        url = next
        continue
      }
      if (response.status >= 400) {
        connection.close()
        if (call.flavour === 'busybox')
          throw new AppletError(`server returned error: ${response.version} ${response.status} ${response.reason}`)
        if (!quiet) await process.printError(`2026-11-21 03:00:00 ERROR ${response.status}: ${response.reason}.\n\n`)
        return 8
      }
      if (options.has('spider')) {
        if (call.flavour === 'busybox') await tell('remote file exists\n')
        return 0
      }
      await save(call, options, url, response, tell)
      connection.close()
      return 0
    } catch (error) {
      if (!(error instanceof CurlError)) throw error
      return failure(call, url, error, tell)
    }
  }
}

async function announce(
  call: AppletCall,
  url: Url,
  text: string,
  tell: (words: string) => Promise<void>,
): Promise<void> {
  const { process } = call
  let address = url.host
  try {
    address = (await process.net.resolve(url.host))[0] ?? ''
  } catch (error) {
    words(error)
    address = ''
  }
  if (call.flavour === 'busybox') {
    if (address !== '')
      await tell(`Connecting to ${url.host}${usualPort(url) ? '' : `:${url.port}`} (${address}:${url.port})\n`)
    return
  }
  const shown = /^[a-z]+:\/\//.test(text) ? text : `http://${text}`
  await tell(`--2026-11-21 03:00:00--  ${shown}${/^[a-z]+:\/\/[^/]+$/.test(shown) ? '/' : ''}\n`)
  if (address !== url.host)
    await tell(
      `Resolving ${url.host} (${url.host})... ${address === '' ? 'failed: Name or service not known.' : address}\n`,
    )
  if (address !== '')
    await tell(
      address === url.host
        ? `Connecting to ${address}:${url.port}... `
        : `Connecting to ${url.host} (${url.host})|${address}|:${url.port}... `,
    )
}

async function failure(
  call: AppletCall,
  url: Url,
  error: CurlError,
  tell: (words: string) => Promise<void>,
): Promise<number> {
  if (call.flavour === 'busybox') {
    if (error.code === 6) throw new AppletError(`bad address '${url.host}'`)
    if (error.code === 28) throw new AppletError('download timed out')
    if (error.code === 7) {
      const [address = url.host] = await call.process.net.resolve(url.host)
      throw new AppletError(`can't connect to remote host (${address}): ${error.reason ?? 'Connection refused'}`)
    }
    throw new AppletError(error.code === 52 ? 'error getting response' : error.message)
  }
  if (error.code === 6) {
    await tell(`wget: unable to resolve host address ‘${url.host}’\n`)
    return 4
  }
  if (error.code === 60) {
    await tell(
      `ERROR: cannot verify ${url.host}'s certificate\nTo connect to ${url.host} insecurely, use \`--no-check-certificate'.\n`,
    )
    return 5
  }
  await tell(
    error.code === 28
      ? 'failed: Connection timed out.\n'
      : error.code === 7
        ? `failed: ${error.reason ?? 'Connection refused'}.\n`
        : 'Read error (Connection reset by peer) in headers.\n',
  )
  return 4
}

async function save(
  call: AppletCall,
  options: Options,
  url: Url,
  response: { headers: readonly (readonly [string, string])[]; body: AsyncIterable<Uint8Array> },
  tell: (words: string) => Promise<void>,
): Promise<void> {
  const { process } = call
  const asked = options.get('O')
  let path =
    asked ??
    `${options.has('P') ? `${options.get('P')!.replace(/\/$/, '')}/` : ''}${url.target.replace(/\?.*$/, '').replace(/^.*\//, '') || 'index.html'}`
  const gnu = call.flavour === 'gnu'
  if (asked === undefined && process.files.exists(path)) {
    if (!gnu) throw new AppletError(`can't open '${path}': File exists`)
    let n = 1
    while (process.files.exists(`${path}.${n}`)) n++
    path = `${path}.${n}`
  }
  const length = header(response.headers, 'content-length')
  const type = header(response.headers, 'content-type')
  if (gnu)
    await tell(
      `Length: ${length === undefined ? 'unspecified' : length}${type ? ` [${type.replace(/;.*$/, '')}]` : ''}\nSaving to: ‘${path === '-' ? 'STDOUT' : path}’\n\n`,
    )
  else await tell(path === '-' ? 'writing to stdout\n' : `saving to '${path}'\n`)
  let file: OpenFile | undefined
  let size = 0
  try {
    file = path === '-' ? process.stdout : process.files.open(path, { write: true, create: true, truncate: true })
    for await (const chunk of response.body) {
      size += chunk.length
      await file.write(chunk)
    }
  } catch (error) {
    if (error instanceof SystemError)
      throw new AppletError(
        say(call, `${path}: ${error.message}`, `can't open '${path}': ${error.message}`),
        gnu ? 3 : 1,
      )
    throw error
  } finally {
    if (file && path !== '-') file.release()
  }
  if (gnu)
    await tell(
      `${path === '-' ? '-' : path}${' '.repeat(Math.max(1, 20 - path.length))}100%[===================>] ${String(size).padStart(7)}  --.-KB/s    in 0s      \n\n2026-11-21 03:00:00 (${(size / 1000).toFixed(1)} MB/s) - ${path === '-' ? 'written to stdout' : `‘${path}’ saved`} [${size}${length === undefined ? '' : `/${length}`}]\n\n`,
    )
  else
    await tell(
      `${(path === '-' ? '-' : path).slice(0, 20).padEnd(20)} 100% |********************************| ${String(size).padStart(5)}  0:00:00 ETA\n${path === '-' ? 'written to stdout' : `'${path}' saved`}\n`,
    )
}
