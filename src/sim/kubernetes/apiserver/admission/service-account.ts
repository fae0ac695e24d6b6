import { forbidden } from '../../api/status-error.ts'
import type { AdmissionPlugin } from './plugin.ts'

const MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount'
const SUFFIX = 'bcdfghjklmnpqrstvwxz2456789'

/** A Pod runs as a service account that exists, and is given its token, the cluster's certificate and its namespace. */
export const serviceAccount: AdmissionPlugin = {
  name: 'ServiceAccount',
  admit({ operation, info, subresource, object, namespace, name, context }) {
    if (info.name !== 'pods' || operation !== 'CREATE' || subresource !== '' || !object) return
    const { spec, metadata } = object
    if (metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) {
      if (spec.serviceAccountName) throw forbidden(info, name, 'a mirror pod may not reference service accounts')
      return
    }
    spec.serviceAccountName ||= 'default'
    spec.serviceAccount = spec.serviceAccountName
    const account = context.get<any>('serviceaccounts', namespace, spec.serviceAccountName)
    if (!account)
      throw forbidden(
        info,
        name,
        `error looking up service account ${namespace}/${spec.serviceAccountName}: serviceaccount ${JSON.stringify(spec.serviceAccountName)} not found`,
      )
    if (spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true)
      mountToken(spec, metadata.name ?? '')
    if (!spec.imagePullSecrets?.length && account.imagePullSecrets?.length)
      spec.imagePullSecrets = account.imagePullSecrets.map((s: any) => ({ name: s.name }))
  },
}

function mountToken(spec: any, podName: string): void {
  const existing = (spec.volumes ?? []).find((v: any) => v.name.startsWith('kube-api-access-'))
  const name = existing?.name ?? `kube-api-access-${suffixOf(podName)}`
  let mounted = false
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) {
    const mounts: any[] = container.volumeMounts ?? []
    if (mounts.some((m) => m.mountPath === MOUNT_PATH)) continue
    container.volumeMounts = [...mounts, { name, readOnly: true, mountPath: MOUNT_PATH }]
    mounted = true
  }
  if (existing || !mounted) return
  spec.volumes = [
    ...(spec.volumes ?? []),
    {
      name,
      projected: {
        sources: [
          { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
          { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
          {
            downwardAPI: {
              items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
            },
          },
        ],
        defaultMode: 420,
      },
    },
  ]
}

/** Five characters that depend on the Pod alone, so that this chance does not shift any other. */
function suffixOf(podName: string): string {
  let h = 2166136261
  for (let i = 0; i < podName.length; i++) h = Math.imul(h ^ podName.charCodeAt(i), 16777619)
  let out = ''
  for (let i = 0; i < 5; i++) {
    h = Math.imul(h ^ (h >>> 15), 2246822507)
    out += SUFFIX[(h >>> 3) % SUFFIX.length]
  }
  return out
}
