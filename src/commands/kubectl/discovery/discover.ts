import type { RestClient } from '../client/rest-client.ts'
import { StatusError } from '../errors/errors.ts'
import type { ApiResource } from './resource.ts'

/** All served groups with their versions, preferred first, in the server's order. */
export interface Discovered {
  resources: ApiResource[]
  /** `apps` → [`v1`]; the core group is ``. */
  versions: Map<string, string[]>
  /** Group versions that could not be listed (an APIService whose server is away), with the reason. */
  failed: { groupVersion: string; reason: string }[]
}

const AGGREGATED =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json'

interface GroupDiscovery {
  metadata?: { name?: string }
  versions?: {
    version: string
    freshness?: string
    resources?: {
      resource: string
      responseKind?: { group?: string; version?: string; kind: string }
      scope: string
      singularResource?: string
      verbs?: string[]
      shortNames?: string[]
      categories?: string[]
      subresources?: { subresource: string }[]
    }[]
  }[]
}

export async function discover(client: RestClient): Promise<Discovered> {
  const found: Discovered = { resources: [], versions: new Map(), failed: [] }
  for (const path of ['/api', '/apis']) {
    const query = [['timeout', '32s']] as const
    const answer = await client.json({ path, query, accept: AGGREGATED })
    if (answer.kind === 'APIGroupDiscoveryList') for (const group of answer.items ?? []) addGroup(found, group)
    else await addLegacy(client, found, answer)
  }
  return found
}

function addGroup(found: Discovered, item: GroupDiscovery): void {
  const group = item.metadata?.name ?? ''
  for (const { version, resources = [], freshness } of item.versions ?? []) {
    pushVersion(found, group, version)
    if (freshness === 'Stale') {
      found.failed.push({
        groupVersion: `${group}/${version}`,
        reason: `stale GroupVersion discovery: ${group}/${version}`,
      })
      continue
    }
    for (const r of resources) {
      if (!r.responseKind) continue
      found.resources.push({
        group,
        version,
        resource: r.resource,
        singular: r.singularResource || r.responseKind.kind.toLowerCase(),
        kind: r.responseKind.kind,
        namespaced: r.scope === 'Namespaced',
        verbs: r.verbs ?? [],
        shortNames: r.shortNames ?? [],
        categories: r.categories ?? [],
        subresources: (r.subresources ?? []).map((s) => s.subresource),
      })
    }
  }
}

function pushVersion(found: Discovered, group: string, version: string): void {
  const versions = found.versions.get(group)
  if (versions) versions.push(version)
  else found.versions.set(group, [version])
}

/** Servers without aggregated discovery: one list per group version. */
async function addLegacy(client: RestClient, found: Discovered, answer: any): Promise<void> {
  const groupVersions: [string, string][] =
    answer.kind === 'APIVersions'
      ? answer.versions.map((v: string) => ['', v])
      : (answer.groups ?? []).flatMap((g: any) => g.versions.map((v: any) => [g.name, v.version]))
  for (const [group, version] of groupVersions) {
    pushVersion(found, group, version)
    try {
      const list = await client.json({ path: group ? `/apis/${group}/${version}` : `/api/${version}` })
      for (const r of list.resources ?? []) addLegacyResource(found, group, version, r)
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
      found.failed.push({ groupVersion: `${group}/${version}`, reason: error.message })
    }
  }
}

function addLegacyResource(found: Discovered, group: string, version: string, r: any): void {
  const [resource, subresource] = r.name.split('/')
  if (subresource) {
    const parent = found.resources.find((x) => x.group === group && x.version === version && x.resource === resource)
    if (parent) (parent.subresources as string[]).push(subresource)
    return
  }
  found.resources.push({
    group,
    version,
    resource,
    singular: r.singularName || r.kind.toLowerCase(),
    kind: r.kind,
    namespaced: r.namespaced,
    verbs: r.verbs ?? [],
    shortNames: r.shortNames ?? [],
    categories: r.categories ?? [],
    subresources: [],
  })
}
