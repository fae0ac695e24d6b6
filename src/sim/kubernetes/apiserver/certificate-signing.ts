import { rfc3339 } from '../../time/date.ts'
import type { Clock } from '../../time/event-queue.ts'
import type { KubeObject } from '../api/object.ts'
import { signRequest } from './auth/certificate.ts'
import type { Operations } from './operations/operations.ts'
import { internalOptions } from './request-context.ts'

const SIGNERS = new Set([
  'kubernetes.io/kube-apiserver-client',
  'kubernetes.io/kube-apiserver-client-kubelet',
  'kubernetes.io/kubelet-serving',
])
const YEAR = 365 * 24 * 3600

/** Signs approved certificate requests, as the controller manager's signers do. */
export function signCertificates(operations: Operations, clock: Clock): void {
  const info = operations.registry.named('certificatesigningrequests.certificates.k8s.io')!
  const table = operations.table(info)
  table.subscribe(({ type, object }) => {
    if (type === 'DELETED' || !isWaiting(object)) return
    const { name } = object.metadata
    clock.after(20, () => {
      const current = table.get('', name)
      if (!current || !isWaiting(current)) return
      const now = operations.now()
      const seconds = Math.min(current.spec.expirationSeconds ?? YEAR, YEAR)
      const certificate = signRequest(atob(current.spec.request), {
        serial: operations.newUid().replace(/-/g, ''),
        from: rfc3339(now - 300_000),
        until: rfc3339(now + seconds * 1000),
      })
      if (!certificate) return
      const options = internalOptions('kube-controller-manager')
      const change = (old: KubeObject) => ({
        ...old,
        metadata: { ...old.metadata },
        status: { ...old.status, certificate: btoa(certificate) },
      })
      operations.update(info, undefined, name, change, options, 'status')
    })
  })
}

function isWaiting({ spec, status }: KubeObject): boolean {
  const types: string[] = (status?.conditions ?? []).map((c: any) => c.type)
  return SIGNERS.has(spec.signerName) && types.includes('Approved') && !types.includes('Denied') && !status.certificate
}
