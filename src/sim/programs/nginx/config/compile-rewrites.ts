import { BoundedRegExp } from '../../../linux/regexp/bounded-regexp.ts'
import type { Condition, Rewrite, Scope } from './model.ts'
import { at, ConfigError, type Directive } from './syntax.ts'

/** What may stand inside an if. */
const IN_IF = new Set(
  'return rewrite set break root index error_page add_header expires access_log proxy_pass proxy_set_header default_type limit_rate gzip sendfile autoindex charset auth_basic auth_basic_user_file deny allow keepalive_timeout'.split(
    ' ',
  ),
)

/** Why PCRE refuses a pattern. */
export function patternProblem(source: string): string {
  const plain = source.replace(/\\./g, '').replace(/\[[^\]]*\]/g, '')
  const open = plain.split('(').length - plain.split(')').length
  if (open > 0) return 'missing closing parenthesis'
  if (open < 0) return 'unmatched closing parenthesis'
  return /\[/.test(plain) ? 'missing terminating ] for character class' : 'quantifier does not follow a repeatable item'
}

type CompileScope = (directives: readonly Directive[], parent: Scope) => Scope

/** The rewrite module's directives of one block, in order. */
export function compileRewrites(directives: readonly Directive[], scope: Scope, compileScope: CompileScope): Rewrite[] {
  return directives.map((d): Rewrite => {
    if (d.name === 'break') return { kind: 'break' }
    if (d.name === 'set') {
      if (!d.args[0]?.startsWith('$')) throw new ConfigError(`invalid variable name "${d.args[0]}" ${at(d)}`)
      return { kind: 'set', variable: d.args[0].slice(1), value: d.args[1] ?? '' }
    }
    if (d.name === 'return') return compileReturn(d)
    if (d.name === 'rewrite') return compileRewrite(d)
    for (const inner of d.block ?? [])
      if (!IN_IF.has(inner.name)) throw new ConfigError(`"${inner.name}" directive is not allowed here ${at(inner)}`)
    const body = compileScope(d.block ?? [], scope)
    return { kind: 'if', condition: compileCondition(d), body: body.rewrites, scope: body }
  })
}

function compileReturn(d: Directive): Rewrite {
  const [first = '', second] = d.args
  if (d.args.length > 2 || first === '')
    throw new ConfigError(`invalid number of arguments in "return" directive ${at(d)}`)
  if (/^\d+$/.test(first)) {
    const code = Number(first)
    if (code > 999) throw new ConfigError(`invalid return code "${first}" ${at(d)}`)
    return { kind: 'return', code, text: second }
  }
  if (!/^(https?:\/\/|\$)/.test(first)) throw new ConfigError(`invalid return code "${first}" ${at(d)}`)
  return { kind: 'return', code: 302, text: first }
}

function compileRewrite(d: Directive): Rewrite {
  const [pattern = '', target = '', flag] = d.args
  const flags = ['last', 'break', 'redirect', 'permanent'] as const
  const known = flags.find((f) => f === flag)
  if (flag !== undefined && !known) throw new ConfigError(`invalid parameter "${flag}" ${at(d)}`)
  const redirect = /^(https?:\/\/|\$scheme)/.test(target) ? 'redirect' : undefined
  return { kind: 'rewrite', pattern: toRegex(pattern, '', d), target, flag: known ?? redirect }
}

function compileCondition(d: Directive): Condition {
  const words = d.args
    .join(' ')
    .replace(/^\(\s*/, '')
    .replace(/\s*\)$/, '')
    .split(/\s+/)
  const [left = '', operator, ...rest] = words
  const file = /^(!)?-([fdex])$/.exec(left)
  if (file) return { kind: 'file', test: file[2] as 'f', path: operator ?? '', negate: file[1] === '!' }
  if (operator === undefined) return { kind: 'true', value: left }
  const right = rest.join(' ').replace(/^(["'])(.*)\1$/, '$2')
  if (operator === '=' || operator === '!=') return { kind: 'equal', left, right, negate: operator === '!=' }
  const match = /^(!)?~(\*)?$/.exec(operator)
  if (!match) throw new ConfigError(`unexpected "${operator}" in condition ${at(d)}`)
  return { kind: 'match', left, pattern: toRegex(right, match[2] ? 'i' : '', d), negate: match[1] === '!' }
}

function toRegex(source: string, flags: string, d: Directive): RegExp {
  try {
    return new BoundedRegExp(source, flags)
  } catch {
    throw new ConfigError(`pcre2_compile() failed: ${patternProblem(source)} in "${source}" ${at(d)}`)
  }
}
