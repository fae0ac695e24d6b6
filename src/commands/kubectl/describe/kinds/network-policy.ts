import { formatSelector } from '../../../../sim/kubernetes/api/label-selector.ts'
import type { Describer } from '../describer.ts'
import { writeAnnotations, writeLabels } from '../maps.ts'
import { goTime } from '../time.ts'
import type { DescribeWriter } from '../writer.ts'

export const describeNetworkPolicy: Describer = (w, { object: policy }) => {
  const { metadata, spec = {} } = policy
  w.line(0, `Name:\t${metadata.name}`)
  w.line(0, `Namespace:\t${metadata.namespace}`)
  w.line(0, `Created on:\t${goTime(metadata.creationTimestamp)}`)
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  w.line(0, 'Spec:')
  const selector = formatSelector(spec.podSelector)
  w.line(
    1,
    `PodSelector: ${selector ? `    ${selector}` : '    <none> (Allowing the specific traffic to all pods in this namespace)'}`,
  )
  const types: string[] = spec.policyTypes ?? []
  if (types.includes('Ingress')) {
    w.line(1, 'Allowing ingress traffic:')
    writeRules(w, spec.ingress ?? [], 'from', 'From', 'Selected pods are isolated for ingress connectivity')
  } else w.line(1, 'Not affecting ingress traffic')
  if (types.includes('Egress')) {
    w.line(1, 'Allowing egress traffic:')
    writeRules(w, spec.egress ?? [], 'to', 'To', 'Selected pods are isolated for egress connectivity')
  } else w.line(1, 'Not affecting egress traffic')
  w.line(1, `Policy Types: ${types.join(', ')}`)
}

function writeRules(w: DescribeWriter, rules: readonly any[], field: string, word: string, none: string) {
  if (rules.length === 0) return w.line(2, `<none> (${none})`)
  rules.forEach((rule, i) => {
    const ports: any[] = rule.ports ?? []
    if (ports.length === 0) w.line(2, 'To Port: <any> (traffic allowed to all ports)')
    for (const p of ports) {
      const protocol = p.protocol ?? 'TCP'
      w.line(
        2,
        p.endPort ? `To Port Range: ${p.port}-${p.endPort}/${protocol}` : `To Port: ${p.port ?? '<any>'}/${protocol}`,
      )
    }
    const peers: any[] = rule[field] ?? []
    if (peers.length === 0)
      w.line(2, `${word}: <any> (traffic not restricted by ${field === 'from' ? 'source' : 'destination'})`)
    for (const peer of peers) writePeer(w, peer, word)
    if (i !== rules.length - 1) w.line(2, '----------')
  })
}

function writePeer(w: DescribeWriter, peer: any, word: string): void {
  const shown = (selector: any) => formatSelector(selector) || '<none>'
  w.line(2, `${word}:`)
  if (peer.ipBlock) {
    w.line(3, 'IPBlock:')
    w.line(4, `CIDR: ${peer.ipBlock.cidr}`)
    w.line(4, `Except: ${(peer.ipBlock.except ?? []).join(', ')}`)
    return
  }
  if (peer.namespaceSelector) w.line(3, `NamespaceSelector: ${shown(peer.namespaceSelector)}`)
  if (peer.podSelector) w.line(3, `PodSelector: ${shown(peer.podSelector)}`)
}
