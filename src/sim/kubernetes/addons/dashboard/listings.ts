import type { KubeObject } from '../../api/object.ts'

/** What the overview lists, with the path of each kind's API group. */
export const PATHS = {
  cronjobs: '/apis/batch/v1',
  daemonsets: '/apis/apps/v1',
  deployments: '/apis/apps/v1',
  jobs: '/apis/batch/v1',
  pods: '/api/v1',
  replicasets: '/apis/apps/v1',
  replicationcontrollers: '/api/v1',
  statefulsets: '/apis/apps/v1',
  ingresses: '/apis/networking.k8s.io/v1',
  services: '/api/v1',
  configmaps: '/api/v1',
  persistentvolumeclaims: '/api/v1',
  secrets: '/api/v1',
  events: '/api/v1',
  nodes: '/api/v1',
} as const

export type Listed = keyof typeof PATHS

/** In no namespace: part of the view of all of them. */
const CLUSTER: readonly Listed[] = ['nodes']
/** What the dashboard's address names all namespaces by. */
export const ALL_NAMESPACES = '_all'

/** Objects of one kind, or why they may not be seen. */
export interface Listing {
  items: readonly KubeObject[]
  refusal?: string
}
export type Listings = Readonly<Record<Listed, Listing>>

/** Reads every kind with the given function: from a collection's path to its objects. It throws when that is refused. */
export async function readListings(
  namespace: string,
  read: (path: string) => Promise<readonly KubeObject[]>,
): Promise<Listings> {
  const listings: Partial<Record<Listed, Listing>> = {}
  for (const resource of Object.keys(PATHS) as Listed[]) {
    if (CLUSTER.includes(resource) && namespace !== ALL_NAMESPACES) {
      listings[resource] = { items: [] }
      continue
    }
    const scope = namespace === ALL_NAMESPACES ? '' : `/namespaces/${namespace}`
    try {
      listings[resource] = { items: await read(`${PATHS[resource]}${scope}/${resource}`) }
    } catch (error) {
      if (!(error instanceof Error) || error.name === 'Killed') throw error
      listings[resource] = { items: [], refusal: error.message }
    }
  }
  return listings as Listings
}

/** The same of a client that may see everything, at once. `list` takes a resource as `deployments.apps`. */
export function listAll(namespace: string, list: (resource: string) => readonly KubeObject[]): Listings {
  const entries = Object.entries(PATHS).map(([resource, path]) => {
    const group = /^\/apis\/([^/]+)/.exec(path)?.[1]
    const items = list(group ? `${resource}.${group}` : resource)
    return [
      resource,
      { items: items.filter(({ metadata }) => (metadata.namespace ?? namespace) === namespace) },
    ] as const
  })
  return Object.fromEntries(entries) as unknown as Listings
}
