import { isBuiltIn } from '../variables.ts'
import { ConfigError, type Directive } from './syntax.ts'

/** Directives whose arguments may name variables. */
const EXPANDED = new Set([
  'return',
  'rewrite',
  'set',
  'if',
  'root',
  'alias',
  'try_files',
  'error_page',
  'add_header',
  'proxy_pass',
  'proxy_set_header',
  'access_log',
  'log_format',
  'hash',
])

/** Refuses a variable that nobody makes: not nginx, no set, no map, no named part of a regular expression. */
export function checkVariables(http: readonly Directive[]): void {
  const made = new Set<string>()
  const used: string[] = []
  const visit = (directives: readonly Directive[]) => {
    for (const d of directives) {
      if (d.name === 'set') made.add(d.args[0]!.slice(1))
      if (d.name === 'map' || d.name === 'geo' || d.name === 'split_clients') made.add(d.args.at(-1)!.slice(1))
      for (const text of d.args) for (const [, name] of text.matchAll(/\(\?P?<(\w+)>/g)) made.add(name!)
      if (d.name === 'map') for (const [, name] of (d.args[0] ?? '').matchAll(VARIABLE)) if (name) used.push(name)
      if (EXPANDED.has(d.name))
        for (const text of d.args.slice(d.name === 'set' ? 1 : 0))
          for (const [, braced, bare] of text.matchAll(VARIABLE)) if (braced ?? bare) used.push((braced ?? bare)!)
      if (d.block && d.name !== 'map' && d.name !== 'types') visit(d.block)
    }
  }
  visit(http)
  const unknown = used.find((name) => !made.has(name) && !isBuiltIn(name) && !/^\d/.test(name))
  if (unknown !== undefined) throw new ConfigError(`unknown "${unknown}" variable`)
}

const VARIABLE = /\$(?:\{(\w+)\}|([A-Za-z_]\w*))/g
