import type { RestClient } from '../client/rest-client.ts'
import { NoResourceMatch } from '../errors/errors.ts'
import { type Discovered, discover } from './discover.ts'
import { type ApiResource, parseGroupVersion } from './resource.ts'

/** No kind of that name in that version; `no matches for kind "Foo" in version "g/v"`. */
export class NoKindMatch extends Error {
  constructor(kind: string, apiVersion: string) {
    super(`no matches for kind "${kind}" in version "${apiVersion}"`)
  }
}

/** Turns typed names (`po`, `deploy`, `Deployment.v1.apps`) and kinds into served resources. */
export class RestMapper {
  readonly #client: RestClient
  #found: Promise<Discovered> | undefined
  /** Told when a short name could also mean another resource. */
  onAmbiguous: ((text: string) => Promise<void>) | undefined

  constructor(client: RestClient) {
    this.#client = client
  }

  discovered(): Promise<Discovered> {
    this.#found ??= discover(this.#client)
    return this.#found
  }

  /** Forgets what was discovered: for kinds that have just been created. */
  reset(): void {
    this.#found = undefined
  }

  /** Throws NoResourceMatch. */
  async resource(argument: string): Promise<ApiResource> {
    const found = await this.discovered()
    const { name, candidates } = parseResourceArgument(argument)
    for (const { resource, group, version } of candidates) {
      const match = this.#find(found, resource, group, version)
      if (match) {
        await this.#warnAmbiguous(found, resource, match)
        return match
      }
    }
    throw new NoResourceMatch(name)
  }

  /** The resource of a kind in a version; undefined when it is not served. */
  async kind(apiVersion: string, kind: string): Promise<ApiResource | undefined> {
    const { group, version } = parseGroupVersion(apiVersion)
    const { resources } = await this.discovered()
    const served = resources.filter((r) => r.group === group && r.version === version)
    // A kind in lower case is taken for the singular name; the server will have its say.
    return served.find((r) => r.kind === kind) ?? served.find((r) => r.singular === kind)
  }

  /** The resource of a kind, in the group's preferred version. */
  async kindIn(group: string, kind: string): Promise<ApiResource | undefined> {
    const { resources } = await this.discovered()
    return resources.find((r) => r.group === group && r.kind === kind)
  }

  /** Resources of a category (`all`), in the server's order; empty when there is no such category. */
  async category(name: string): Promise<ApiResource[]> {
    const { resources, versions } = await this.discovered()
    return resources.filter((r) => r.categories.includes(name) && versions.get(r.group)?.[0] === r.version)
  }

  #find(found: Discovered, resource: string, group?: string, version?: string): ApiResource | undefined {
    const served = found.resources.filter(
      (r) =>
        (group === undefined || r.group === group || r.group.startsWith(`${group}.`)) &&
        (!version || r.version === version),
    )
    return (
      served.find((r) => r.resource === resource || r.singular === resource) ??
      served.find((r) => r.shortNames.includes(resource))
    )
  }

  async #warnAmbiguous(found: Discovered, typed: string, match: ApiResource): Promise<void> {
    if (!match.shortNames.includes(typed) || typed === match.resource || typed === match.singular) return
    const others = found.resources.filter((r) => r.shortNames.includes(typed) && r.group !== match.group)
    for (const group of new Set(others.map((r) => `${r.resource}.${r.group}`))) {
      await this.onAmbiguous?.(`short name "${typed}" could also match lower priority resource ${group}`)
    }
  }
}

interface Candidate {
  resource: string
  group?: string
  version?: string
}

/** `deployments.v1.apps` may be resource.version.group, or resource.group `v1.apps`. */
function parseResourceArgument(argument: string): { name: string; candidates: Candidate[] } {
  const lower = argument.toLowerCase()
  const parts = lower.split('.')
  const candidates: Candidate[] = []
  if (parts.length >= 3) candidates.push({ resource: parts[0]!, version: parts[1]!, group: parts.slice(2).join('.') })
  if (parts.length >= 2) candidates.push({ resource: parts[0]!, group: parts.slice(1).join('.') })
  if (parts.length === 1) candidates.push({ resource: lower })
  return { name: argument.split('.')[0]!, candidates }
}
