import type { Line } from '../../../course/text/span.ts'
import { listAll } from '../../../sim/kubernetes/addons/dashboard/listings.ts'
import {
  STATES,
  type State,
  tally,
  WORKLOADS,
  warningsOf,
} from '../../../sim/kubernetes/addons/dashboard/workload-status.ts'
import { theme } from '../../theme.ts'
import type { LiveFigure } from './figure.ts'

const KINDS = 5
const WARNINGS = 2
const BAR = 12
const COLOURS: Readonly<Record<State, string>> = {
  running: theme.good,
  succeeded: theme.dim,
  pending: theme.wait,
  failed: theme.bad,
}

/** What the Kubernetes dashboard shows first of a namespace: its workloads by state, and what warns. */
export const dashboard: LiveFigure = {
  height: KINDS + WARNINGS + 1,
  lines(client, namespace, words) {
    const listings = listAll(namespace, (resource) => client.list(resource))
    const head: Line = [
      { text: 'Dashboard', sgr: theme.strong },
      { text: `  ${namespace}`, sgr: theme.dim },
    ]
    const rows = WORKLOADS.flatMap(([kind, name]): Line[] => {
      const counts = tally(kind, listings)
      const there = STATES.filter((state) => counts[state] > 0)
      const total = there.reduce((sum, state) => sum + counts[state], 0)
      if (total === 0) return []
      const bar = there.map((state) => ({
        text: '█'.repeat(Math.max(1, Math.round((counts[state] / total) * BAR))),
        sgr: COLOURS[state],
      }))
      const numbers = there.map((state) => ({ text: ` ${counts[state]} ${state}`, sgr: COLOURS[state] }))
      return [[{ text: `  ${name.padEnd(14).slice(0, 14)} ` }, ...bar, { text: ' ' }, ...numbers]]
    })
    if (rows.length === 0) return [head, [{ text: `  ${words.notYet}`, sgr: theme.dim }]]
    const warnings = listings.pods.items.flatMap((pod) =>
      warningsOf(pod, listings.events.items).map(
        (text): Line => [{ text: `  ! ${pod.metadata.name}: `, sgr: theme.bad }, { text: text.split('\n')[0]! }],
      ),
    )
    return [head, ...rows.slice(0, KINDS), ...warnings.slice(0, WARNINGS)]
  },
}
