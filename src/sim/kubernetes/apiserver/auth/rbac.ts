import type { KubeObject } from '../../api/object.ts'
import type { Operations } from '../operations/operations.ts'
import type { UserInfo } from '../request-context.ts'

export interface ResourceAction {
  verb: string
  group: string
  /** With the subresource: `pods/log`. */
  resource: string
  namespace?: string
  name?: string
}

export interface PathAction {
  verb: string
  path: string
}

export interface Decision {
  allowed: boolean
  reason: string
}

/** Groups that may do everything, whatever the roles say. */
const SUPERUSERS = new Set(['system:masters', 'kubeadm:cluster-admins'])

const list = (operations: Operations, resource: string, namespace?: string): KubeObject[] =>
  operations.table(operations.registry.named(`${resource}.rbac.authorization.k8s.io`)!).list(namespace)

function isSubject(subject: any, user: UserInfo, namespace: string | undefined): boolean {
  switch (subject.kind) {
    case 'User':
      return subject.name === user.name
    case 'Group':
      return user.groups.includes(subject.name)
    case 'ServiceAccount':
      return user.name === `system:serviceaccount:${subject.namespace || namespace}:${subject.name}`
  }
  return false
}

interface BoundRules {
  rules: any[]
  reason: string
}

const describe = (subject: any) =>
  subject.kind === 'ServiceAccount'
    ? `ServiceAccount ${JSON.stringify(`${subject.name}/${subject.namespace}`)}`
    : `${subject.kind} ${JSON.stringify(subject.name)}`

/** The rules that hold for a user, cluster-wide and (when one is given) in a namespace. */
export function* rulesOf(operations: Operations, user: UserInfo, namespace: string | undefined): Generator<BoundRules> {
  const roleRules = (ref: any, space: string | undefined): any[] => {
    const resource = ref.kind === 'Role' ? 'roles' : 'clusterroles'
    const info = operations.registry.named(`${resource}.rbac.authorization.k8s.io`)!
    return operations.table(info).get(ref.kind === 'Role' ? (space ?? '') : '', ref.name)?.rules ?? []
  }
  for (const binding of list(operations, 'clusterrolebindings')) {
    const subject = binding.subjects?.find((s: any) => isSubject(s, user, undefined))
    if (subject)
      yield {
        rules: roleRules(binding.roleRef, undefined),
        reason: `RBAC: allowed by ClusterRoleBinding ${JSON.stringify(binding.metadata.name)} of ClusterRole ${JSON.stringify(binding.roleRef.name)} to ${describe(subject)}`,
      }
  }
  if (!namespace) return
  for (const binding of list(operations, 'rolebindings', namespace)) {
    const subject = binding.subjects?.find((s: any) => isSubject(s, user, namespace))
    if (subject)
      yield {
        rules: roleRules(binding.roleRef, namespace),
        reason: `RBAC: allowed by RoleBinding ${JSON.stringify(`${binding.metadata.name}/${namespace}`)} of ${binding.roleRef.kind} ${JSON.stringify(binding.roleRef.name)} to ${describe(subject)}`,
      }
  }
}

const holds = (values: readonly string[] | undefined, wanted: string) =>
  values?.includes('*') || values?.includes(wanted) || false

export function ruleAllows(rule: any, { verb, group, resource, name }: ResourceAction): boolean {
  if (!holds(rule.verbs, verb) || !holds(rule.apiGroups, group)) return false
  const slash = resource.indexOf('/')
  const anyParent = slash < 0 ? undefined : `*${resource.slice(slash)}`
  if (!holds(rule.resources, resource) && !(anyParent && rule.resources?.includes(anyParent))) return false
  return !rule.resourceNames?.length || (name !== undefined && rule.resourceNames.includes(name))
}

export function pathAllowed(rule: any, { verb, path }: PathAction): boolean {
  if (!holds(rule.verbs, verb)) return false
  return (rule.nonResourceURLs ?? []).some(
    (pattern: string) =>
      pattern === '*' || pattern === path || (pattern.endsWith('*') && path.startsWith(pattern.slice(0, -1))),
  )
}

/** What RBAC decides. */
export function allows(operations: Operations, user: UserInfo, action: ResourceAction | PathAction): Decision {
  if (user.groups.some((group) => SUPERUSERS.has(group))) return { allowed: true, reason: '' }
  const namespace = 'path' in action ? undefined : action.namespace
  for (const { rules, reason } of rulesOf(operations, user, namespace))
    for (const rule of rules)
      if ('path' in action ? pathAllowed(rule, action) : ruleAllows(rule, action)) return { allowed: true, reason }
  return { allowed: false, reason: '' }
}
