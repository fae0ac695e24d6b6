/** One served resource: what a name typed by the user stands for. */
export interface ApiResource {
  group: string
  version: string
  /** plural */
  resource: string
  singular: string
  kind: string
  namespaced: boolean
  verbs: readonly string[]
  shortNames: readonly string[]
  categories: readonly string[]
  subresources: readonly string[]
}

/** `apps/v1`, `v1` */
export const groupVersion = (r: { group: string; version: string }) => (r.group ? `${r.group}/${r.version}` : r.version)

/** `deployments.apps`, `pods` */
export const groupResource = (r: { group: string; resource: string }) =>
  r.group ? `${r.resource}.${r.group}` : r.resource

/** `deployment.apps`, `pod`: what kubectl puts before names. */
export const kindPrefix = (r: { group: string; kind: string }) =>
  r.group ? `${r.kind.toLowerCase()}.${r.group}` : r.kind.toLowerCase()

export function apiPath(group: string, version: string): string {
  return group ? `/apis/${group}/${version}` : `/api/${version}`
}

/** `/apis/apps/v1/namespaces/default/deployments/web/scale` */
export function resourcePath(r: ApiResource, namespace?: string, name?: string, subresource?: string): string {
  const parts = [apiPath(r.group, r.version)]
  if (r.namespaced && namespace) parts.push('namespaces', encodeURIComponent(namespace))
  parts.push(r.resource)
  if (name) parts.push(encodeURIComponent(name))
  if (subresource) parts.push(subresource)
  return parts.join('/')
}

/** Group and version of `apps/v1` or `v1`. */
export function parseGroupVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/')
  return slash < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) }
}
