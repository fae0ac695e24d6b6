import { rfc3339 } from '../../../time/date.ts'
import { Random } from '../../../time/random.ts'
import { invalid } from '../../api/field-error.ts'
import type { KubeObject } from '../../api/object.ts'
import { conflict, invalidObject, notFound } from '../../api/status-error.ts'
import { ISSUER, issueToken } from '../auth/service-account-token.ts'
import type { Operations } from '../operations/operations.ts'

const SHORTEST = 600
/** What kubelets ask for. */
const KUBELET_SECONDS = 3607
const YEAR = 365 * 86_400
const SYSTEM_NAMESPACES = new Set(['kube-system', 'kube-flannel'])
const LONGEST = 2 ** 32

/** A token for a service account: POST …/serviceaccounts/NAME/token. */
export function createToken(operations: Operations, account: KubeObject, body: any): KubeObject {
  const { name, uid } = account.metadata
  const namespace = account.metadata.namespace!
  const spec = body?.spec ?? {}
  const seconds: number = spec.expirationSeconds ?? 3600
  const refuse = (words: string) =>
    invalidObject('authentication.k8s.io', 'TokenRequest', '', [invalid('spec.expirationSeconds', seconds, words)])
  if (seconds < SHORTEST) throw refuse('may not specify a duration less than 10 minutes')
  if (seconds > LONGEST) throw refuse('may not specify a duration larger than 2^32 seconds')
  const audiences: string[] = spec.audiences?.length > 0 ? spec.audiences : [ISSUER]
  const bound = boundObject(operations, namespace, spec.boundObjectRef)
  const now = operations.now()
  const issued = Math.floor(now / 1000)
  // Clients that never read their token again are not to fail: kubelets' tokens are good for a year, whatever they say.
  const isExtended = seconds === KUBELET_SECONDS && bound.pod !== undefined && audiences.includes(ISSUER)
  const token = issueToken({
    namespace,
    account,
    audiences,
    issued,
    expires: issued + (isExtended ? YEAR : seconds),
    ...(isExtended ? { warnAfter: issued + seconds } : {}),
    id: bound.pod && SYSTEM_NAMESPACES.has(namespace) ? idOf(`${bound.pod.uid} ${issued}`) : operations.newUid(),
    ...bound,
  })
  return {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace, uid, creationTimestamp: rfc3339(now) },
    spec: { audiences, expirationSeconds: seconds, boundObjectRef: spec.boundObjectRef ?? null },
    status: { token, expirationTimestamp: rfc3339((issued + seconds) * 1000) },
  } as unknown as KubeObject
}

/** Made of what it is for: a cluster's own Pods take nothing from the seed. */
const idOf = (text: string): string => new Random(text, 'token').uuid()

type Reference = { name: string; uid: string }

function boundObject(
  operations: Operations,
  namespace: string,
  ref: any,
): { pod?: Reference; node?: Reference; secret?: Reference } {
  if (!ref) return {}
  const find = (resource: string, space: string, name: string, uid?: string): Reference => {
    const info = operations.registry.named(resource)!
    const object = operations.table(info).get(space, name)
    if (!object) throw notFound(info, name)
    if (uid && uid !== object.metadata.uid)
      throw conflict(
        info,
        name,
        `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
      )
    return { name, uid: object.metadata.uid }
  }
  switch (ref.kind) {
    case 'Pod': {
      const pod = find('pods', namespace, ref.name, ref.uid)
      const nodeName = operations.table(operations.registry.named('pods')!).get(namespace, ref.name)?.spec.nodeName
      const node = nodeName ? operations.table(operations.registry.named('nodes')!).get('', nodeName) : undefined
      return { pod, ...(node ? { node: { name: nodeName, uid: node.metadata.uid } } : {}) }
    }
    case 'Node':
      return { node: find('nodes', '', ref.name, ref.uid) }
    default:
      return { secret: find('secrets', namespace, ref.name, ref.uid) }
  }
}
