import type { ListFormat, Row } from './list.ts'

export interface VolumeSummary {
  Name: string
  Driver: string
  Mountpoint: string
  Scope: string
  Labels: Record<string, string> | null
}

export const VOLUMES: ListFormat = {
  type: 'formatter.volumeContext',
  headers: {
    Name: 'VOLUME NAME',
    Driver: 'DRIVER',
    Scope: 'SCOPE',
    Mountpoint: 'MOUNTPOINT',
    Labels: 'LABELS',
    Links: 'LINKS',
    Size: 'SIZE',
    Availability: 'AVAILABILITY',
    Group: 'GROUP',
    Status: 'STATUS',
  },
  table: '{{.Driver}}\\t{{.Name}}',
  quiet: '{{.Name}}',
}

export function volumeRow(volume: VolumeSummary): Row {
  return {
    Availability: 'N/A',
    Driver: volume.Driver,
    Group: 'N/A',
    Label: (name: unknown) => volume.Labels?.[String(name)] ?? '',
    Labels: Object.entries(volume.Labels ?? {})
      .map(([name, value]) => `${name}=${value}`)
      .join(','),
    Links: 'N/A',
    Mountpoint: volume.Mountpoint,
    Name: volume.Name,
    Scope: volume.Scope,
    Size: 'N/A',
    Status: 'N/A',
  }
}
