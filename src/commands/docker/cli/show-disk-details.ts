import { humanDuration, humanSize } from '../../../sim/containers/units.ts'
import { parseRfc3339 } from '../../../sim/time/date.ts'
import { type ContainerSummary, containerRow, shortId } from '../format/containers.ts'
import { type ImageSummary, imageRows } from '../format/images.ts'
import { alignTable } from '../format/table.ts'
import type { Session } from './session.ts'

interface Details {
  Images: ImageSummary[]
  Containers: ContainerSummary[]
  Volumes: { Name: string; UsageData: { RefCount: number; Size: number } }[]
  BuildCache: {
    ID: string
    Type: string
    Size: number
    CreatedAt: string
    LastUsedAt: string
    UsageCount: number
    Shared: boolean
  }[]
}

/** docker system df --verbose */
export async function showDiskDetails(session: Session): Promise<number> {
  const { Images, Containers, Volumes, BuildCache } = await session.client.get<Details>('/system/df')
  const now = session.process.wallClock()
  const images = Images.flatMap((image) =>
    imageRows([image], { truncate: true, digests: false, now, wanted: undefined }).map((row) =>
      [
        row.Repository,
        row.Tag,
        row.ID,
        row.CreatedSince,
        row.Size,
        humanSize(image.SharedSize),
        humanSize(image.Size - image.SharedSize),
        image.Containers,
      ].join('\t'),
    ),
  )
  const containers = Containers.map((container) => {
    const row = containerRow(container, true, now)
    const size = humanSize(container.SizeRw ?? 0, 3)
    return [row.ID, row.Image, row.Command, row.LocalVolumes, size, row.RunningFor, row.Status, row.Names].join('\t')
  })
  const volumes = Volumes.map(({ Name, UsageData }) =>
    [Name, UsageData.RefCount, humanSize(UsageData.Size, 3)].join('\t'),
  )
  const ago = (time: string) => `${humanDuration(now - parseRfc3339(time))} ago`
  const cache = BuildCache.map((one) =>
    [
      shortId(one.ID),
      one.Type,
      humanSize(one.Size, 3),
      ago(one.CreatedAt),
      ago(one.LastUsedAt),
      one.UsageCount,
      one.Shared,
    ].join('\t'),
  )
  const total = BuildCache.filter((one) => !one.Shared).reduce((sum, one) => sum + one.Size, 0)
  await session.print(
    `Images space usage:\n\n${alignTable(['REPOSITORY\tTAG\tIMAGE ID\tCREATED\tSIZE\tSHARED SIZE\tUNIQUE SIZE\tCONTAINERS', ...images])}` +
      `\nContainers space usage:\n\n${alignTable(['CONTAINER ID\tIMAGE\tCOMMAND\tLOCAL VOLUMES\tSIZE\tCREATED\tSTATUS\tNAMES', ...containers])}` +
      `\nLocal Volumes space usage:\n\n${alignTable(['VOLUME NAME\tLINKS\tSIZE', ...volumes])}` +
      `\nBuild cache usage: ${humanSize(total)}\n\n${alignTable(['CACHE ID\tCACHE TYPE\tSIZE\tCREATED\tLAST USED\tUSAGE\tSHARED', ...cache])}`,
  )
  return 0
}
