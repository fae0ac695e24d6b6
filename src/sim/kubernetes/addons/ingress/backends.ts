import type { KubeObject } from '../../api/object.ts'

/** By `namespace/name`. */
export interface BackendView {
  services: ReadonlyMap<string, KubeObject>
  endpoints: ReadonlyMap<string, KubeObject>
}

/** `address:port` of the ready endpoints of a Service's port. */
export function backendAddresses(key: string, port: { number?: number; name?: string }, view: BackendView): string[] {
  const service = view.services.get(key)
  const found = service?.spec.ports?.find((p: any) =>
    port.name === undefined ? p.port === port.number : p.name === port.name,
  )
  if (!found) return []
  const subsets: any[] = view.endpoints.get(key)?.subsets ?? []
  return subsets.flatMap((subset) => {
    const number = subset.ports?.find((p: any) => (p.name ?? '') === (found.name ?? ''))?.port
    return number === undefined ? [] : (subset.addresses ?? []).map((a: any) => `${a.ip}:${number}`)
  })
}
