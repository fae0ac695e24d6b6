/** redis.conf's parameters that the server knows, with version 7's defaults. */
const DEFAULTS: Record<string, string> = {
  port: '6379',
  bind: '* -::*',
  'protected-mode': 'no',
  databases: '16',
  save: '3600 1 300 100 60 10000',
  appendonly: 'no',
  appendfsync: 'everysec',
  appendfilename: 'appendonly.aof',
  appenddirname: 'appendonlydir',
  dir: '/data',
  dbfilename: 'dump.rdb',
  requirepass: '',
  masterauth: '',
  maxmemory: '0',
  'maxmemory-policy': 'noeviction',
  maxclients: '10000',
  timeout: '0',
  'tcp-keepalive': '300',
  loglevel: 'notice',
  logfile: '',
  daemonize: 'no',
  replicaof: '',
  'replica-read-only': 'yes',
  'replica-announce-ip': '',
  'replica-announce-port': '0',
  'tcp-backlog': '511',
  hz: '10',
  'stop-writes-on-bgsave-error': 'yes',
  rdbcompression: 'yes',
  rdbchecksum: 'yes',
  'cluster-enabled': 'no',
  'lazyfree-lazy-eviction': 'no',
  'slowlog-max-len': '128',
  'notify-keyspace-events': '',
  pidfile: '',
  supervised: 'no',
  'always-show-logo': 'no',
  'replica-serve-stale-data': 'yes',
  'repl-diskless-sync': 'yes',
  'io-threads': '1',
  'maxmemory-samples': '5',
  'aof-use-rdb-preamble': 'yes',
  'auto-aof-rewrite-percentage': '100',
  unixsocket: '',
}
const ALIASES: Record<string, string> = { slaveof: 'replicaof', 'slave-read-only': 'replica-read-only' }
const NUMERIC = new Set(['port', 'databases', 'timeout', 'maxclients', 'tcp-backlog', 'hz', 'tcp-keepalive'])
const BYTES = new Set(['maxmemory'])
const YES_NO = new Set(Object.keys(DEFAULTS).filter((k) => DEFAULTS[k] === 'yes' || DEFAULTS[k] === 'no'))

export class FatalConfigError extends Error {
  readonly line: number
  readonly text: string
  constructor(line: number, text: string, message: string) {
    super(message)
    this.line = line
    this.text = text
  }
}

/** `50mb` → 52428800; undefined when it is no amount. */
export function parseBytes(text: string): number | undefined {
  const m = /^(\d+)(b|k|kb|m|mb|g|gb)?$/i.exec(text)
  if (!m) return undefined
  const unit = { '': 1, b: 1, k: 1000, kb: 1024, m: 1e6, mb: 1024 ** 2, g: 1e9, gb: 1024 ** 3 }[
    (m[2] ?? '').toLowerCase()
  ]
  return Number(m[1]) * unit!
}

export class Config {
  readonly #values = new Map(Object.entries(DEFAULTS))
  /** The file it came from; empty without one. */
  file = ''

  get(name: string): string {
    return this.#values.get(ALIASES[name] ?? name) ?? ''
  }

  names(): string[] {
    return [...this.#values.keys()]
  }

  /** Undefined when set; otherwise why not, in redis' words. */
  set(rawName: string, args: readonly string[]): string | undefined {
    const lower = rawName.toLowerCase()
    const name = ALIASES[lower] ?? lower
    if (!this.#values.has(name) || args.length === 0) return 'Bad directive or wrong number of arguments'
    const value = args.join(' ')
    if (YES_NO.has(name) && value !== 'yes' && value !== 'no') return "argument must be 'yes' or 'no'"
    if (NUMERIC.has(name) && !/^-?\d+$/.test(value)) return "argument couldn't be parsed into an integer"
    if (BYTES.has(name)) {
      const bytes = parseBytes(value)
      if (bytes === undefined) return 'argument must be a memory value'
      this.#values.set(name, String(bytes))
    } else this.#values.set(name, value)
    return undefined
  }

  /** The lines of a file or of the command line. */
  load(lines: readonly (readonly string[])[]): void {
    let saveCleared = false
    lines.forEach((words, index) => {
      const [name, ...args] = words
      if (name === undefined || name.startsWith('#')) return
      if (name.toLowerCase() === 'save') {
        const before = saveCleared ? this.get('save') : ''
        saveCleared = true
        const value = args.join(' ').replace(/^""$/, '')
        this.#values.set('save', value === '' ? '' : `${before} ${value}`.trim())
        return
      }
      const problem = this.set(name, args)
      if (problem)
        throw new FatalConfigError(index + 1, `${name} ${args.map((a) => `"${a}"`).join(' ')}`.trim(), problem)
    })
  }
}
