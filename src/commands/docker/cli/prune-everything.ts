import { humanSize } from '../../../sim/containers/units.ts'
import { filterQuery } from './filters.ts'
import { CommandError, type Session } from './session.ts'

interface Pruned {
  ContainersDeleted?: string[] | null
  NetworksDeleted?: string[] | null
  VolumesDeleted?: string[] | null
  ImagesDeleted?: { Untagged?: string; Deleted?: string }[] | null
  CachesDeleted?: string[] | null
  SpaceReclaimed?: number
}

/** docker system prune */
export async function pruneEverything(session: Session): Promise<number> {
  const { client, flags } = session
  const all = flags.bool('all')
  const volumes = flags.bool('volumes')
  if (!flags.bool('force')) {
    const what = [
      'all stopped containers',
      'all networks not used by at least one container',
      ...(volumes ? ['all anonymous volumes not used by at least one container'] : []),
      all ? 'all images without at least one container associated to them' : 'all dangling images',
      all ? 'all build cache' : 'unused build cache',
    ]
    await session.print(
      `WARNING! This will remove:\n${what.map((line) => `  - ${line}\n`).join('')}\nAre you sure you want to continue? [y/N] `,
    )
    const answer = new TextDecoder()
      .decode(await session.process.stdin.read())
      .trim()
      .toLowerCase()
    if (answer !== 'y') throw new CommandError('system prune has been cancelled')
  }
  const filters = filterQuery(flags.list('filter'))
  let space = 0
  const section = async (title: string, list: readonly string[] | null | undefined) => {
    if (list?.length) await session.print(`${title}:\n${list.map((line) => `${line}\n`).join('')}\n`)
  }
  const containers = await client.post<Pruned>('/containers/prune', { filters })
  space += containers.SpaceReclaimed ?? 0
  await section('Deleted Containers', containers.ContainersDeleted)
  await section('Deleted Networks', (await client.post<Pruned>('/networks/prune', { filters })).NetworksDeleted)
  if (volumes) {
    const pruned = await client.post<Pruned>('/volumes/prune')
    space += pruned.SpaceReclaimed ?? 0
    await section('Deleted Volumes', pruned.VolumesDeleted)
  }
  const images = await client.post<Pruned>('/images/prune', {
    filters: filterQuery(flags.list('filter'), { dangling: [all ? 'false' : 'true'] }),
  })
  space += images.SpaceReclaimed ?? 0
  await section(
    'Deleted Images',
    images.ImagesDeleted?.map(({ Untagged, Deleted }) => (Untagged ? `untagged: ${Untagged}` : `deleted: ${Deleted}`)),
  )
  const cache = await client.post<Pruned>('/build/prune', { all: all ? 1 : undefined })
  space += cache.SpaceReclaimed ?? 0
  await section('Deleted build cache objects', cache.CachesDeleted)
  await session.print(`Total reclaimed space: ${humanSize(space)}\n`)
  return 0
}
