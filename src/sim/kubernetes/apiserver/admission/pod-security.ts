import { forbidden } from '../../api/status-error.ts'
import type { AdmissionAttributes, AdmissionPlugin } from './plugin.ts'
import { type PodSecurityLevel, podSecurityViolations } from './pod-security-standards.ts'

const LABEL = 'pod-security.kubernetes.io/'

/** Where a workload keeps its template. */
const TEMPLATES: Record<string, (object: any) => any> = {
  'deployments.apps': (o) => o.spec?.template,
  'replicasets.apps': (o) => o.spec?.template,
  'daemonsets.apps': (o) => o.spec?.template,
  'statefulsets.apps': (o) => o.spec?.template,
  replicationcontrollers: (o) => o.spec?.template,
  podtemplates: (o) => o.template,
  'jobs.batch': (o) => o.spec?.template,
  'cronjobs.batch': (o) => o.spec?.jobTemplate?.spec?.template,
}

interface Policy {
  level: PodSecurityLevel
  version: string
}

function policyOf(labels: Record<string, string> | undefined, mode: string): Policy {
  const level = labels?.[`${LABEL}${mode}`]
  return {
    level: level === 'baseline' || level === 'restricted' ? level : 'privileged',
    version: labels?.[`${LABEL}${mode}-version`] ?? 'latest',
  }
}

/** Without a label of its own, warned is of what would be refused. */
const warned = (labels: Record<string, string> | undefined) =>
  policyOf(labels, labels?.[`${LABEL}warn`] === undefined ? 'enforce' : 'warn')

const name = ({ level, version }: Policy) => JSON.stringify(`${level}:${version}`)

/** Holds Pods to the security level that their namespace is labelled with; workloads are only warned of. */
export const podSecurity: AdmissionPlugin = {
  name: 'PodSecurity',
  validate(attributes) {
    const { operation, info, subresource, object, namespace, context, old } = attributes
    if (!object || operation === 'DELETE' || operation === 'CONNECT') return
    if (info.name === 'namespaces') {
      checkNamespace(attributes)
      return
    }
    const template = TEMPLATES[info.name]
    if (subresource !== '' || !namespace || (info.name !== 'pods' && !template)) return
    const labels = context.get('namespaces', undefined, namespace)?.metadata.labels
    if (template) {
      const pod = template(object)
      if (pod?.spec) warn(attributes, pod, warned(labels))
      return
    }
    if (operation === 'UPDATE' && old && JSON.stringify(old.spec) === JSON.stringify(object.spec)) return
    const enforced = policyOf(labels, 'enforce')
    const violations = podSecurityViolations(enforced.level, object)
    if (violations.length > 0)
      throw forbidden(
        info,
        attributes.name,
        `violates PodSecurity ${name(enforced)}: ${violations.map((v) => (v.detail ? `${v.check} (${v.detail})` : v.check)).join(', ')}`,
      )
    warn(attributes, object, warned(labels))
  },
}

function warn({ context }: AdmissionAttributes, pod: any, policy: Policy): void {
  const violations = podSecurityViolations(policy.level, pod)
  if (violations.length > 0)
    context.warn(
      `would violate PodSecurity ${name(policy)}: ${violations.map((v) => (v.detail ? `${v.check} (${v.detail})` : v.check)).join(', ')}`,
    )
}

/** A stricter level warns of the Pods that are there already. */
function checkNamespace({ object, old, operation, context }: AdmissionAttributes): void {
  if (operation !== 'UPDATE' || !object || !old) return
  const next = policyOf(object.metadata.labels, 'enforce')
  const before = policyOf(old.metadata.labels, 'enforce')
  if (next.level === before.level && next.version === before.version) return
  const byReasons = new Map<string, string[]>()
  for (const pod of context.list('pods', object.metadata.name)) {
    const violations = podSecurityViolations(next.level, pod)
    if (violations.length === 0) continue
    const reasons = violations.map((v) => v.check).join(', ')
    byReasons.set(reasons, [...(byReasons.get(reasons) ?? []), pod.metadata.name])
  }
  if (byReasons.size === 0) return
  context.warn(
    `existing pods in namespace ${JSON.stringify(object.metadata.name)} violate the new PodSecurity enforce level ${name(next)}`,
  )
  const lines = [...byReasons].map(([reasons, pods]) => {
    const others = pods.length - 1
    return `${pods[0]}${others > 0 ? ` (and ${others} other pod${others > 1 ? 's' : ''})` : ''}: ${reasons}`
  })
  for (const line of lines.sort()) context.warn(line)
}
