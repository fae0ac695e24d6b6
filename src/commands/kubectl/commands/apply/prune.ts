import type { DryRun } from '../../builder/dry-run.ts'
import { withDryRun } from '../../builder/dry-run.ts'
import type { Info } from '../../builder/info.ts'
import { listObjects } from '../../builder/infos.ts'
import { deleteObject } from '../../client/objects.ts'
import { type ApiResource, kindPrefix } from '../../discovery/resource.ts'
import { CliError, isNotFound } from '../../errors/errors.ts'
import { lastApplied } from '../../last-applied/annotation.ts'
import type { Session } from '../../session.ts'

const NAMESPACED = [
  'v1/ConfigMap',
  'v1/Endpoints',
  'v1/PersistentVolumeClaim',
  'v1/Pod',
  'v1/ReplicationController',
  'v1/Secret',
  'v1/Service',
  'batch/v1/Job',
  'batch/v1/CronJob',
  'networking.k8s.io/v1/Ingress',
  'apps/v1/DaemonSet',
  'apps/v1/Deployment',
  'apps/v1/ReplicaSet',
  'apps/v1/StatefulSet',
]
const CLUSTER_WIDE = ['v1/Namespace', 'v1/PersistentVolume']

/** Deletes what apply once made and the files no longer hold. */
export async function prune(session: Session, applied: readonly Info[], dryRun: DryRun): Promise<void> {
  const visited = new Set(applied.map(key))
  const namespaces = new Set(applied.flatMap((info) => (info.namespace ? [info.namespace] : [])))
  const given = session.flags.list('prune-allowlist').map((text) => text.replace(/^core\//, ''))
  const kinds = given.length > 0 ? given : [...NAMESPACED, ...CLUSTER_WIDE]
  const selector = session.flags.string('selector')
  const found: ApiResource[] = []
  for (const text of kinds) {
    const slash = text.lastIndexOf('/')
    const resource = await session.mapper.kind(text.slice(0, slash), text.slice(slash + 1))
    if (resource) found.push(resource)
    else if (given.length > 0)
      throw new CliError(`invalid GroupVersionKind format: ${text}, please follow <group/version/kind>`)
  }
  if (session.config.namespaceEnforced && given.length === 0) {
    await session.klog.log(
      'W',
      'prune.go:71',
      'Deprecated: kubectl apply will no longer prune non-namespaced resources by default when used with the --namespace flag in a future release. To preserve the current behaviour, list the resources you want to target explicitly in the --prune-allowlist flag.',
    )
  }
  for (const namespace of namespaces) {
    for (const resource of found.filter((r) => r.namespaced))
      await pruneKind(session, resource, namespace, selector, visited, dryRun)
  }
  for (const resource of found.filter((r) => !r.namespaced))
    await pruneKind(session, resource, undefined, selector, visited, dryRun)
}

const key = (info: Pick<Info, 'resource' | 'namespace' | 'name'>) =>
  `${info.resource.kind}.${info.resource.group}/${info.namespace ?? ''}/${info.name}`

async function pruneKind(
  session: Session,
  resource: ApiResource,
  namespace: string | undefined,
  selector: string,
  visited: ReadonlySet<string>,
  dryRun: DryRun,
): Promise<void> {
  for (const object of await listObjects(session, { resource, namespace }, { selector })) {
    const info = { resource, namespace: object.metadata.namespace, name: object.metadata.name }
    if (lastApplied(object) === undefined || visited.has(key(info))) continue
    if (dryRun !== 'client') {
      try {
        await deleteObject(session.client, info, { propagationPolicy: 'Background' }, dryRun)
      } catch (error) {
        if (!isNotFound(error)) throw error
      }
    }
    await session.print(`${kindPrefix(resource)}/${info.name} ${withDryRun('pruned', dryRun)}\n`)
  }
}
