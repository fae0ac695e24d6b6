import type { Invocation } from './host/node-process.ts'
import type { Release } from './version.ts'

/** Options with a value of their own. */
const VALUED = new Set(['-r', '--require', '--import', '--input-type', '--env-file', '-C', '--conditions'])
const USAGE = `Usage: node [options] [ script.js ] [arguments]
       node inspect [options] [ script.js | host:port ] [arguments]

Options:
  -                                   script read from stdin (default if no file name is provided, interactive mode if a tty)
  --                                  indicate the end of node options
  -c, --check                         syntax check script without executing
  -e, --eval=...                      evaluate script
  -h, --help                          print node command line options (currently set)
  -i, --interactive                   always enter the REPL even if stdin does not appear to be a terminal
  -p, --print [...]                   evaluate script and print result
  -r, --require=...                   CommonJS module to preload (option can be repeated)
  -v, --version                       print Node.js version
  --watch                             run in watch mode
`

/** Node's command line; or text that is the whole answer. */
export function parseArguments(
  words: readonly string[],
  release: Release,
): Invocation | { text: string; status: number } {
  const execArgv: string[] = []
  const modules: string[] = []
  const found: Pick<Invocation, 'source' | 'print' | 'kind'> = {}
  let at = 0
  for (; at < words.length; at++) {
    const word = words[at]!
    if (word === '--') {
      at++
      break
    }
    if (!word.startsWith('-') || word === '-') break
    const [name, inline] = word.startsWith('--') && word.includes('=') ? split(word) : [word, undefined]
    const value = () => inline ?? words[++at]
    execArgv.push(word)
    switch (name) {
      case '-v':
      case '--version':
        return { text: `v${release.version}\n`, status: 0 }
      case '-h':
      case '--help':
        return { text: USAGE, status: 0 }
      case '-e':
      case '--eval':
      case '-p':
      case '-pe':
      case '--print': {
        const source = value()
        if (source === undefined) return { text: `node: ${name} requires an argument\n`, status: 9 }
        found.source = source
        execArgv.push(source)
        if (name.includes('p')) found.print = true
        break
      }
      case '-c':
      case '--check':
      case '--test':
      case '--watch':
      case '--inspect':
      case '--inspect-brk':
      case '--cpu-prof':
        return { text: `node: not simulated: ${name}\n`, status: 9 }
      default:
        if (name === '-r' || name === '--require' || name === '--import') {
          const module = value()
          if (module !== undefined) modules.push(module)
        } else if (name === '--input-type') found.kind = value()
        else if (VALUED.has(name)) value()
        else if (!KNOWN.test(name)) return { text: `node: bad option: ${word}\n`, status: 9 }
    }
  }
  const rest = words.slice(at)
  if (found.source !== undefined) return { mode: 'eval', ...found, modules, execArgv, args: rest }
  const [file, ...args] = rest
  if (file === undefined || file === '-') return { mode: 'repl', ...found, modules, execArgv, args }
  return { mode: 'file', file, ...found, modules, execArgv, args }
}

const KNOWN =
  /^(?:-i|--interactive|--(?:no-)?(?:warnings|deprecation|experimental-[\w-]+)|--trace-[\w-]+|--max-[\w-]+|--enable-source-maps|--unhandled-rejections|--expose-gc|--use-strict|--throw-deprecation|--stack-size|--harmony[\w-]*|--dns-result-order|--abort-on-uncaught-exception|--pending-deprecation|--preserve-symlinks|--title)$/

function split(word: string): [string, string] {
  const at = word.indexOf('=')
  return [word.slice(0, at), word.slice(at + 1)]
}
