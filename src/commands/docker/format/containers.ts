import { humanDuration, humanSize } from '../../../sim/containers/units.ts'
import { dateFields } from '../../../sim/time/date.ts'
import type { ListFormat, Row } from './list.ts'

export interface ContainerSummary {
  Id: string
  Names: string[]
  Image: string
  ImageID: string
  Command: string
  Created: number
  Ports: { IP?: string; PrivatePort: number; PublicPort?: number; Type: string }[]
  Labels: Record<string, string>
  State: string
  Status: string
  Mounts: { Name?: string; Source: string }[]
  NetworkSettings: { Networks: Record<string, unknown> }
  SizeRw?: number
  SizeRootFs?: number
}

export const CONTAINERS: ListFormat = {
  type: 'formatter.ContainerContext',
  headers: {
    ID: 'CONTAINER ID',
    Names: 'NAMES',
    Image: 'IMAGE',
    Command: 'COMMAND',
    CreatedAt: 'CREATED AT',
    RunningFor: 'CREATED',
    Ports: 'PORTS',
    State: 'STATE',
    Status: 'STATUS',
    Size: 'SIZE',
    Labels: 'LABELS',
    Mounts: 'MOUNTS',
    LocalVolumes: 'LOCAL VOLUMES',
    Networks: 'NETWORKS',
  },
  table: '{{.ID}}\\t{{.Image}}\\t{{.Command}}\\t{{.RunningFor}}\\t{{.Status}}\\t{{.Ports}}\\t{{.Names}}',
  quiet: '{{.ID}}',
}

export const CONTAINERS_WITH_SIZE: ListFormat = { ...CONTAINERS, table: `${CONTAINERS.table}\\t{{.Size}}` }

export function ellipsis(text: string, size: number): string {
  const characters = [...text]
  return characters.length <= size ? text : `${characters.slice(0, size - 1).join('')}…`
}

export function shortId(id: string): string {
  return id.replace(/^sha256:/, '').slice(0, 12)
}

/** `2026-11-21 03:09:08 +0000 UTC` */
export function createdAt(seconds: number): string {
  const d = dateFields(seconds * 1000)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${d.year}-${two(d.month)}-${two(d.day)} ${two(d.hour)}:${two(d.minute)}:${two(d.second)} +0000 UTC`
}

export function containerRow(container: ContainerSummary, truncate: boolean, now: number): Row {
  const labels = Object.entries(container.Labels).sort(([a], [b]) => (a < b ? -1 : 1))
  const image = /^sha256:[0-9a-f]{64}$/.test(container.Image)
    ? truncate
      ? shortId(container.Image)
      : container.Image
    : container.Image
  return {
    Command: JSON.stringify(truncate ? ellipsis(container.Command, 20) : container.Command).replace(/\\n/g, '\\n'),
    CreatedAt: createdAt(container.Created),
    ID: truncate ? container.Id.slice(0, 12) : container.Id,
    Image: image === '' ? '<no image>' : image,
    Label: (name: unknown) => container.Labels[String(name)] ?? '',
    Labels: labels.map(([name, value]) => `${name}=${value}`).join(','),
    LocalVolumes: String(container.Mounts.filter((mount) => mount.Name).length),
    Mounts: container.Mounts.map((mount) => ellipsis(mount.Name ?? mount.Source, truncate ? 15 : 1000)).join(','),
    Names: container.Names.map((name) => name.replace(/^\//, '')).join(','),
    Networks: Object.keys(container.NetworkSettings.Networks).join(','),
    Platform: null,
    Ports: portText(container.Ports),
    RunningFor: `${humanDuration(now - container.Created * 1000)} ago`,
    Size: container.SizeRootFs
      ? `${humanSize(container.SizeRw ?? 0, 3)} (virtual ${humanSize(container.SizeRootFs, 3)})`
      : humanSize(container.SizeRw ?? 0, 3),
    State: container.State,
    Status: container.Status,
  }
}

/** `0.0.0.0:8080->80/tcp, [::]:8080->80/tcp`; neighbouring ports come as ranges. */
export function portText(ports: ContainerSummary['Ports']): string {
  const sorted = ports.toSorted(
    (a, b) =>
      a.PrivatePort - b.PrivatePort ||
      compare(a.IP ?? '', b.IP ?? '') ||
      (a.PublicPort ?? 0) - (b.PublicPort ?? 0) ||
      compare(a.Type, b.Type),
  )
  const plain: { from: number; to: number; type: string }[] = []
  const bound: { ip: string; type: string; inside: [number, number]; outside: [number, number] }[] = []
  for (const port of sorted) {
    const { IP, PrivatePort, PublicPort, Type } = port
    if (PublicPort === undefined || IP === undefined) {
      const last = plain.at(-1)
      if (last && last.type === Type && last.to + 1 === PrivatePort) last.to = PrivatePort
      else plain.push({ from: PrivatePort, to: PrivatePort, type: Type })
      continue
    }
    const ip = IP.includes(':') ? `[${IP}]` : IP
    const next = bound.find(
      (one) =>
        one.ip === ip && one.type === Type && one.inside[1] + 1 === PrivatePort && one.outside[1] + 1 === PublicPort,
    )
    if (next) {
      next.inside[1] = PrivatePort
      next.outside[1] = PublicPort
    } else bound.push({ ip, type: Type, inside: [PrivatePort, PrivatePort], outside: [PublicPort, PublicPort] })
  }
  const range = ([from, to]: [number, number]) => (from === to ? String(from) : `${from}-${to}`)
  return [
    ...plain.map(({ from, to, type }) => `${range([from, to])}/${type}`),
    ...bound.map(({ ip, type, inside, outside }) => `${ip}:${range(outside)}->${range(inside)}/${type}`),
  ].join(', ')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
