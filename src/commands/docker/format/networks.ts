import type { ListFormat, Row } from './list.ts'

export interface NetworkSummary {
  Id: string
  Name: string
  Driver: string
  Scope: string
  Created: string
  EnableIPv6: boolean
  Internal: boolean
  Labels: Record<string, string>
}

export const NETWORKS: ListFormat = {
  type: 'formatter.networkContext',
  headers: {
    ID: 'NETWORK ID',
    Name: 'NAME',
    Driver: 'DRIVER',
    Scope: 'SCOPE',
    IPv6: 'IPV6',
    IPv4: 'IPV4',
    Internal: 'INTERNAL',
    Labels: 'LABELS',
    CreatedAt: 'CREATED AT',
  },
  table: '{{.ID}}\\t{{.Name}}\\t{{.Driver}}\\t{{.Scope}}',
  quiet: '{{.ID}}',
}

export function networkRow(network: NetworkSummary, truncate: boolean): Row {
  return {
    CreatedAt: network.Created.replace('T', ' ').replace('Z', ' +0000 UTC'),
    Driver: network.Driver,
    ID: truncate ? network.Id.slice(0, 12) : network.Id,
    IPv4: 'true',
    IPv6: String(network.EnableIPv6),
    Internal: String(network.Internal),
    Label: (name: unknown) => network.Labels[String(name)] ?? '',
    Labels: Object.entries(network.Labels)
      .map(([name, value]) => `${name}=${value}`)
      .join(','),
    Name: network.Name,
    Scope: network.Scope,
  }
}
