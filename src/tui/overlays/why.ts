import { type Line, wrapSpans } from '../../course/text/span.ts'
import { cutToWidth } from '../../course/text/width.ts'
import type { KubeObject } from '../../sim/kubernetes/api/object.ts'
import type { HistoryEntry, World } from '../../sim/world/api.ts'
import { theme } from '../theme.ts'
import type { Overlay } from './overlay.ts'
import { placementLines, placements } from './placement.ts'

/** What the cluster did since the last command: who changed what, and when. */
export const why: Overlay = {
  title: (words) => words.why,
  fromEnd: true,
  lines({ desk, words }, width) {
    const world = desk.session?.world
    const told = world ? story(world) : []
    const tried = world ? placements(world, lastCommand(world)) : []
    if (told.length + tried.length === 0) return [[{ text: words.nothingYet, sgr: theme.dim }]]
    return [
      ...told.flatMap((deed) => deedLines(deed, width)),
      ...tried.flatMap((verdict) => placementLines(verdict, words, width)),
    ]
  },
}

const indent = 26

function deedLines({ after, who, what, times }: Deed, width: number): Line[] {
  const text = times > 1 ? `${what} (×${times})` : what
  return wrapSpans([{ text }], Math.max(16, width - indent)).map((line, i): Line => {
    if (i > 0) return [{ text: ' '.repeat(indent) }, ...line]
    const author = cutToWidth(who, 14)
    return [
      { text: `${milliseconds(after).padStart(8)}  `, sgr: theme.dim },
      { text: author.padEnd(16), sgr: theme.accent },
      ...line,
    ]
  })
}

interface Deed {
  after: number
  who: string
  what: string
  /** How often the same was told in a row. */
  times: number
}

/** When the last command was given, in virtual milliseconds. */
function lastCommand(world: World): number {
  return world.journal.entries.findLast(({ input }) => input.type === 'type' && /[\r\n]/.test(input.text))?.t ?? 0
}

function story(world: World): Deed[] {
  const since = lastCommand(world)
  const before = new Map<string, KubeObject>()
  const deeds: Deed[] = []
  for (const entry of world.history) {
    const key = `${entry.resource}/${entry.object.metadata.namespace}/${entry.object.metadata.name}`
    const what = entry.t >= since ? tell(entry, before.get(key)) : undefined
    if (what) note(deeds, { after: entry.t - since, who: author(entry), what, times: 1 })
    before.set(key, entry.object)
  }
  return deeds.slice(-200)
}

function note(deeds: Deed[], deed: Deed): void {
  const same = deeds.slice(-8).find(({ who, what }) => who === deed.who && what === deed.what)
  if (same) same.times++
  else deeds.push(deed)
}

/** Told by others, or too often. */
const quiet = new Set([
  'leases.coordination.k8s.io',
  'endpoints',
  'endpointslices.discovery.k8s.io',
  'nodes',
  'controllerrevisions.apps',
])

function tell({ type, resource, object }: HistoryEntry, previous: KubeObject | undefined): string | undefined {
  if (quiet.has(resource)) return undefined
  const name = `${object.kind} ${object.metadata.name}`
  if (object.kind === 'Event') return type === 'DELETED' ? undefined : `${object.reason}: ${object.message}`
  if (type === 'ADDED') return `created ${name}`
  if (type === 'DELETED') return `removed ${name}`
  const changes = [
    change('node', previous?.spec?.nodeName, object.spec?.nodeName),
    change('replicas', previous?.spec?.replicas, object.spec?.replicas),
    change('phase', previous?.status?.phase, object.status?.phase),
    change('ready', previous?.status?.readyReplicas, object.status?.readyReplicas),
    change('Ready', readiness(previous), readiness(object)),
    !previous?.metadata.deletionTimestamp && object.metadata.deletionTimestamp ? 'terminating' : undefined,
  ].filter(Boolean)
  return changes.length > 0 ? `${name}: ${changes.join(', ')}` : undefined
}

function change(name: string, from: unknown, to: unknown): string | undefined {
  return from === to || to === undefined ? undefined : `${name} ${from ?? '–'} → ${to}`
}

function readiness(object: KubeObject | undefined): string | undefined {
  return object?.status?.conditions?.find((condition: any) => condition.type === 'Ready')?.status
}

function author({ object }: HistoryEntry): string {
  if (object.kind === 'Event') return object.source?.component || object.reportingComponent || ''
  const fields = (object.metadata.managedFields ?? []) as { manager?: string; time?: string }[]
  const latest = fields.reduce<(typeof fields)[number] | undefined>(
    (last, field) => (last?.time && field.time && field.time < last.time ? last : field),
    undefined,
  )
  return latest?.manager ?? ''
}

/** `2 140` */
function milliseconds(ms: number): string {
  return `${Math.round(ms)}`.replace(/\B(?=(\d{3})+$)/g, ' ')
}
