import { Labels } from './labels.ts'
import { anchored } from './matcher.ts'
import { expand } from './promql/special-functions.ts'

export type RelabelAction =
  | 'replace'
  | 'keep'
  | 'drop'
  | 'hashmod'
  | 'labelmap'
  | 'labeldrop'
  | 'labelkeep'
  | 'lowercase'
  | 'uppercase'
  | 'keepequal'
  | 'dropequal'

export interface RelabelRule {
  sources: readonly string[]
  separator: string
  target: string
  regex: RegExp
  modulus: number
  replacement: string
  action: RelabelAction
}

const ACTIONS: readonly string[] = [
  'replace',
  'keep',
  'drop',
  'hashmod',
  'labelmap',
  'labeldrop',
  'labelkeep',
  'lowercase',
  'uppercase',
  'keepequal',
  'dropequal',
]

/** A relabel_config. Throws an Error with Prometheus' words. */
export function makeRelabelRule(given: Record<string, unknown>): RelabelRule {
  const action = String(given.action ?? 'replace').toLowerCase()
  if (!ACTIONS.includes(action)) throw new Error(`unknown relabel action ${JSON.stringify(String(given.action))}`)
  const target = String(given.target_label ?? '')
  if (['replace', 'hashmod', 'lowercase', 'uppercase', 'keepequal', 'dropequal'].includes(action) && target === '')
    throw new Error(`relabel configuration for ${action} action requires 'target_label' value`)
  const modulus = Number(given.modulus ?? 0)
  if (action === 'hashmod' && modulus === 0)
    throw new Error('relabel configuration for hashmod requires non-zero modulus')
  return {
    sources: ((given.source_labels as string[] | undefined) ?? []).map(String),
    separator: String(given.separator ?? ';'),
    target,
    regex: anchored(String(given.regex ?? '(.*)')),
    modulus,
    replacement: given.replacement === undefined ? '$1' : String(given.replacement ?? ''),
    action: action as RelabelAction,
  }
}

/** Undefined when the labels are dropped. */
export function relabel(labels: Labels, rules: readonly RelabelRule[]): Labels | undefined {
  if (rules.length === 0) return labels
  let pairs = new Map<string, string>(labels)
  for (const rule of rules) {
    const joined = rule.sources.map((name) => pairs.get(name) ?? '').join(rule.separator)
    switch (rule.action) {
      case 'keep':
        if (!rule.regex.test(joined)) return undefined
        break
      case 'drop':
        if (rule.regex.test(joined)) return undefined
        break
      case 'keepequal':
        if ((pairs.get(rule.target) ?? '') !== joined) return undefined
        break
      case 'dropequal':
        if ((pairs.get(rule.target) ?? '') === joined) return undefined
        break
      case 'replace': {
        const found = rule.regex.exec(joined)
        if (!found) break
        const target = expand(rule.target, found)
        if (!/^[a-zA-Z_]\w*$/.test(target)) break
        const value = expand(rule.replacement, found)
        if (value === '') pairs.delete(target)
        else pairs.set(target, value)
        break
      }
      case 'lowercase':
        pairs.set(rule.target, joined.toLowerCase())
        break
      case 'uppercase':
        pairs.set(rule.target, joined.toUpperCase())
        break
      case 'hashmod':
        pairs.set(rule.target, String(md5Modulus(joined, rule.modulus)))
        break
      case 'labelmap':
        for (const [name, value] of [...pairs]) {
          const found = rule.regex.exec(name)
          if (found) pairs.set(expand(rule.replacement, found), value)
        }
        break
      default:
        pairs = new Map([...pairs].filter(([name]) => rule.regex.test(name) === (rule.action === 'labelkeep')))
    }
  }
  return Labels.from(pairs)
}

/** A stable share, though not MD5's: which shard a target falls to says nothing more. */
function md5Modulus(text: string, modulus: number): number {
  return hashText(text) % modulus
}

/** FNV-1a, 32 bits. */
export function hashText(text: string): number {
  let hash = 2_166_136_261
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619) >>> 0
  return hash
}
