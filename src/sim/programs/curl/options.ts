/** curl's options that are known here: letter, long name, whether a value follows. */
const TABLE: readonly (readonly [letter: string, name: string, value?: true])[] = [
  ['s', 'silent'],
  ['S', 'show-error'],
  ['v', 'verbose'],
  ['i', 'include'],
  ['I', 'head'],
  ['X', 'request', true],
  ['d', 'data', true],
  ['', 'data-raw', true],
  ['', 'data-binary', true],
  ['', 'data-urlencode', true],
  ['', 'json', true],
  ['F', 'form', true],
  ['G', 'get'],
  ['H', 'header', true],
  ['k', 'insecure'],
  ['L', 'location'],
  ['o', 'output', true],
  ['O', 'remote-name'],
  ['', 'output-dir', true],
  ['', 'create-dirs'],
  ['w', 'write-out', true],
  ['m', 'max-time', true],
  ['', 'connect-timeout', true],
  ['', 'resolve', true],
  ['', 'connect-to', true],
  ['u', 'user', true],
  ['f', 'fail'],
  ['', 'fail-with-body'],
  ['A', 'user-agent', true],
  ['e', 'referer', true],
  ['b', 'cookie', true],
  ['c', 'cookie-jar', true],
  ['T', 'upload-file', true],
  ['', 'retry', true],
  ['', 'retry-delay', true],
  ['', 'retry-max-time', true],
  ['', 'retry-connrefused'],
  ['', 'retry-all-errors'],
  ['', 'max-redirs', true],
  ['', 'unix-socket', true],
  ['', 'cacert', true],
  ['', 'capath', true],
  ['E', 'cert', true],
  ['', 'key', true],
  ['', 'url', true],
  ['', 'interface', true],
  ['', 'limit-rate', true],
  ['', 'oauth2-bearer', true],
  ['x', 'proxy', true],
  ['', 'noproxy', true],
  ['K', 'config', true],
  ['r', 'range', true],
  ['Y', 'speed-limit', true],
  ['y', 'speed-time', true],
  ['z', 'time-cond', true],
  ['D', 'dump-header', true],
  ['#', 'progress-bar'],
  ['N', 'no-buffer'],
  ['4', 'ipv4'],
  ['6', 'ipv6'],
  ['0', 'http1.0'],
  ['', 'http1.1'],
  ['', 'http2'],
  ['', 'compressed'],
  ['', 'no-progress-meter'],
  ['q', 'disable'],
  ['g', 'globoff'],
  ['R', 'remote-time'],
  ['J', 'remote-header-name'],
  ['V', 'version'],
  ['h', 'help'],
  ['', 'no-keepalive'],
  ['', 'path-as-is'],
  ['', 'post301'],
  ['', 'tlsv1.2'],
  ['Z', 'parallel'],
]

export class CurlUsageError extends Error {}

export interface CurlOptions {
  flags: Set<string>
  values: Map<string, string[]>
  urls: string[]
}

export function parseCurl(args: readonly string[]): CurlOptions {
  const out: CurlOptions = { flags: new Set(), values: new Map(), urls: [] }
  const set = (name: string, value: string) => out.values.set(name, [...(out.values.get(name) ?? []), value])
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!
    if (word.startsWith('--') && word.length > 2) {
      const name = word.slice(2)
      const row =
        TABLE.find(([, each]) => each === name) ??
        (TABLE.filter(([, each]) => each.startsWith(name)).length === 1
          ? TABLE.find(([, each]) => each.startsWith(name))
          : undefined)
      if (!row && name.startsWith('no-') && TABLE.some(([, each]) => each === name.slice(3))) {
        out.flags.delete(name.slice(3))
        continue
      }
      if (!row) throw new CurlUsageError(`option ${word}: is unknown`)
      if (!row[2]) out.flags.add(row[1])
      else if (args[i + 1] === undefined) throw new CurlUsageError(`option ${word}: requires parameter`)
      else set(row[1], args[++i]!)
    } else if (word.startsWith('-') && word.length > 1) {
      for (let j = 1; j < word.length; j++) {
        const row = TABLE.find(([letter]) => letter === word[j])
        if (!row) throw new CurlUsageError(`option -${word.slice(j)}: is unknown`)
        if (!row[2]) {
          out.flags.add(row[1])
          continue
        }
        const value = word.slice(j + 1) || args[++i]
        if (value === undefined) throw new CurlUsageError(`option ${word}: requires parameter`)
        set(row[1], value)
        break
      }
    } else out.urls.push(word)
  }
  out.urls.push(...(out.values.get('url') ?? []))
  return out
}
