import { isDns1123Label } from '../../api/names.ts'
import { compareQuantities, parseQuantity, quantityValue } from '../../api/quantity.ts'

const LABELS: Record<string, string> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
}

/** Deprecated node labels in a selector. */
export function nodeLabelWarnings(keys: readonly string[], field: string): string[] {
  return keys.filter((key) => LABELS[key]).map((key) => `${field}[${key}]: ${LABELS[key]}`)
}

export function podWarnings(pod: any): string[] {
  return [...nameWarnings(pod.metadata.name, 'metadata.name'), ...podSpecWarnings(pod.spec ?? {}, 'spec', pod.metadata)]
}

/** A name that becomes a host name should be a DNS label. */
export function nameWarnings(name: string, field: string): string[] {
  const problems = isDns1123Label(name ?? '')
  return problems.length > 0 && name
    ? [
        `${field}: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [${problems.join(' ')}]`,
      ]
    : []
}

export const templateWarnings = (template: any, field: string): string[] =>
  podSpecWarnings(template?.spec ?? {}, `${field}.spec`, template?.metadata, `${field}.metadata`)

function podSpecWarnings(spec: any, field: string, metadata: any, metadataField = 'metadata'): string[] {
  const out: string[] = []
  out.push(...nodeLabelWarnings(Object.keys(spec.nodeSelector ?? {}).sort(), `${field}.nodeSelector`))
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []
  for (const [i, term] of required.entries())
    for (const [j, e] of (term.matchExpressions ?? []).entries())
      if (LABELS[e.key])
        out.push(
          `${field}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${i}].matchExpressions[${j}].key: ${JSON.stringify(e.key)} is ${LABELS[e.key]}`,
        )
  const annotations: Record<string, string> = metadata?.annotations ?? {}
  if (annotations['seccomp.security.alpha.kubernetes.io/pod'] !== undefined)
    out.push(
      `${metadataField}.annotations[seccomp.security.alpha.kubernetes.io/pod]: non-functional in v1.27+; use the "seccompProfile" field instead`,
    )
  const aliases = new Map<string, number>()
  for (const [i, alias] of (spec.hostAliases ?? []).entries()) {
    const seen = aliases.get(alias.ip)
    if (seen !== undefined) out.push(`${field}.hostAliases[${i}].ip: duplicate ip ${alias.ip}`)
    aliases.set(alias.ip, i)
  }
  for (const [i, volume] of (spec.volumes ?? []).entries()) {
    if (volume.gitRepo)
      out.push(`${field}.volumes[${i}].gitRepo: deprecated in v1.11, and disabled by default in v1.33+`)
    if (volume.rbd) out.push(`${field}.volumes[${i}].rbd: deprecated in v1.28, non-functional in v1.31+`)
    if (volume.cephfs) out.push(`${field}.volumes[${i}].cephfs: deprecated in v1.28, non-functional in v1.31+`)
    if (volume.glusterfs) out.push(`${field}.volumes[${i}].glusterfs: deprecated in v1.25, non-functional in v1.26+`)
  }
  for (const [i, c] of (spec.initContainers ?? []).entries())
    out.push(...containerWarnings(c, `${field}.initContainers[${i}]`))
  for (const [i, c] of (spec.containers ?? []).entries()) out.push(...containerWarnings(c, `${field}.containers[${i}]`))
  out.push(...portWarnings(spec, field))
  return out
}

function containerWarnings(container: any, field: string): string[] {
  const out: string[] = []
  for (const kind of ['requests', 'limits'])
    for (const name of ['memory', 'ephemeral-storage']) {
      const value = container.resources?.[kind]?.[name]
      if (value !== undefined && parseQuantity(value) && compareQuantities(value, String(quantityValue(value))) !== 0)
        out.push(
          `${field}.resources.${kind}[${name}]: fractional byte value ${JSON.stringify(value)} is invalid, must be an integer`,
        )
    }
  const names = new Set<string>()
  for (const [i, variable] of (container.env ?? []).entries()) {
    if (names.has(variable.name) && !String(variable.value ?? '').includes(`$(${variable.name})`))
      out.push(
        `${field}.env[${i}]: hides previous definition of ${JSON.stringify(variable.name)}, which may be dropped when using apply`,
      )
    names.add(variable.name)
  }
  return out
}

function portWarnings(spec: any, field: string): string[] {
  const out: string[] = []
  const seen: { key: string; path: string; hostPort: number; hostIP: string }[] = []
  for (const [i, container] of (spec.containers ?? []).entries())
    for (const [j, port] of (container.ports ?? []).entries()) {
      const path = `${field}.containers[${i}].ports[${j}]`
      const key = `${port.containerPort}/${port.protocol}`
      const entry = { key, path, hostPort: port.hostPort ?? 0, hostIP: port.hostIP ?? '' }
      const other = seen.find((s) => s.key === key && s.hostPort === entry.hostPort && s.hostIP === entry.hostIP)
      if (other) out.push(`${path}: duplicate port definition with ${other.path}`)
      seen.push(entry)
    }
  return out
}
