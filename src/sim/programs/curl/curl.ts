import type { OpenFile } from '../../linux/file.ts'
import type { Process } from '../../linux/process.ts'
import { concatBytes, encodeText } from '../../linux/shell/bytes.ts'
import { decodeEscapes } from '../../linux/shell/expansion/quote.ts'
import type { Applet } from '../applet/applet.ts'
import { readToEnd } from '../applet/input.ts'
import { header, toBytes } from '../http/message.ts'
import { dialPort } from './dial.ts'
import { type CurlOptions, CurlUsageError, parseCurl } from './options.ts'
import { CurlError, type Transfer, type TransferOptions, transfer, within } from './transfer.ts'
import { globUrl, parseUrl, type Url, usualPort } from './url.ts'

const VERSION = `curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1 OpenSSL/3.0.11 zlib/1.2.13
Release-Date: 2023-02-20, security patched: 7.88.1-10+deb12u5
Protocols: dict file ftp ftps gopher gophers http https imap imaps ldap ldaps mqtt pop3 pop3s rtmp rtsp scp sftp smb smbs smtp smtps telnet tftp
Features: alt-svc AsynchDNS brotli GSS-API HSTS HTTP2 HTTPS-proxy IDN IPv6 Kerberos Largefile libz NTLM NTLM_WB PSL SPNEGO SSL threadsafe TLS-SRP UnixSockets zstd
`

export const curl: Applet = async ({ process, args }) => {
  let options: CurlOptions
  try {
    options = parseCurl(args)
  } catch (error) {
    if (!(error instanceof CurlUsageError)) throw error
    await process.printError(
      `curl: ${error.message}\ncurl: try 'curl --help' or 'curl --manual' for more information\n`,
    )
    return 2
  }
  if (options.flags.has('version')) {
    await process.print(VERSION)
    return 0
  }
  if (options.urls.length === 0 || options.flags.has('help')) {
    if (options.flags.has('help')) {
      await process.print('Usage: curl [options...] <url>\n')
      return 0
    }
    await process.printError(
      "curl: no URL specified!\ncurl: try 'curl --help' or 'curl --manual' for more information\n",
    )
    return 2
  }
  const session = new Session(process, options)
  let status = 0
  const urls = options.flags.has('globoff') ? options.urls : options.urls.flatMap(globUrl)
  for (const [index, url] of urls.entries()) status = await session.fetch(url, index)
  return status
}

/** What `-w` can show. */
interface Facts {
  code: number
  size: number
  uploaded: number
  contentType: string
  url: string
  redirectUrl: string
  redirects: number
  started: number
  connects: number
  remoteIp: string
  remotePort: number
  headerSize: number
  method: string
  exit: number
  file: string
}

class Session {
  readonly #process: Process
  readonly #options: CurlOptions
  readonly #cookies = new Map<string, string>()
  #sockets = new Set<string>()

  constructor(process: Process, options: CurlOptions) {
    this.#process = process
    this.#options = options
  }

  #flag(name: string): boolean {
    return this.#options.flags.has(name)
  }

  #value(name: string): string | undefined {
    return this.#options.values.get(name)?.at(-1)
  }

  #all(name: string): readonly string[] {
    return this.#options.values.get(name) ?? []
  }

  /** Fetches one URL, with retries; returns curl's exit code. */
  async fetch(text: string, index: number): Promise<number> {
    const process = this.#process
    const retries = Number(this.#value('retry') ?? 0)
    for (let attempt = 0; ; attempt++) {
      const facts: Facts = {
        code: 0,
        size: 0,
        uploaded: 0,
        contentType: '',
        url: text,
        redirectUrl: '',
        redirects: 0,
        started: process.uptime(),
        connects: 0,
        remoteIp: '',
        remotePort: 0,
        headerSize: 0,
        method: 'GET',
        exit: 0,
        file: '',
      }
      const output = new BodyTarget(process, this.#outputPath(text, index))
      const meter =
        !this.#flag('silent') &&
        !this.#flag('no-progress-meter') &&
        (output.path !== undefined || process.stdout.tty === undefined)
      try {
        if (meter) await process.printError(METER_HEAD)
        await this.#once(text, facts, output, meter)
        if (meter) await process.printError(`${meterLine(facts.size, process.uptime() - facts.started)}\n`)
        await this.#writeOut(facts)
        return 0
      } catch (error) {
        if (!(error instanceof CurlError)) throw error
        const transient =
          error.code === 28 ||
          (error.code === 7 && this.#flag('retry-connrefused')) ||
          this.#flag('retry-all-errors') ||
          (error.code === 22 && [408, 429, 500, 502, 503, 504].includes(facts.code))
        if (meter)
          await process.printError(
            `${error.code === 7 || error.code === 6 || error.code === 28 ? `${METER_ZERO}${METER_ZERO}` : METER_ZERO}\n`,
          )
        if (attempt < retries && transient) {
          const delay = Number(this.#value('retry-delay') ?? 0) || Math.min(2 ** attempt, 600)
          if (!this.#flag('silent'))
            await process.printError(
              `Warning: Problem : ${error.code === 28 ? 'timeout' : error.code === 7 ? 'connection refused' : 'HTTP error'}. Will retry in ${delay} seconds. ${retries - attempt} retries left.\n`,
            )
          await process.sleep(delay * 1000)
          continue
        }
        facts.exit = error.code
        if (!this.#flag('silent') || this.#flag('show-error'))
          await process.printError(`curl: (${error.code}) ${error.message}\n`)
        await this.#writeOut(facts)
        return error.code
      } finally {
        output.close()
      }
    }
  }

  #outputPath(text: string, index: number): string | undefined {
    const named =
      this.#all('output')[index] ??
      (this.#all('output').length > 0 && index > 0 && this.#flag('remote-name')
        ? undefined
        : this.#all('output')[index])
    let path = named
    if (path === undefined && this.#flag('remote-name'))
      path = text.replace(/[?#].*$/, '').replace(/^.*\//, '') || 'curl_response'
    if (path === '-' || path === undefined) return undefined
    const folder = this.#value('output-dir')
    return folder && !path.startsWith('/') ? `${folder}/${path}` : path
  }

  async #once(text: string, facts: Facts, output: BodyTarget, meter: boolean): Promise<void> {
    const process = this.#process
    const maxTime = this.#value('max-time')
    const limits: TransferOptions = {
      connectTimeout:
        this.#value('connect-timeout') === undefined ? undefined : Number(this.#value('connect-timeout')) * 1000,
      maxTime: maxTime === undefined ? undefined : Number(maxTime) * 1000,
      deadline: maxTime === undefined ? undefined : process.uptime() + Number(maxTime) * 1000,
      insecure: this.#flag('insecure'),
      trusted: this.#options.values.has('cacert'),
      addresses: this.#addresses(),
      log: async (line) => {
        if (this.#flag('verbose')) await process.printError(line)
      },
    }
    const parsed = parseUrl(text)
    if (!parsed) throw new CurlError(3, 'URL using bad/illegal format or missing URL')
    let url: Url = parsed
    let method = this.#method()
    let body = await this.#body()
    if (this.#flag('get') && body) {
      url = { ...url, target: url.target + (url.target.includes('?') ? '&' : '?') + new TextDecoder().decode(body) }
      body = undefined
      method = this.#value('request') ?? 'GET'
    }
    for (;;) {
      if (url.scheme === 'file') {
        await this.#file(url, text, output)
        return
      }
      if (url.scheme !== 'http' && url.scheme !== 'https')
        throw new CurlError(1, `Protocol "${url.scheme}" not supported or disabled in libcurl`)
      facts.method = method
      facts.url = text
      const headers = this.#headers(url, method, body)
      const version = this.#options.flags.has('http1.0') ? { version: 'HTTP/1.0' } : {}
      const unix = this.#value('unix-socket')
      const done: Transfer =
        unix === undefined
          ? await transfer(process, url, { method, headers, ...(body ? { body } : {}), ...version }, limits)
          : await dialPort(process, `unix://${unix}`, url, { method, headers, ...(body ? { body } : {}) })
      const { response, connection, address } = done
      facts.code = response.status
      facts.remoteIp = address
      facts.remotePort = url.port
      const key = `${address}:${url.port}`
      if (!this.#sockets.has(key)) facts.connects++
      this.#sockets.add(key)
      facts.contentType = header(response.headers, 'content-type') ?? ''
      const head = `${response.version} ${response.status}${response.reason ? ` ${response.reason}` : ''}\r\n${response.headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
      facts.headerSize += head.length
      await limits.log(
        head.replace(/\r\n$/, '').replace(/^/gm, '< ').replace(/\r\n$/, '\n').replace(/\r/g, '').concat(''),
      )
      this.#keepCookies(response.headers)
      const location = header(response.headers, 'location')
      const redirected =
        location !== undefined && response.status >= 300 && response.status < 400 ? parseUrl(location, url) : undefined
      if (redirected)
        facts.redirectUrl = `${redirected.scheme}://${redirected.host}${usualPort(redirected) ? '' : `:${redirected.port}`}${redirected.target}`
      const follow = redirected && this.#flag('location')
      if (this.#flag('include') || this.#flag('head')) await output.write(encodeText(head))
      const dump = this.#value('dump-header')
      if (dump !== undefined) {
        if (dump === '-') await process.print(head)
        else process.files.write(dump, head)
      }
      const failed = response.status >= 400 && (this.#flag('fail') || this.#flag('fail-with-body'))
      const show = !follow && !(failed && !this.#flag('fail-with-body'))
      const chunks: number[] = []
      try {
        const pieces = response.body[Symbol.asyncIterator]()
        for (;;) {
          const next = await within(process, limits, pieces.next(), facts.size)
          if (next.done) break
          chunks.push(next.value.length)
          if (!show) continue
          facts.size += next.value.length
          await output.write(next.value)
        }
      } catch (error) {
        if (error instanceof CurlError) throw error
        connection.close()
        throw new CurlError(18, 'transfer closed with outstanding read data remaining')
      }
      if (meter && this.#flag('verbose') && chunks.length > 0)
        await limits.log(`{ [${chunks.reduce((a, b) => a + b, 0)} bytes data]\n`)
      connection.close()
      await limits.log(`* Connection #0 to host ${url.host} left intact\n`)
      if (failed) throw new CurlError(22, `The requested URL returned error: ${response.status}`)
      if (!follow) return
      if (++facts.redirects > Number(this.#value('max-redirs') ?? 50))
        throw new CurlError(47, `Maximum (${this.#value('max-redirs') ?? 50}) redirects followed`)
      await limits.log(`* Issue another request to this URL: '${facts.redirectUrl}'\n`)
      url = redirected
      facts.redirectUrl = ''
      if ([301, 302, 303].includes(response.status) && method === 'POST' && !this.#options.values.has('request')) {
        method = 'GET'
        body = undefined
      }
    }
  }

  async #file(url: Url, text: string, output: BodyTarget): Promise<void> {
    const path = text.replace(/^file:\/\//, '')
    void url
    try {
      await output.write(this.#process.files.readBytes(path))
    } catch {
      throw new CurlError(37, `Couldn't open file ${path}`)
    }
  }

  #addresses(): Map<string, string> {
    const out = new Map<string, string>()
    for (const text of this.#all('resolve')) {
      const match = /^\+?([^:]+):(\d+):(.+)$/.exec(text)
      if (match) out.set(`${match[1]}:${match[2]}`, match[3]!.replace(/,.*$/, ''))
    }
    return out
  }

  #method(): string {
    const asked = this.#value('request')
    if (asked !== undefined) return asked
    if (this.#flag('head')) return 'HEAD'
    if (this.#options.values.has('upload-file')) return 'PUT'
    return ['data', 'data-raw', 'data-binary', 'data-urlencode', 'json', 'form'].some((name) =>
      this.#options.values.has(name),
    )
      ? 'POST'
      : 'GET'
  }

  async #body(): Promise<Uint8Array | undefined> {
    const { values } = this.#options
    const parts: Uint8Array[] = []
    const add = (bytes: Uint8Array) => {
      if (parts.length > 0) parts.push(toBytes('&'))
      parts.push(bytes)
    }
    for (const text of this.#all('data'))
      add(
        text.startsWith('@')
          ? encodeText(new TextDecoder().decode(await this.#read(text.slice(1))).replace(/[\r\n]/g, ''))
          : encodeText(text),
      )
    for (const text of this.#all('data-raw')) add(encodeText(text))
    for (const text of this.#all('data-binary'))
      add(text.startsWith('@') ? await this.#read(text.slice(1)) : encodeText(text))
    for (const text of this.#all('data-urlencode')) {
      const at = text.indexOf('=')
      add(encodeText(at < 0 ? percent(text) : `${text.slice(0, at)}${at > 0 ? '=' : ''}${percent(text.slice(at + 1))}`))
    }
    for (const text of this.#all('json'))
      parts.push(text.startsWith('@') ? await this.#read(text.slice(1)) : encodeText(text))
    const upload = this.#value('upload-file')
    if (upload !== undefined) return this.#read(upload)
    if (values.has('form')) return this.#form()
    return parts.length > 0 ? concatBytes(parts) : values.has('data') ? new Uint8Array() : undefined
  }

  async #form(): Promise<Uint8Array> {
    const parts: Uint8Array[] = []
    for (const text of this.#all('form')) {
      const at = text.indexOf('=')
      const [name, value] = [text.slice(0, at), text.slice(at + 1)]
      const file = value.startsWith('@') ? value.slice(1).replace(/;.*$/, '') : undefined
      parts.push(
        encodeText(
          `--------------------------kubebook\r\nContent-Disposition: form-data; name="${name}"${file ? `; filename="${file.replace(/^.*\//, '')}"\r\nContent-Type: application/octet-stream` : ''}\r\n\r\n`,
        ),
      )
      parts.push(file ? await this.#read(file) : encodeText(value), encodeText('\r\n'))
    }
    parts.push(encodeText('--------------------------kubebook--\r\n'))
    return concatBytes(parts)
  }

  async #read(path: string): Promise<Uint8Array> {
    if (path === '-') return readToEnd(this.#process.stdin)
    try {
      return this.#process.files.readBytes(path)
    } catch {
      throw new CurlError(26, `Failed to open ${path}`)
    }
  }

  #headers(url: Url, method: string, body: Uint8Array | undefined): [string, string][] {
    const out: [string, string][] = [['Host', usualPort(url) ? url.host : `${url.host}:${url.port}`]]
    const user = this.#value('user') ?? url.user
    if (user !== undefined) out.push(['Authorization', `Basic ${btoa(decodeURIComponentSafely(user))}`])
    const bearer = this.#value('oauth2-bearer')
    if (bearer !== undefined) out.push(['Authorization', `Bearer ${bearer}`])
    out.push(['User-Agent', this.#value('user-agent') ?? 'curl/7.88.1'])
    out.push(['Accept', this.#options.values.has('json') ? 'application/json' : '*/*'])
    const range = this.#value('range')
    if (range !== undefined) out.push(['Range', `bytes=${range}`])
    const referer = this.#value('referer')
    if (referer !== undefined) out.push(['Referer', referer])
    const cookies = this.#cookieText()
    if (cookies) out.push(['Cookie', cookies])
    if (this.#flag('compressed')) out.push(['Accept-Encoding', 'identity'])
    if (body) {
      out.push(['Content-Length', String(body.length)])
      if (!this.#options.values.has('upload-file') && method !== 'PUT')
        out.push([
          'Content-Type',
          this.#options.values.has('json')
            ? 'application/json'
            : this.#options.values.has('form')
              ? 'multipart/form-data; boundary=------------------------kubebook'
              : 'application/x-www-form-urlencoded',
        ])
      else if (this.#options.values.has('data') || this.#options.values.has('json'))
        out.push([
          'Content-Type',
          this.#options.values.has('json') ? 'application/json' : 'application/x-www-form-urlencoded',
        ])
    }
    for (const text of this.#all('header')) {
      const at = text.search(/[:;]/)
      const name = text.slice(0, at < 0 ? undefined : at).trim()
      const value = at < 0 ? '' : text.slice(at + 1).trim()
      const old = out.findIndex(([each]) => each.toLowerCase() === name.toLowerCase())
      if (text[at] === ':' && value === '') {
        if (old >= 0) out.splice(old, 1)
      } else if (old >= 0) out[old] = [name, value]
      else out.push([name, value])
    }
    return out
  }

  #cookieText(): string {
    const given = this.#all('cookie').filter((text) => text.includes('='))
    return [...given, ...[...this.#cookies].map(([name, value]) => `${name}=${value}`)].join('; ')
  }

  #keepCookies(headers: readonly (readonly [string, string])[]): void {
    if (!this.#options.values.has('cookie') && !this.#options.values.has('cookie-jar')) return
    for (const [name, value] of headers) {
      const match = name.toLowerCase() === 'set-cookie' ? /^([^=;]+)=([^;]*)/.exec(value) : null
      if (match) this.#cookies.set(match[1]!, match[2]!)
    }
  }

  async #writeOut(facts: Facts): Promise<void> {
    const format = this.#value('write-out')
    if (format === undefined) return
    const seconds = ((this.#process.uptime() - facts.started) / 1000).toFixed(6)
    const known: Readonly<Record<string, string>> = {
      http_code: String(facts.code).padStart(3, '0'),
      response_code: String(facts.code).padStart(3, '0'),
      size_download: String(facts.size),
      size_upload: String(facts.uploaded),
      size_header: String(facts.headerSize),
      content_type: facts.contentType,
      url_effective: parseUrl(facts.url) ? effective(facts.url) : facts.url,
      url: facts.url,
      redirect_url: facts.redirectUrl,
      num_redirects: String(facts.redirects),
      num_connects: String(facts.connects),
      remote_ip: facts.remoteIp,
      remote_port: String(facts.remotePort),
      local_ip: '',
      method: facts.method,
      scheme: (parseUrl(facts.url)?.scheme ?? '').toUpperCase(),
      http_version: '1.1',
      exitcode: String(facts.exit),
      errormsg: '',
      time_total: seconds,
      time_namelookup: '0.000030',
      time_connect: '0.000150',
      time_appconnect: '0.000000',
      time_pretransfer: '0.000180',
      time_starttransfer: seconds,
      time_redirect: '0.000000',
      speed_download: '0',
      ssl_verify_result: '0',
      filename_effective: facts.file,
    }
    const text = decodeEscapes(
      format
        .replace(/%%/g, '\0')
        .replace(/%\{([a-z_]+)\}/g, (all, name: string) => known[name] ?? all)
        .replace(/\0/g, '%'),
      'ansi',
    ).text
    await this.#process.stdout.write(encodeText(text))
  }
}

const effective = (text: string) =>
  (/^[a-z]+:\/\//i.test(text) ? text : `http://${text}`).replace(/^([a-z]+:\/\/[^/]+)$/, '$1/')
const percent = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Where the body goes: standard output, or a file made with the first byte. */
class BodyTarget {
  readonly path: string | undefined
  readonly #process: Process
  #file: OpenFile | undefined

  constructor(process: Process, path: string | undefined) {
    this.#process = process
    this.path = path
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.path === undefined) {
      await this.#process.stdout.write(bytes)
      return
    }
    try {
      this.#file ??= this.#process.files.open(this.path, { write: true, create: true, truncate: true })
    } catch {
      throw new CurlError(23, 'Failure writing output to destination')
    }
    await this.#file.write(bytes)
  }

  close(): void {
    this.#file?.release()
    this.#file = undefined
  }
}

const METER_HEAD =
  '  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n                                 Dload  Upload   Total   Spent    Left  Speed\n'
const METER_ZERO = '\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0'

function meterLine(size: number, ms: number): string {
  const rate = ms < 1 ? size * 1000 : Math.round(size / (ms / 1000))
  const short = (value: number) => (value < 100_000 ? String(value) : `${Math.round(value / 1024)}k`)
  return `${METER_ZERO}\r100 ${short(size).padStart(5)}  100 ${short(size).padStart(5)}    0     0 ${short(rate).padStart(6)}      0 --:--:-- --:--:-- --:--:-- ${short(rate).padStart(5)}`
}
