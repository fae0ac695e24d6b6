import type { KubeObject } from '../sim/kubernetes/api/object.ts'
import type { RestPort } from '../sim/rest/port.ts'
import { matchesLabels, selectorText } from './labels.ts'
import { differences } from './match.ts'

/** Which objects a check speaks of. */
export interface Selection {
  /** By the kind unless told. */
  apiVersion?: string
  kind: string
  name?: string
  /** `default` unless told; `*` for all. */
  namespace?: string
  labels?: string | Readonly<Record<string, string>>
  /** Only objects of which this is a part. */
  match?: object
}

/** The cluster's objects at one moment: now, or some time ago. */
export interface ClusterView {
  /** All objects of a kind, in all namespaces. Empty when the cluster does not know the kind. */
  all(kind: string, apiVersion?: string): Promise<readonly KubeObject[]>
}

export async function select(view: ClusterView, selection: Selection): Promise<readonly KubeObject[]> {
  const objects = await view.all(selection.kind, selection.apiVersion)
  const { name, namespace = 'default', labels, match } = selection
  return objects.filter(
    (object) =>
      (name === undefined || object.metadata.name === name) &&
      (namespace === '*' || object.metadata.namespace === undefined || object.metadata.namespace === namespace) &&
      (labels === undefined || matchesLabels(object.metadata.labels, selectorText(labels))) &&
      (match === undefined || differences(match, object).length === 0),
  )
}

/** The objects as the API server has them now. Asks discovery for the path of each kind once. */
export function liveView(api: RestPort | undefined): ClusterView {
  const paths = new Map<string, Promise<string | undefined>>()
  const get = async (path: string): Promise<any> => {
    const response = await api?.handle({ method: 'GET', path, headers: { accept: 'application/json' } })
    return response?.status === 200 ? response.body : undefined
  }
  const resourcePath = async (kind: string, apiVersion: string | undefined): Promise<string | undefined> => {
    const versions = apiVersion ? [apiVersion] : await allVersions(get)
    for (const version of versions) {
      const base = version.includes('/') ? `/apis/${version}` : `/api/${version}`
      const list = await get(base)
      const found = list?.resources?.find((resource: any) => resource.kind === kind && !resource.name.includes('/'))
      if (found) return `${base}/${found.name}`
    }
    return undefined
  }
  return {
    async all(kind, apiVersion = knownVersions[kind]) {
      const key = `${apiVersion ?? ''}/${kind}`
      let path = paths.get(key)
      path ??= resourcePath(kind, apiVersion)
      paths.set(key, path)
      const found = await path
      const list = found ? await get(found) : undefined
      return (list?.items ?? []).map((item: KubeObject) => ({
        ...item,
        kind,
        apiVersion: item.apiVersion ?? apiVersion,
      }))
    },
  }
}

async function allVersions(get: (path: string) => Promise<any>): Promise<string[]> {
  const groups = (await get('/apis'))?.groups ?? []
  return ['v1', ...groups.map((group: any) => group.preferredVersion?.groupVersion).filter(Boolean)]
}

/** Saves a walk through discovery for the kinds that labs name most. */
const knownVersions: Record<string, string> = {
  Pod: 'v1',
  Service: 'v1',
  ConfigMap: 'v1',
  Secret: 'v1',
  Node: 'v1',
  Namespace: 'v1',
  Event: 'v1',
  PersistentVolume: 'v1',
  PersistentVolumeClaim: 'v1',
  ServiceAccount: 'v1',
  ResourceQuota: 'v1',
  LimitRange: 'v1',
  ReplicationController: 'v1',
  Endpoints: 'v1',
  Deployment: 'apps/v1',
  ReplicaSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  StatefulSet: 'apps/v1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
  Ingress: 'networking.k8s.io/v1',
  IngressClass: 'networking.k8s.io/v1',
  NetworkPolicy: 'networking.k8s.io/v1',
  StorageClass: 'storage.k8s.io/v1',
  HorizontalPodAutoscaler: 'autoscaling/v2',
  EndpointSlice: 'discovery.k8s.io/v1',
  Role: 'rbac.authorization.k8s.io/v1',
  RoleBinding: 'rbac.authorization.k8s.io/v1',
  PodDisruptionBudget: 'policy/v1',
}
