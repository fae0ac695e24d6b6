import { treeSize } from '../docker/inspect.ts'
import type { Volume } from '../docker/volumes.ts'
import { pruneFilter } from './prune-filter.ts'
import { allowFilters, empty, json, type Route } from './router.ts'

const shown = ({ Name, Driver, Mountpoint, CreatedAt, Labels, Scope, Options }: Volume) => ({
  CreatedAt,
  Driver,
  Labels,
  Mountpoint,
  Name,
  Options,
  Scope,
})

export const volumes: readonly Route[] = [
  {
    method: 'GET',
    path: '/volumes',
    handle: (call) => {
      const filters = call.filters()
      allowFilters(filters, ['dangling', 'driver', 'label', 'name'])
      const found = call.daemon.volumes.list().filter((volume) => {
        const inUse = call.daemon.volumes.users(volume.Name).length > 0
        const dangling = filters.get('dangling')?.[0]
        const names = filters.get('name') ?? []
        const drivers = filters.get('driver') ?? []
        const labels = filters.get('label') ?? []
        return (
          (dangling === undefined || (dangling === 'true' || dangling === '1') !== inUse) &&
          (names.length === 0 || names.some((name) => volume.Name.includes(name))) &&
          (drivers.length === 0 || drivers.includes(volume.Driver)) &&
          labels.every((label) => {
            const [key = '', value] = label.split('=')
            return value === undefined ? key in (volume.Labels ?? {}) : volume.Labels?.[key] === value
          })
        )
      })
      return json({ Volumes: found.map(shown), Warnings: null })
    },
  },
  {
    method: 'POST',
    path: '/volumes/create',
    handle: (call) => {
      const { Name, Driver, Labels, DriverOpts } = call.request.body as {
        Name?: string
        Driver?: string
        Labels?: Record<string, string>
        DriverOpts?: Record<string, string>
      }
      return json(shown(call.daemon.volumes.create(Name, { driver: Driver, labels: Labels, options: DriverOpts })), 201)
    },
  },
  {
    method: 'POST',
    path: '/volumes/prune',
    handle: (call) => {
      const { volumes } = call.daemon
      const wanted = pruneFilter(call, ['label', 'label!', 'all'])
      // Before API 1.42 named volumes went too.
      const gone = volumes
        .list()
        .filter((volume) => volumes.users(volume.Name).length === 0)
        .filter(({ Labels }) => wanted({ created: 0, labels: Labels }))
      const space = gone.reduce((sum, volume) => sum + treeSize(call.daemon, volume.Mountpoint), 0)
      for (const volume of gone) volumes.remove(volume.Name)
      return json({ VolumesDeleted: gone.length > 0 ? gone.map((volume) => volume.Name) : null, SpaceReclaimed: space })
    },
  },
  { method: 'GET', path: '/volumes/:name', handle: (call) => json(shown(call.daemon.volumes.get(call.params.name!))) },
  {
    method: 'DELETE',
    path: '/volumes/:name',
    handle: (call) => {
      call.daemon.volumes.remove(call.params.name!, call.flag('force'))
      return empty()
    },
  },
]
