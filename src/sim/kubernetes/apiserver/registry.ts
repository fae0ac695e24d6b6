import discoveryText from '../api/data/discovery.ts'
import type { ResourceName } from '../api/object.ts'
import { typeOfKind } from '../api/schema.ts'
import type { KindDefinition } from '../resources/definition.ts'
import type { Store } from './store.ts'

export interface Subresource {
  name: string
  group: string
  version: string
  kind: string
  verbs: string[]
}

/** One resource in one version: `deployments` of `apps/v1`. */
export interface ResourceInfo {
  /** `pods`, `deployments.apps` */
  name: ResourceName
  group: string
  version: string
  /** plural */
  resource: string
  singular: string
  kind: string
  listKind: string
  namespaced: boolean
  verbs: string[]
  shortNames: string[]
  categories: string[]
  storageHash?: string
  subresources: Map<string, Subresource>
  /** Type of the field data; undefined for custom resources. */
  type: string | undefined
  definition: KindDefinition | undefined
  /** Name of the table objects are stored in: shared by the versions of one resource. */
  storage: string
  /** The version objects are stored in. */
  storageVersion: { group: string; version: string }
  /** For custom resources: what the definition's version says. */
  custom?: CustomResource
  /** For resources of a server behind an APIService: where its objects are. */
  backend?: Store
}

/** A version of a CustomResourceDefinition, as the server uses it. */
export interface CustomResource {
  definitionName: string
  schema: any
  columns: { name: string; type: string; jsonPath: string; description?: string; format?: string; priority?: number }[]
  selectableFields: string[]
  scale?: { specReplicasPath: string; statusReplicasPath: string; labelSelectorPath?: string }
  status: boolean
  preserveUnknown: boolean
}

export interface VersionInfo {
  version: string
  resources: ResourceInfo[]
  /** A server behind an APIService answers, though it may offer nothing at the moment. */
  answers?: boolean
}

export interface GroupInfo {
  name: string
  /** Preferred first. */
  versions: VersionInfo[]
}

interface RawDiscovery {
  group: string
  versions: {
    version: string
    resources: {
      name: string
      kind: string
      singular: string
      cluster?: 1
      verbs: string[]
      short?: string[]
      categories?: string[]
      hash?: string
      sub?: { name: string; kind: [string, string, string]; verbs: string[] }[]
    }[]
  }[]
}

/** Resources that several group versions share. */
const STORAGE: Record<string, { storage: string; group: string; version: string }> = {
  'autoscaling/v1/horizontalpodautoscalers': {
    storage: 'horizontalpodautoscalers.autoscaling',
    group: 'autoscaling',
    version: 'v2',
  },
  'events.k8s.io/v1/events': { storage: 'events', group: '', version: 'v1' },
}

/** All resources a server offers: the built-in ones and those of custom resource definitions. */
export class ResourceRegistry {
  readonly groups: GroupInfo[] = []
  readonly #byPath = new Map<string, ResourceInfo>()
  readonly #byName = new Map<ResourceName, ResourceInfo>()

  constructor(definitions: readonly KindDefinition[]) {
    const byResource = new Map(definitions.map((d) => [d.resource, d]))
    for (const group of JSON.parse(discoveryText) as RawDiscovery[]) {
      for (const { version, resources } of group.versions) {
        this.ensureVersion(group.group, version)
        for (const r of resources) {
          const key = `${group.group}/${version}/${r.name}`
          const name = group.group ? `${r.name}.${group.group}` : r.name
          const shared = STORAGE[key] ?? { storage: name, group: group.group, version }
          this.add({
            name,
            group: group.group,
            version,
            resource: r.name,
            singular: r.singular,
            kind: r.kind,
            listKind: `${r.kind}List`,
            namespaced: !r.cluster,
            verbs: r.verbs,
            shortNames: r.short ?? [],
            categories: r.categories ?? [],
            storageHash: r.hash,
            subresources: new Map(
              (r.sub ?? []).map((s) => [
                s.name,
                { name: s.name, group: s.kind[0], version: s.kind[1], kind: s.kind[2], verbs: s.verbs },
              ]),
            ),
            type: typeOfKind(group.group, version, r.kind),
            definition: byResource.get(shared.storage),
            storage: shared.storage,
            storageVersion: { group: shared.group, version: shared.version },
          })
        }
      }
    }
  }

  ensureVersion(group: string, version: string): VersionInfo {
    let info = this.groups.find((g) => g.name === group)
    if (!info) {
      info = { name: group, versions: [] }
      this.groups.push(info)
    }
    let entry = info.versions.find((v) => v.version === version)
    if (!entry) {
      entry = { version, resources: [] }
      info.versions.push(entry)
    }
    return entry
  }

  add(info: ResourceInfo): void {
    this.ensureVersion(info.group, info.version).resources.push(info)
    this.#byPath.set(`${info.group}/${info.version}/${info.resource}`, info)
    if (!this.#byName.has(info.name)) this.#byName.set(info.name, info)
  }

  /** Removes all versions of a custom resource. */
  remove(group: string, resource: string): void {
    const index = this.groups.findIndex((g) => g.name === group)
    const found = this.groups[index]
    if (!found) return
    for (const entry of found.versions) {
      entry.resources = entry.resources.filter((r) => r.resource !== resource)
      this.#byPath.delete(`${group}/${entry.version}/${resource}`)
    }
    found.versions = found.versions.filter((v) => v.resources.length > 0)
    if (found.versions.length === 0) this.groups.splice(index, 1)
    this.#byName.delete(`${resource}.${group}`)
  }

  /** Removes one version of a group with all its resources. */
  removeVersion(group: string, version: string): void {
    const index = this.groups.findIndex((g) => g.name === group)
    const found = this.groups[index]
    if (!found) return
    for (const { resource, name } of found.versions.find((v) => v.version === version)?.resources ?? []) {
      this.#byPath.delete(`${group}/${version}/${resource}`)
      this.#byName.delete(name)
    }
    found.versions = found.versions.filter((v) => v.version !== version)
    if (found.versions.length === 0) this.groups.splice(index, 1)
  }

  find(group: string, version: string, resource: string): ResourceInfo | undefined {
    return this.#byPath.get(`${group}/${version}/${resource}`)
  }

  /** By `deployments.apps`, or with a version: `horizontalpodautoscalers.v1.autoscaling`. */
  named(name: ResourceName): ResourceInfo | undefined {
    const known = this.#byName.get(name)
    if (known) return known
    const [resource, version, ...group] = name.split('.')
    return this.find(group.join('.'), version ?? '', resource ?? '')
  }

  ofKind(group: string, kind: string, version?: string): ResourceInfo | undefined {
    for (const entry of this.groups.find((g) => g.name === group)?.versions ?? [])
      if (version === undefined || entry.version === version)
        for (const resource of entry.resources) if (resource.kind === kind) return resource
    return undefined
  }

  all(): ResourceInfo[] {
    return this.groups.flatMap((g) => g.versions.flatMap((v) => v.resources))
  }
}
