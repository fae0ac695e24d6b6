import { typeInfo } from '../../src/sim/kubernetes/api/schema.ts'
import { volumePlugins } from '../../src/sim/kubernetes/kubelet/volumes/index.ts'
import { closure, innermost, servedKinds } from './api-types.ts'
import type { Declaration } from './declarations.ts'
import type { SourceFile } from './syntax.ts'
import { signatures, usesOf, Vocabulary } from './uses.ts'

export type Verdict = 'simulated' | 'stored' | 'refused'

/** What every object has; everything reads it. */
export const METADATA = 'meta.v1.ObjectMeta'
/** Types that several kinds have are told of once: under the first of these that has them. */
const HOMES = [
  'core.v1.Pod',
  'core.v1.PersistentVolumeClaim',
  'core.v1.PersistentVolume',
  'batch.v1.Job',
  'apps.v1.Deployment',
]

export interface Verdicts {
  of(type: string, field: string): Verdict
  /** The kind under which a type is told of. */
  home(type: string): string
  /** Corrections by hand that say what the scan says anyway, or whose proof is gone. */
  idle: string[]
}

export function verdicts(files: readonly SourceFile[], declared: readonly Declaration[]): Verdicts {
  const kinds = servedKinds().map(({ type }) => type)
  const byKind = new Map(declared.map((each) => [each.kind, each]))
  const home = new Map<string, string>()
  for (const kind of [METADATA, ...HOMES, ...kinds])
    for (const type of closure(kind)) if (!home.has(type)) home.set(type, type.startsWith('meta.v1.') ? METADATA : kind)
  const status = new Set(
    kinds.flatMap((kind) => {
      const code = typeInfo(kind)!.fields.get('status')?.type
      return code ? [...closure(innermost(code))] : []
    }),
  )

  const said = signatures(files, new Set(home.keys()))
  const acts = (kind: string, path: string) =>
    kind === METADATA
      ? !path.includes('/resources/')
      : (byKind.get(kind)?.actors ?? []).some((actor) => within(path, `src/sim/kubernetes/${actor}`))
  const found = new Set<string>()
  const vocabularies = new Map<string, Vocabulary>()
  for (const file of files) {
    const here = new Set([METADATA, ...kinds].filter((kind) => acts(kind, file.path)))
    const key = [...here].join()
    let vocabulary = vocabularies.get(key)
    if (!vocabulary) {
      const types = new Set([...home].filter(([, kind]) => here.has(kind)).map(([type]) => type))
      vocabulary = new Vocabulary(types, said)
      vocabularies.set(key, vocabulary)
    }
    const { reads, writes } = usesOf(file, vocabulary, said)
    for (const use of reads) found.add(use)
    for (const use of writes) {
      const type = use.slice(0, use.lastIndexOf('.'))
      if (status.has(type) || byKind.get(home.get(type)!)?.made || type.startsWith('meta.v1.')) found.add(use)
    }
  }

  const alike = new Map(declared.flatMap((each) => Object.entries(each.alike ?? {})))
  const mounted = new Set(volumePlugins.map(({ source }) => source))
  const scanned = (type: string, field: string): Verdict => {
    if (type === 'core.v1.Volume' && field !== 'name') return mounted.has(field) ? 'simulated' : 'refused'
    if (kinds.includes(type) && ['apiVersion', 'kind', 'metadata'].includes(field)) return 'simulated'
    if (found.has(`${type}.${field}`)) return 'simulated'
    // The parts of a kind are as simulated as what is in them.
    const code = typeInfo(type)!.fields.get(field)?.type
    if (kinds.includes(type) && code && typeInfo(code) && home.get(code) === type)
      return [...typeInfo(code)!.fields.keys()].some((name) => found.has(`${code}.${name}`)) ? 'simulated' : 'stored'
    const other = alike.get(type)
    return other && typeInfo(other)?.fields.has(field) ? scanned(other, field) : 'stored'
  }
  const byHand = new Map<string, Verdict>()
  const idle: string[] = []
  for (const { kind, actors, simulated = {}, stored = {}, refused = {} } of declared) {
    for (const [verdict, fields] of Object.entries({ simulated, stored, refused }))
      for (const [name, why] of Object.entries(fields)) {
        const type = name.slice(0, name.lastIndexOf('.'))
        const field = name.slice(name.lastIndexOf('.') + 1)
        if (!typeInfo(type)?.fields.has(field)) idle.push(`${kind}: there is no ${name}`)
        else if (scanned(type, field) === verdict) idle.push(`${kind}: ${name} is found to be ${verdict} anyway`)
        const proof = files.some(
          ({ path, text }) => actors.some((actor) => within(path, `src/sim/kubernetes/${actor}`)) && text.includes(why),
        )
        if (verdict !== 'stored' && !proof) idle.push(`${kind}: ${name} is shown by nothing: ${why}`)
        byHand.set(name, verdict as Verdict)
      }
  }
  return {
    home: (type) => home.get(type) ?? type,
    of: (type, field) => byHand.get(`${type}.${field}`) ?? scanned(type, field),
    idle,
  }
}

const within = (path: string, actor: string) => path === actor || path.startsWith(`${actor}/`)
