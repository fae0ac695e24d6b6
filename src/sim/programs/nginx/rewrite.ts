import type { Condition, Rewrite, Scope } from './config/model.ts'
import type { Exchange } from './exchange.ts'
import { expand, keepCaptures } from './variables.ts'

export type RewriteResult =
  | { kind: 'next' }
  | { kind: 'return'; code: number; text: string | undefined }
  | { kind: 'redirect'; code: number; location: string }
  /** Look for a location anew. */
  | { kind: 'again' }
  /** Stop rewriting, stay here. */
  | { kind: 'stop' }

/** Runs the rewrite module's directives in order. */
export function runRewrites(x: Exchange, rewrites: readonly Rewrite[]): RewriteResult {
  let changed = false
  for (const step of rewrites) {
    if (step.kind === 'break') return { kind: 'stop' }
    if (step.kind === 'set') x.variables.set(step.variable, expand(x, step.value))
    else if (step.kind === 'return') {
      x.status = step.code
      return { kind: 'return', code: step.code, text: step.text === undefined ? undefined : expand(x, step.text) }
    } else if (step.kind === 'if') {
      if (!holds(x, step.condition)) continue
      const before: Scope = x.scope
      x.scope = mergeIf(before, step.scope)
      const result = runRewrites(x, step.body)
      if (result.kind !== 'next') return result
    } else {
      const match = step.pattern.exec(x.uri)
      if (!match) continue
      keepCaptures(x, match)
      const target = expand(x, step.target)
      if (step.flag === 'redirect' || step.flag === 'permanent') {
        const query = x.args && !target.endsWith('?') ? `${target.includes('?') ? '&' : '?'}${x.args}` : ''
        return {
          kind: 'redirect',
          code: step.flag === 'permanent' ? 301 : 302,
          location: target.replace(/\?$/, '') + query,
        }
      }
      const [path, query] = splitOnce(target, '?')
      x.uri = path
      x.rewritten = true
      if (query !== undefined) x.args = query === '' ? '' : x.args ? `${query}&${x.args}` : query
      if (step.flag === 'last') return { kind: 'again' }
      if (step.flag === 'break') return { kind: 'stop' }
      changed = true
    }
  }
  return changed ? { kind: 'again' } : { kind: 'next' }
}

/** Content settings inside `if` replace those outside, when it has any. */
function mergeIf(outer: Scope, inner: Scope): Scope {
  return {
    ...inner,
    proxyPass: inner.proxyPass ?? outer.proxyPass,
    tryFiles: inner.tryFiles ?? outer.tryFiles,
    stubStatus: inner.stubStatus || outer.stubStatus,
    rewrites: outer.rewrites,
  }
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const i = text.indexOf(separator)
  return i < 0 ? [text, undefined] : [text.slice(0, i), text.slice(i + 1)]
}

function holds(x: Exchange, condition: Condition): boolean {
  if (condition.kind === 'true') {
    const value = expand(x, condition.value)
    return value !== '' && value !== '0'
  }
  if (condition.kind === 'equal') return (expand(x, condition.left) === expand(x, condition.right)) !== condition.negate
  if (condition.kind === 'match') {
    const match = condition.pattern.exec(expand(x, condition.left))
    if (match) keepCaptures(x, match)
    return (match !== null) !== condition.negate
  }
  const path = expand(x, condition.path)
  return fileTest(x, condition.test, path) !== condition.negate
}

function fileTest(x: Exchange, test: 'f' | 'd' | 'e' | 'x', path: string): boolean {
  const { files } = x.process
  if (!files.exists(path)) return false
  if (test === 'e') return true
  if (test === 'x') return files.access(path, { execute: true })
  return files.stat(path).type === (test === 'f' ? 'file' : 'directory')
}
