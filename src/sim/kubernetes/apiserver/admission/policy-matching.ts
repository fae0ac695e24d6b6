import type { LabelSelector } from '../../api/client.ts'
import { matchesSelector } from '../../api/label-selector.ts'
import { CelError, evaluateCel } from '../../cel/evaluate.ts'
import type { AdmissionAttributes } from './plugin.ts'

const holds = (values: readonly string[] | undefined, wanted: string) =>
  values?.includes('*') || values?.includes(wanted) || false

function matchesRule(rule: any, { info, operation, subresource, name, namespace }: AdmissionAttributes): boolean {
  if (
    !holds(rule.operations, operation) ||
    !holds(rule.apiGroups, info.group) ||
    !holds(rule.apiVersions, info.version)
  )
    return false
  if (rule.scope === 'Cluster' && namespace !== undefined) return false
  if (rule.scope === 'Namespaced' && namespace === undefined) return false
  if (rule.resourceNames?.length > 0 && !rule.resourceNames.includes(name)) return false
  const full = subresource ? `${info.resource}/${subresource}` : info.resource
  return (rule.resources ?? []).some(
    (r: string) =>
      r === full ||
      r === '*/*' ||
      (r === '*' && subresource === '') ||
      (r === `${info.resource}/*` && subresource !== '') ||
      (subresource !== '' && r === `*/${subresource}`),
  )
}

const selects = (selector: LabelSelector | undefined, labels: Record<string, string> | undefined) =>
  selector === undefined || matchesSelector(selector, labels)

/** Whether a policy's constraints (or a binding's) take in the request. Absent constraints take in everything. */
export function matchesConstraints(match: any, attributes: AdmissionAttributes): boolean {
  if (!match) return true
  const { context, namespace, object, old, info } = attributes
  const labels =
    info.name === 'namespaces'
      ? (object ?? old)?.metadata.labels
      : namespace
        ? context.get('namespaces', undefined, namespace)?.metadata.labels
        : undefined
  if ((namespace || info.name === 'namespaces') && !selects(match.namespaceSelector, labels)) return false
  if (
    !selects(match.objectSelector, object?.metadata.labels) &&
    !(old && selects(match.objectSelector, old.metadata.labels))
  )
    return false
  if (match.excludeResourceRules?.some((rule: any) => matchesRule(rule, attributes))) return false
  return !match.resourceRules || match.resourceRules.some((rule: any) => matchesRule(rule, attributes))
}

/** What expressions may name. */
export function celVariables(policy: any, attributes: AdmissionAttributes, params: unknown): Record<string, unknown> {
  const { object, old, info, operation, subresource, namespace, name, options, context } = attributes
  const base: Record<string, unknown> = {
    object: object ?? null,
    oldObject: old ?? null,
    params: params ?? null,
    namespaceObject: namespace ? (context.get('namespaces', undefined, namespace) ?? null) : null,
    request: {
      kind: { group: info.group, version: info.version, kind: info.kind },
      resource: { group: info.group, version: info.version, resource: info.resource },
      subResource: subresource,
      operation,
      name,
      namespace: namespace ?? '',
      dryRun: options.dryRun,
      userInfo: { username: options.user.name, uid: options.user.uid ?? '', groups: options.user.groups },
    },
  }
  const variables: Record<string, unknown> = {}
  for (const { name: variable, expression } of policy.spec.variables ?? []) {
    try {
      variables[variable] = evaluateCel(expression, { ...base, variables })
    } catch (error) {
      // A variable that nobody asks for may fail; one that is asked for is then missing.
      if (!(error instanceof CelError)) throw error
    }
  }
  return { ...base, variables }
}

/** Throws CelError when a condition cannot be evaluated. */
export function meetsConditions(policy: any, variables: Record<string, unknown>): boolean {
  return (policy.spec.matchConditions ?? []).every((c: any) => evaluateCel(c.expression, variables) === true)
}

export type Params = { objects: readonly unknown[]; denied?: undefined } | { objects?: undefined; denied: string }

/** The parameters a binding gives to its policy: one evaluation for each. */
export function paramsOf(
  policy: any,
  binding: any,
  { context, namespace }: AdmissionAttributes,
  resourceOfKind: (apiVersion: string, kind: string) => { name: string; namespaced: boolean } | undefined,
): Params {
  const { paramKind } = policy.spec
  const ref = binding.spec.paramRef
  if (!paramKind || !ref) return { objects: [undefined] }
  const resource = resourceOfKind(paramKind.apiVersion, paramKind.kind)
  const space = resource?.namespaced ? ref.namespace || namespace : undefined
  let found: readonly unknown[] = []
  if (resource && ref.name) {
    const object = context.get(resource.name, space, ref.name)
    found = object ? [object] : []
  } else if (resource && ref.selector) {
    found = context.list(resource.name, space).filter((o) => matchesSelector(ref.selector, o.metadata.labels))
  }
  if (found.length > 0) return { objects: found }
  if (ref.parameterNotFoundAction === 'Allow') return { objects: [] }
  return {
    denied: 'failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction',
  }
}
