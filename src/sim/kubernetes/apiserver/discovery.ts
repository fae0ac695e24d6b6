import type { RestResponse } from '../../rest/port.ts'
import type { ResourceInfo, ResourceRegistry } from './registry.ts'

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

export function wantsAggregated(accept: string): boolean {
  return accept.split(',').some((part) => part.includes('g=apidiscovery.k8s.io') && part.includes('v=v2;'))
}

/** GET /api and /apis in the aggregated form. */
export function aggregatedDiscovery(registry: ResourceRegistry, legacyCore: boolean): RestResponse {
  const groups = registry.groups.filter((g) => (g.name === '') === legacyCore)
  return {
    status: 200,
    headers: { 'content-type': AGGREGATED, 'cache-control': 'public' },
    body: {
      kind: 'APIGroupDiscoveryList',
      apiVersion: 'apidiscovery.k8s.io/v2',
      metadata: {},
      items: groups.map((group) => ({
        metadata: group.name ? { name: group.name } : {},
        versions: group.versions.map(({ version, resources, answers }) => ({
          version,
          resources: resources.some((r) => r.resource.includes('/'))
            ? onlySubresources(resources)
            : resources.map((r) => ({
                resource: r.resource,
                responseKind: { group: r.custom ? r.group : '', version: r.custom ? r.version : '', kind: r.kind },
                scope: r.namespaced ? 'Namespaced' : 'Cluster',
                singularResource: r.singular,
                verbs: r.verbs,
                ...(r.shortNames.length > 0 ? { shortNames: r.shortNames } : {}),
                ...(r.categories.length > 0 ? { categories: r.categories } : {}),
                ...(r.subresources.size > 0
                  ? {
                      subresources: [...r.subresources.values()].map((s) => ({
                        subresource: s.name,
                        responseKind: { group: s.group, version: s.version, kind: s.kind },
                        verbs: s.verbs,
                      })),
                    }
                  : {}),
              })),
          // A version without resources is one whose server does not answer.
          freshness: resources.length > 0 || answers ? 'Current' : 'Stale',
        })),
      })),
    },
  }
}

/** Resources like `pods/http_requests`: a parent without a kind, which nobody can ask for, with what lies below it. */
function onlySubresources(resources: readonly ResourceInfo[]): object[] {
  const parents = new Map<string, ResourceInfo[]>()
  for (const info of resources) {
    const parent = info.resource.slice(0, info.resource.indexOf('/'))
    parents.set(parent, [...(parents.get(parent) ?? []), info])
  }
  return [...parents].map(([resource, below]) => ({
    resource,
    scope: below[0]!.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: '',
    verbs: [],
    subresources: below.map((r) => ({
      subresource: r.resource.slice(resource.length + 1),
      responseKind: { group: '', version: '', kind: r.kind },
      verbs: r.verbs,
    })),
  }))
}

const groupVersion = (group: string, version: string) => (group ? `${group}/${version}` : version)

function apiGroup(registry: ResourceRegistry, name: string): object | undefined {
  const group = registry.groups.find((g) => g.name === name)
  if (!group) return undefined
  const versions = group.versions.map(({ version }) => ({ groupVersion: groupVersion(name, version), version }))
  return { name, versions, preferredVersion: versions[0] }
}

function resourceList(resources: readonly ResourceInfo[]): object[] {
  return resources
    .flatMap((r) => [
      {
        name: r.resource,
        singularName: r.singular,
        namespaced: r.namespaced,
        kind: r.kind,
        verbs: r.verbs,
        ...(r.shortNames.length > 0 ? { shortNames: r.shortNames } : {}),
        ...(r.categories.length > 0 ? { categories: r.categories } : {}),
        ...(r.storageHash ? { storageVersionHash: r.storageHash } : {}),
      },
      ...[...r.subresources.values()].map((s) => ({
        name: `${r.resource}/${s.name}`,
        singularName: '',
        namespaced: r.namespaced,
        ...(s.group ? { group: s.group } : {}),
        ...(s.version ? { version: s.version } : {}),
        kind: s.kind,
        verbs: s.verbs,
      })),
    ])
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The legacy documents: /api, /api/v1, /apis, /apis/G, /apis/G/V. Undefined when there is no such group or version. */
export function legacyDiscovery(registry: ResourceRegistry, path: string): object | undefined {
  const [root, ...rest] = path.split('/').filter((s) => s !== '')
  if (root === 'api' && rest.length === 0)
    return {
      kind: 'APIVersions',
      versions: ['v1'],
      serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '192.168.10.210:6443' }],
    }
  if (root === 'apis' && rest.length === 0)
    return {
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: registry.groups.filter((g) => g.name !== '').map((g) => apiGroup(registry, g.name)),
    }
  const [group, version] = root === 'api' ? ['', rest[0]] : [rest[0] ?? '', rest[1]]
  if (version === undefined) {
    const found = apiGroup(registry, group)
    return found && { kind: 'APIGroup', apiVersion: 'v1', ...found }
  }
  const found = registry.groups.find((g) => g.name === group)?.versions.find((v) => v.version === version)
  return (
    found && {
      kind: 'APIResourceList',
      ...(group ? { apiVersion: 'v1' } : {}),
      groupVersion: groupVersion(group, version),
      resources: resourceList(found.resources),
    }
  )
}
