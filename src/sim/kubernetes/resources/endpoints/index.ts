import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'

const MOST = 3

function addresses(o: any): string {
  const subsets: any[] = o.subsets ?? []
  if (subsets.length === 0) return '<none>'
  const list: string[] = []
  let count = 0
  for (const subset of subsets) {
    const ports: any[] = subset.ports ?? []
    for (const address of subset.addresses ?? []) {
      if (ports.length === 0) {
        if (count < MOST) list.push(address.ip)
        count++
      }
      for (const port of ports) {
        if (count < MOST)
          list.push(address.ip.includes(':') ? `[${address.ip}]:${port.port}` : `${address.ip}:${port.port}`)
        count++
      }
    }
  }
  return count > MOST ? `${list.join(',')} + ${count - MOST} more...` : list.join(',')
}

export const endpoints: KindDefinition = {
  resource: 'endpoints',
  defaults(o) {
    for (const subset of o.subsets ?? []) for (const port of subset.ports ?? []) port.protocol ||= 'TCP'
  },
  cells: (o, now) => [o.metadata.name, addresses(o), age(o.metadata.creationTimestamp, now)],
}
