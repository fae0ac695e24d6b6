import type { Clock } from '../../time/event-queue.ts'
import bootstrapText from '../api/data/bootstrap.ts'
import type { KubeObject } from '../api/object.ts'
import type { Operations } from './operations/operations.ts'
import type { ResourceInfo } from './registry.ts'
import { internalOptions } from './request-context.ts'

const FIRST_NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system']

const RESOURCES: Record<string, string> = {
  priorityclasses: 'priorityclasses.scheduling.k8s.io',
  clusterroles: 'clusterroles.rbac.authorization.k8s.io',
  clusterrolebindings: 'clusterrolebindings.rbac.authorization.k8s.io',
  roles: 'roles.rbac.authorization.k8s.io',
  rolebindings: 'rolebindings.rbac.authorization.k8s.io',
  apiservices: 'apiservices.apiregistration.k8s.io',
  flowschemas: 'flowschemas.flowcontrol.apiserver.k8s.io',
  prioritylevels: 'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
  servicecidrs: 'servicecidrs.networking.k8s.io',
}

/** Every version that was stored, oldest first, with its resource; by the time at which it was. */
const WRITTEN = new Map<string, readonly (readonly [ResourceInfo, KubeObject])[]>()

/** What every new cluster has. Only the uids differ from one to the next, so the rest is worked out once. */
export function bootstrap(operations: Operations): void {
  const timestamp = operations.context(internalOptions()).timestamp()
  const written = WRITTEN.get(timestamp)
  if (!written) {
    WRITTEN.set(timestamp, write(operations, timestamp))
    return
  }
  const uids = new Map<string, string>()
  for (const [info, { metadata, ...rest }] of written) {
    const uid = uids.get(metadata.uid) ?? operations.newUid()
    uids.set(metadata.uid, uid)
    const own = operations.registry.named(info.name)!
    operations.table(own).put({ ...rest, metadata: { ...metadata, uid } } as KubeObject)
  }
}

function write(operations: Operations, timestamp: string): [ResourceInfo, KubeObject][] {
  const written: [ResourceInfo, KubeObject][] = []
  const options = internalOptions()
  const create = (resource: string, namespace: string | undefined, object: object) => {
    const info = operations.registry.named(resource)!
    const created = operations.create(info, namespace, object, options)
    written.push([info, created])
    return created
  }
  for (const name of FIRST_NAMESPACES) create('namespaces', undefined, { metadata: { name } })
  for (const namespace of FIRST_NAMESPACES) create('serviceaccounts', namespace, { metadata: { name: 'default' } })
  for (const name of ['controller-manager', 'etcd-0', 'scheduler'])
    create('componentstatuses', undefined, {
      metadata: { name },
      conditions: [{ type: 'Healthy', status: 'True', message: 'ok' }],
    })
  const objects = JSON.parse(bootstrapText) as Record<string, any[]>
  for (const [key, resource] of Object.entries(RESOURCES)) {
    const info = operations.registry.named(resource)!
    for (const object of objects[key] ?? []) {
      const { status, ...rest } = object
      const created = create(resource, object.metadata.namespace, rest)
      if (!status || !info.subresources.has('status')) continue
      const conditions = status.conditions?.map((c: any) => ({ ...c, lastTransitionTime: timestamp }))
      const updated = operations.update(
        info,
        undefined,
        created.metadata.name,
        (old) => ({
          ...old,
          metadata: { ...old.metadata },
          status: { ...status, ...(conditions ? { conditions } : {}) },
        }),
        options,
        'status',
      )
      // Nothing is stored when nothing changed.
      if (updated !== created) written.push([info, updated])
    }
  }
  return written
}

/** How long a deleted Service `kubernetes` stays away, in ms. */
const CHECK_INTERVAL = 10_000

/** Keeps the Service `kubernetes` and the endpoint of this server, as the server itself does. */
export function keepKubernetesService(operations: Operations, clock: Clock, address: string, port: number): void {
  const options = internalOptions()
  const labels = { component: 'apiserver', provider: 'kubernetes' }
  const objects: Record<string, object> = {
    services: {
      metadata: { name: 'kubernetes', labels },
      spec: {
        clusterIP: '10.96.0.1',
        type: 'ClusterIP',
        ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: port }],
      },
    },
    endpoints: {
      metadata: { name: 'kubernetes', labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
      subsets: [{ addresses: [{ ip: address }], ports: [{ name: 'https', port, protocol: 'TCP' }] }],
    },
    'endpointslices.discovery.k8s.io': {
      metadata: { name: 'kubernetes', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: [address], conditions: { ready: true } }],
      ports: [{ name: 'https', port, protocol: 'TCP' }],
    },
  }
  for (const [resource, object] of Object.entries(objects)) {
    const info = operations.registry.named(resource)!
    const table = operations.table(info)
    const ensure = () => {
      if (!table.get('default', 'kubernetes')) operations.create(info, 'default', object, options)
    }
    ensure()
    table.subscribe((event) => {
      const { name, namespace } = event.object.metadata
      if (event.type === 'DELETED' && name === 'kubernetes' && namespace === 'default')
        clock.after(CHECK_INTERVAL, ensure)
    })
  }
}
