import { type Line, wrapSpans } from '../../course/text/span.ts'
import type { NodeVerdict, PodVerdict } from '../../sim/kubernetes/scheduler/verdicts.ts'
import type { World } from '../../sim/world/api.ts'
import { theme } from '../theme.ts'
import type { UiWords } from '../words.ts'

/** The Pods the scheduler tried to place since some virtual time: those that found no node last, as they matter most. */
export function placements(world: World, since: number): PodVerdict[] {
  const began = world.wallClock() - world.now
  return world
    .scheduling()
    .filter(({ at }) => at - began >= since)
    .sort((a, b) => Number(a.node === undefined) - Number(b.node === undefined) || a.at - b.at)
    .slice(-12)
}

/** What each plugin said of each node for one Pod. */
export function placementLines(verdict: PodVerdict, words: UiWords, width: number): Line[] {
  const title: Line = [
    { text: `${verdict.namespace}/${verdict.name}`, sgr: theme.accent },
    { text: `: ${words.placing}`, sgr: theme.dim },
  ]
  const refusal = verdict.rejectedBy
  const general = refusal ? indented(`${refusal.plugin}: ${refusal.reasons.join(', ')}`, 2, width) : []
  return [[], title, ...general, ...verdict.nodes.flatMap((node) => nodeLines(node, verdict, words, width))]
}

function nodeLines(node: NodeVerdict, { node: chosen }: PodVerdict, words: UiWords, width: number): Line[] {
  const rejected = node.filters.find(({ verdict }) => verdict === 'rejected')
  if (rejected) return indented(`✗ ${node.node}  ${rejected.plugin}: ${rejected.reasons?.join(', ')}`, 2, width)
  const scores = node.scores?.filter(({ points }) => points > 0).map(({ plugin, points }) => `${plugin} ${points}`)
  const sum = node.total === undefined ? '' : `  ${node.total} ${words.points} (${scores?.join(', ')})`
  const state = node.node === chosen ? words.chosen : words.placeable
  return indented(`✓ ${node.node}  ${state}${sum}`, 2, width)
}

const indented = (text: string, by: number, width: number): Line[] =>
  wrapSpans([{ text }], Math.max(16, width - by - 2)).map((line, i) => [
    { text: ' '.repeat(i > 0 ? by + 2 : by) },
    ...line,
  ])
