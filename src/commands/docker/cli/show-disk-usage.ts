import { humanSize } from '../../../sim/containers/units.ts'
import { formatList } from '../format/list.ts'
import type { Session } from './session.ts'

interface DiskUsage {
  LayersSize: number
  Images: { Id: string; Size: number; SharedSize: number; Containers: number; RepoTags: string[] }[]
  Containers: { Id: string; State: string; SizeRw: number; Names: string[] }[]
  Volumes: { Name: string; UsageData: { RefCount: number; Size: number } }[]
  BuildCache: { Size: number; Shared: boolean; InUse: boolean }[]
}

const FORMAT = {
  type: 'formatter.diskUsageContext',
  headers: { Type: 'TYPE', TotalCount: 'TOTAL', Active: 'ACTIVE', Size: 'SIZE', Reclaimable: 'RECLAIMABLE' },
  table: '{{.Type}}\\t{{.TotalCount}}\\t{{.Active}}\\t{{.Size}}\\t{{.Reclaimable}}',
}

export async function showDiskUsage(session: Session): Promise<number> {
  const usage = await session.client.get<DiskUsage>('/system/df')
  const sum = (list: readonly number[]) => list.reduce((total, value) => total + value, 0)
  const share = (part: number, whole: number) =>
    whole > 0 ? `${humanSize(part)} (${Math.trunc((part * 100) / whole)}%)` : humanSize(part)
  const row = (Type: string, total: number, active: number, size: number, free: number) => ({
    Active: String(active),
    Reclaimable: share(free, size),
    Size: humanSize(size),
    TotalCount: String(total),
    Type,
  })
  const active = usage.Images.filter((image) => image.Containers > 0)
  const usedByImages = sum(active.map((image) => image.Size - image.SharedSize))
  const running = usage.Containers.filter((container) => ['running', 'paused', 'restarting'].includes(container.State))
  const rest = usage.Containers.filter((container) => !running.includes(container))
  const idle = usage.Volumes.filter((volume) => volume.UsageData.RefCount === 0)
  const cached = sum(usage.BuildCache.filter((record) => !record.Shared).map((record) => record.Size))
  const rows = [
    row('Images', usage.Images.length, active.length, usage.LayersSize, usage.LayersSize - usedByImages),
    row(
      'Containers',
      usage.Containers.length,
      running.length,
      sum(usage.Containers.map((one) => one.SizeRw)),
      sum(rest.map((one) => one.SizeRw)),
    ),
    row(
      'Local Volumes',
      usage.Volumes.length,
      usage.Volumes.length - idle.length,
      sum(usage.Volumes.map((one) => one.UsageData.Size)),
      sum(idle.map((one) => one.UsageData.Size)),
    ),
    {
      ...row('Build Cache', usage.BuildCache.length, 0, cached, cached),
      Reclaimable: humanSize(cached),
    },
  ]
  await session.print(formatList(rows, FORMAT, session.flags.string('format')))
  return 0
}
