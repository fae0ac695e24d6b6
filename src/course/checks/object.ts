import type { KubeObject } from '../../sim/kubernetes/api/object.ts'
import { same, text } from '../language.ts'
import { type Difference, differences } from '../match.ts'
import { podTrouble } from '../pod-trouble.ts'
import { type ClusterView, select } from '../view.ts'
import type { CheckKind, Failure } from './check.ts'
import { place } from './place.ts'

type Pattern = { apiVersion: string; kind: string; metadata?: { name?: string; namespace?: string } }

/** An object of which the pattern is a part exists. */
export const object: CheckKind<Pattern> = {
  name: 'object',
  ofState: true,
  describe: (pattern) => place(pattern.kind, pattern.metadata?.name, pattern.metadata?.namespace),
  async check(pattern, { view }) {
    const { apiVersion, kind, metadata = {} } = pattern
    const namespace = metadata.namespace ?? 'default'
    const candidates = await select(view, { apiVersion, kind, name: metadata.name, namespace })
    if (candidates.length === 0) return await missing(pattern, view, namespace)
    let best: { object: KubeObject; found: Difference[] } | undefined
    for (const candidate of candidates) {
      const found = differences({ ...pattern, apiVersion: undefined, kind }, candidate).filter(
        (d) => d.path !== 'apiVersion',
      )
      if (found.length === 0) return undefined
      if (!best || farther(best.found, found) > 0) best = { object: candidate, found }
    }
    return failure(best!.object, best!.found)
  },
}

/** Below 0 when the first is nearer to what is wanted. What was written counts before what came of it. */
function farther(a: readonly Difference[], b: readonly Difference[]): number {
  const written = (found: readonly Difference[]) => found.filter(({ path }) => !path.startsWith('status')).length
  return written(a) - written(b) || a.length - b.length
}

function failure(seen: KubeObject, found: readonly Difference[]): Failure {
  const first = found.slice(0, 3)
  const trouble = podTrouble(seen)
  const lines = (side: (difference: Difference) => string) => same(first.map(side).join('\n'))
  const nothing = { en: 'not set', zh: '没有设置' }
  const seenLine = (language: 'en' | 'zh') =>
    first.map((d) => `${d.path}  ${d.seen ?? nothing[language]}`).join('\n') + (trouble ? ` (${trouble.reason})` : '')
  return {
    expected: lines((d) => `${d.path}  ${d.expected}`),
    seen: { en: seenLine('en'), zh: seenLine('zh') },
    where: place(seen.kind, seen.metadata.name, seen.metadata.namespace),
    look: trouble?.look ?? lookAt(seen),
  }
}

function lookAt(seen: KubeObject) {
  const namespace =
    seen.metadata.namespace && seen.metadata.namespace !== 'default' ? ` -n ${seen.metadata.namespace}` : ''
  return same(`kubectl get ${seen.kind.toLowerCase()} ${seen.metadata.name}${namespace} -o yaml`)
}

async function missing(pattern: Pattern, view: ClusterView, namespace: string): Promise<Failure> {
  const { kind, metadata = {} } = pattern
  const elsewhere = await select(view, { kind, apiVersion: pattern.apiVersion, name: metadata.name, namespace: '*' })
  const others = await select(view, { kind, apiVersion: pattern.apiVersion, namespace })
  const names = others
    .slice(0, 5)
    .map((other) => other.metadata.name)
    .join(', ')
  const plural = kind.toLowerCase()
  const seen =
    metadata.name && elsewhere.length > 0
      ? text`${metadata.name} ${{ en: 'is in namespace', zh: '在命名空间' }} ${elsewhere[0]!.metadata.namespace ?? ''}`
      : others.length > 0
        ? text`${{ en: 'only', zh: '只有' }} ${names}`
        : { en: `no ${kind} there`, zh: `那里没有 ${kind}` }
  return {
    expected: place(kind, metadata.name, namespace),
    seen,
    where: { en: `namespace ${namespace}`, zh: `命名空间 ${namespace}` },
    look: same(`kubectl get ${plural} -A`),
  }
}
