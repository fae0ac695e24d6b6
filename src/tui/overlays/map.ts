import type { Line, Span } from '../../course/text/span.ts'
import type { KubeObject } from '../../sim/kubernetes/api/object.ts'
import { type PodState, podMarks, podRow, podState } from '../page/live/pod-marks.ts'
import { theme } from '../theme.ts'
import type { Overlay } from './overlay.ts'

/** Nodes with their Pods, and Services with their endpoints, live. */
export const map: Overlay = {
  title: (words) => words.map,
  lines({ desk, words }) {
    const client = desk.session?.world.client
    if (!client) return [[{ text: words.noCluster, sgr: theme.dim }]]
    const pods = client.list('pods')
    const lines: Line[] = []
    for (const node of client.list('nodes')) {
      lines.push(nodeLine(node), ...groups(pods.filter((pod) => pod.spec?.nodeName === node.metadata.name)), [])
    }
    const homeless = pods.filter((pod) => !pod.spec?.nodeName)
    if (homeless.length > 0) lines.push([{ text: '—', sgr: theme.dim }], ...groups(homeless), [])
    for (const service of client.list('services')) {
      if (service.metadata.name !== 'kubernetes' && service.spec?.selector)
        lines.push(serviceLine(service, pods, words))
    }
    const { mapLegend } = words
    lines.push(
      [],
      Object.entries(mapLegend).flatMap(([state, name]): Span[] => [
        podMarks[state as PodState],
        { text: ` ${name}  `, sgr: theme.dim },
      ]),
    )
    return lines
  },
}

function nodeLine(node: KubeObject): Line {
  const ready = node.status?.conditions?.some(
    (condition: any) => condition.type === 'Ready' && condition.status === 'True',
  )
  const taints = (node.spec?.taints ?? []).map((taint: any) => taint.effect as string)
  const spans: Span[] = [
    { text: node.metadata.name, sgr: theme.strong },
    { text: ready ? '  Ready' : '  NotReady', sgr: ready ? theme.good : theme.bad },
  ]
  if (taints.length > 0) spans.push({ text: `  ⊘ ${[...new Set(taints)].join(' ')}`, sgr: theme.dim })
  return spans
}

/** Pods in rows by what made them. */
function groups(pods: readonly KubeObject[]): Line[] {
  const rows = new Map<string, KubeObject[]>()
  for (const pod of pods) {
    const owner = pod.metadata.ownerReferences?.[0]?.name
    const name = pod.metadata.namespace === 'default' ? (owner ?? pod.metadata.name) : pod.metadata.namespace!
    rows.set(name, [...(rows.get(name) ?? []), pod])
  }
  return [...rows].map(([name, members]): Line => {
    return [{ text: `  ${name.padEnd(26)} ` }, ...podRow(members)]
  })
}

function serviceLine(
  service: KubeObject,
  pods: readonly KubeObject[],
  words: { ready: string; notReady: string },
): Line {
  const wanted = Object.entries(service.spec.selector as Record<string, string>)
  const behind = pods.filter(
    (pod) =>
      pod.metadata.namespace === service.metadata.namespace &&
      wanted.every(([key, value]) => pod.metadata.labels?.[key] === value),
  )
  const ready = behind.filter((pod) => podState(pod) === 'ready').length
  const port = service.spec.ports?.[0]?.port ?? ''
  const spans: Span[] = [
    { text: `Service ${service.metadata.name}`, sgr: theme.strong },
    { text: ` ${service.spec.clusterIP}:${port} ──► ${ready} ${words.ready} ` },
    { text: '■'.repeat(ready), sgr: theme.good },
  ]
  if (behind.length > ready)
    spans.push(
      { text: `  ${behind.length - ready} ${words.notReady} ` },
      { text: '▢'.repeat(behind.length - ready), sgr: theme.wait },
    )
  return spans
}
