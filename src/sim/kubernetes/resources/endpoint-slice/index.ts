import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'

const MOST = 3

const shorten = (items: string[]): string =>
  items.length === 0
    ? '<unset>'
    : items.length > MOST
      ? `${items.slice(0, MOST).join(',')} + ${items.length - MOST} more...`
      : items.join(',')

const ports = (o: any): string =>
  shorten((o.ports ?? []).map((p: any) => (p.port === undefined ? (p.name ?? '*') : String(p.port))))

const addresses = (o: any): string => shorten((o.endpoints ?? []).flatMap((e: any) => e.addresses ?? []))

export const endpointSlice: KindDefinition = {
  resource: 'endpointslices.discovery.k8s.io',
  defaults(o) {
    for (const port of o.ports ?? []) {
      port.name ??= ''
      port.protocol ??= 'TCP'
    }
  },
  cells: (o, now) => [
    o.metadata.name,
    o.addressType ?? '',
    ports(o),
    addresses(o),
    age(o.metadata.creationTimestamp, now),
  ],
}
