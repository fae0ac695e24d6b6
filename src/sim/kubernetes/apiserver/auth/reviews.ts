import { required } from '../../api/field-error.ts'
import type { KubeObject } from '../../api/object.ts'
import { badRequest, invalidObject } from '../../api/status-error.ts'
import { decodeObject } from '../operations/decode-object.ts'
import type { Operations } from '../operations/operations.ts'
import type { ResourceInfo } from '../registry.ts'
import type { CallOptions, UserInfo } from '../request-context.ts'
import { allows, rulesOf } from './rbac.ts'
import { ISSUER, userOfToken } from './service-account-token.ts'

type Review = (operations: Operations, object: any, options: CallOptions, namespace: string | undefined) => object

/** Virtual resources: created, answered, never stored. */
const REVIEWS: Record<string, Review> = {
  'selfsubjectreviews.authentication.k8s.io': (_operations, _object, { user }) => ({ userInfo: userInfo(user) }),
  'tokenreviews.authentication.k8s.io': (operations, { spec }) => {
    const user = userOfToken(operations, spec?.token ?? '')
    return user
      ? { authenticated: true, user: userInfo(user), audiences: spec.audiences ?? [ISSUER] }
      : { user: {}, error: 'invalid bearer token' }
  },
  'selfsubjectaccessreviews.authorization.k8s.io': (operations, object, { user }) => decide(operations, user, object),
  'subjectaccessreviews.authorization.k8s.io': (operations, object) => decide(operations, subject(object.spec), object),
  'localsubjectaccessreviews.authorization.k8s.io': (operations, object, _options, namespace) => {
    if (object.spec?.resourceAttributes?.namespace !== namespace)
      throw badRequest(`spec.resourceAttributes.namespace must match namespace: ${namespace}`)
    return decide(operations, subject(object.spec), object)
  },
  'selfsubjectrulesreviews.authorization.k8s.io': (operations, { spec }, { user }) =>
    rules(operations, user, spec?.namespace ?? ''),
}

export const isReview = (info: ResourceInfo): boolean => REVIEWS[info.name] !== undefined

export function review(
  operations: Operations,
  info: ResourceInfo,
  namespace: string | undefined,
  body: unknown,
  options: CallOptions,
): KubeObject {
  const object = decodeObject(info, body, options)
  object.status = REVIEWS[info.name]!(operations, object, options, namespace)
  return object
}

const userInfo = (user: UserInfo) => ({
  username: user.name,
  ...(user.uid ? { uid: user.uid } : {}),
  groups: user.groups,
  ...(user.extra && Object.keys(user.extra).length > 0 ? { extra: user.extra } : {}),
})

const subject = (spec: any): UserInfo => ({ name: spec?.user ?? '', groups: spec?.groups ?? [] })

function decide(operations: Operations, user: UserInfo, { spec = {} }: any): object {
  const { resourceAttributes: resource, nonResourceAttributes: path } = spec
  if (!resource && !path)
    throw invalidObject('authorization.k8s.io', 'SelfSubjectAccessReview', '', [
      required(
        'spec.resourceAttributes',
        'exactly one of nonResourceAttributes or resourceAttributes must be specified',
      ),
    ])
  const decision = path
    ? allows(operations, user, { verb: path.verb ?? '', path: path.path ?? '' })
    : allows(operations, user, {
        verb: resource.verb ?? '',
        group: resource.group ?? '',
        resource: resource.subresource ? `${resource.resource}/${resource.subresource}` : (resource.resource ?? ''),
        namespace: resource.namespace || undefined,
        name: resource.name || undefined,
      })
  return { allowed: decision.allowed, ...(decision.reason ? { reason: decision.reason } : {}) }
}

function rules(operations: Operations, user: UserInfo, namespace: string): object {
  const resourceRules: object[] = []
  const nonResourceRules: object[] = []
  if (user.groups.includes('system:masters')) {
    resourceRules.push({ verbs: ['*'], apiGroups: ['*'], resources: ['*'] })
    nonResourceRules.push({ verbs: ['*'], nonResourceURLs: ['*'] })
  }
  for (const bound of rulesOf(operations, user, namespace))
    for (const rule of bound.rules) {
      if (rule.resources?.length > 0)
        resourceRules.push({
          verbs: rule.verbs,
          apiGroups: rule.apiGroups,
          resources: rule.resources,
          ...(rule.resourceNames ? { resourceNames: rule.resourceNames } : {}),
        })
      if (rule.nonResourceURLs?.length > 0)
        nonResourceRules.push({ verbs: rule.verbs, nonResourceURLs: rule.nonResourceURLs })
    }
  return { resourceRules, nonResourceRules, incomplete: false }
}
