import { isNode, LineCounter, parseDocument } from 'yaml'
import type { Files } from '../../../linux/file.ts'
import { parseDuration } from '../duration.ts'
import type { Expression } from '../promql/expression.ts'
import { parseExpression } from '../promql/parse.ts'
import { printExpression } from '../promql/print.ts'

export interface RuleSource {
  record: string | undefined
  alert: string | undefined
  expression: Expression
  /** As Prometheus writes it back. */
  query: string
  /** ms */
  for: number
  labels: Readonly<Record<string, string>>
  annotations: Readonly<Record<string, string>>
}
export interface RuleGroupSource {
  name: string
  file: string
  /** ms; undefined: the server's own. */
  interval: number | undefined
  rules: readonly RuleSource[]
}

type Plain = Record<string, any>

/** Reads a rule file. Throws an Error with Prometheus' words. */
export function parseRuleFile(text: string, file: string): RuleGroupSource[] {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter })
  if (document.errors[0]) throw new Error(`${file}: yaml: ${document.errors[0].message.split('\n')[0]}`)
  const groups = ((document.toJS() ?? {}) as Plain).groups ?? []
  const names = new Set<string>()
  const place = (path: readonly (string | number)[]) => {
    const node = document.getIn(path, true)
    if (!isNode(node) || !node.range) return ''
    const { line, col } = lineCounter.linePos(node.range[0])
    return ` ${line}:${col}:`
  }
  return groups.map((group: Plain, g: number): RuleGroupSource => {
    if (!group.name) throw new Error(`${file}: Groupname must not be empty`)
    if (names.has(group.name))
      throw new Error(`${file}: groupname: ${JSON.stringify(group.name)} is repeated in the same file`)
    names.add(group.name)
    return {
      name: String(group.name),
      file,
      interval: group.interval === undefined ? undefined : duration(group.interval, file),
      rules: (group.rules ?? []).map((rule: Plain, i: number) =>
        parseRule(
          rule,
          `${file}:${place(['groups', g, 'rules', i, 'expr'])} group ${JSON.stringify(group.name)}, rule ${i + 1}`,
          file,
        ),
      ),
    }
  })
}

/** Files that a configuration's `rule_files` name; a pattern that fits nothing names none. */
export function ruleFilePaths(files: Files, patterns: readonly string[], folder: string): string[] {
  return patterns.flatMap((pattern) => {
    const path = pattern.startsWith('/') || folder === '' ? pattern : `${folder}/${pattern}`
    const at = path.lastIndexOf('/')
    const parent = at < 0 ? '.' : path.slice(0, at) || '/'
    const source = path
      .slice(at + 1)
      .replaceAll(/[.+^$()|{}]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')
    const fits = new RegExp(`^${source}$`)
    if (!files.exists(parent)) return []
    const names = files.list(parent).map(({ name }) => name)
    return names
      .filter((name) => fits.test(name))
      .sort()
      .map((name) => (at < 0 ? name : `${parent}/${name}`))
  })
}

function parseRule(rule: Plain, where: string, file: string): RuleSource {
  const name = rule.record ?? rule.alert ?? ''
  const fail = (message: string) => new Error(`${where}, ${JSON.stringify(name)}: ${message}`)
  if (rule.record && rule.alert) throw fail("only one of 'record' and 'alert' must be set")
  if (!rule.record && !rule.alert) throw fail("one of 'record' or 'alert' must be set")
  if (rule.expr === undefined || rule.expr === '') throw fail("field 'expr' must be set in rule")
  let expression: Expression
  try {
    expression = parseExpression(String(rule.expr))
  } catch (error) {
    throw fail(`could not parse expression: ${(error as Error).message}`)
  }
  if (rule.record && rule.annotations) throw fail("invalid field 'annotations' in recording rule")
  if (rule.record && rule.for) throw fail("invalid field 'for' in recording rule")
  if (rule.record && !/^[a-zA-Z_:][\w:]*$/.test(rule.record)) throw fail(`invalid recording rule name: ${rule.record}`)
  const texts = (given: unknown) =>
    Object.fromEntries(Object.entries((given ?? {}) as Plain).map(([key, value]) => [key, String(value)]))
  return {
    record: rule.record,
    alert: rule.alert,
    expression,
    query: printExpression(expression),
    for: rule.for === undefined ? 0 : duration(rule.for, file),
    labels: texts(rule.labels),
    annotations: texts(rule.annotations),
  }
}

function duration(value: unknown, file: string): number {
  const ms = parseDuration(String(value))
  if (ms === undefined) throw new Error(`${file}: not a valid duration string: ${JSON.stringify(String(value))}`)
  return ms
}
