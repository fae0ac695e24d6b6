import { BoundedRegExp } from '../../linux/regexp/bounded-regexp.ts'
import { ApiError } from '../docker/api-error.ts'
import type { Daemon } from '../docker/daemon.ts'
import type { DockerContainer } from '../docker/docker-container.ts'
import { mountsOf, networksOf, sizes } from '../docker/inspect.ts'
import { familiarOf } from '../images/store.ts'
import { humanDuration } from '../units.ts'
import { allowFilters, json, type Route } from './router.ts'

const FILTERS = [
  'id',
  'name',
  'status',
  'ancestor',
  'label',
  'exited',
  'health',
  'volume',
  'network',
  'before',
  'since',
  'expose',
  'publish',
  'is-task',
  'isolation',
]
const STATUSES = ['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead']

export const containerList: Route = {
  method: 'GET',
  path: '/containers/json',
  handle: (call) => {
    const { daemon } = call
    const filters = call.filters()
    allowFilters(filters, FILTERS)
    for (const status of filters.get('status') ?? [])
      if (!STATUSES.includes(status)) throw new ApiError(400, `Unrecognised filter value for status: ${status}`)
    const limit = Number(call.query('limit') ?? -1)
    const all =
      call.flag('all') || limit > 0 || ['status', 'exited', 'before', 'since'].some((name) => filters.has(name))
    const found = daemon
      .list()
      .toReversed()
      .filter((container) => (all || container.running || container.restarting) && matches(daemon, container, filters))
    const shown = limit > 0 ? found.slice(0, limit) : found
    return json(shown.map((container) => containerSummary(daemon, container, call.flag('size'))))
  },
}

function matches(daemon: Daemon, container: DockerContainer, filters: Map<string, string[]>): boolean {
  const any = (name: string, test: (value: string) => boolean) => {
    const values = filters.get(name)
    return !values || values.length === 0 || values.some(test)
  }
  const labels = container.config.Labels ?? {}
  const every = (filters.get('label') ?? []).every((text) => {
    const equals = text.indexOf('=')
    return equals < 0 ? text in labels : labels[text.slice(0, equals)] === text.slice(equals + 1)
  })
  const order = daemon.list()
  const place = (text: string) => order.indexOf(daemon.get(text))
  return (
    every &&
    any('id', (value) => container.id.startsWith(value)) &&
    any('name', (value) =>
      new BoundedRegExp(value.replace(/^\^?\/?/, (start) => (start.startsWith('^') ? '^' : ''))).test(container.name),
    ) &&
    any('status', (value) => container.status === value) &&
    any('exited', (value) => container.status === 'exited' && container.runtime.exitCode === Number(value)) &&
    any('health', (value) => (container.health?.Status ?? 'none') === value) &&
    any('ancestor', (value) => {
      const image = daemon.engine.store.find(value)
      return image
        ? container.runtime.image.id === image.id ||
            layersInclude(
              container,
              image.image.layers.map((layer) => layer.diffId),
            )
        : container.imageName === value
    }) &&
    any('volume', (value) =>
      container.mounts.some((mount) => mount.Name === value || mount.Destination === value || mount.Source === value),
    ) &&
    any('network', (value) => container.endpoints.has(daemon.networks.find(value)?.name ?? value)) &&
    any('before', (value) => order.indexOf(container) < place(value)) &&
    any('since', (value) => order.indexOf(container) > place(value)) &&
    any('expose', (value) =>
      Object.keys(container.config.ExposedPorts ?? {}).some((port) => port === value || port === `${value}/tcp`),
    ) &&
    any('publish', (value) =>
      Object.entries(container.ports).some(
        ([port, list]) => (list?.length ?? 0) > 0 && (port === value || port === `${value}/tcp`),
      ),
    )
  )
}

function layersInclude(container: DockerContainer, base: string[]): boolean {
  return base.length > 0 && base.every((diffId, i) => container.runtime.image.image.layers[i]?.diffId === diffId)
}

/** `Up 2 minutes (healthy)`, `Exited (0) 3 seconds ago` */
export function statusText(daemon: Daemon, container: DockerContainer): string {
  const { runtime } = container
  const now = daemon.kernel.wallClock()
  const since = (time: number | undefined) => humanDuration(now - (time ?? now))
  if (container.removing) return 'Removal In Progress'
  if (container.restarting) return `Restarting (${runtime.exitCode ?? 0}) ${since(runtime.finishedAt)} ago`
  if (runtime.status === 'paused') return `Up ${since(runtime.startedAt)} (Paused)`
  if (runtime.status === 'running') {
    const health = container.health
      ? ` (${container.health.Status === 'starting' ? 'health: starting' : container.health.Status})`
      : ''
    return `Up ${since(runtime.startedAt)}${health}`
  }
  if (runtime.status === 'created') return 'Created'
  if (runtime.status === 'dead') return 'Dead'
  return `Exited (${runtime.exitCode ?? 0}) ${since(runtime.finishedAt)} ago`
}

export function containerSummary(daemon: Daemon, container: DockerContainer, withSize: boolean) {
  const { runtime } = container
  return {
    Id: container.id,
    Names: [`/${container.name}`],
    Image: imageLabel(daemon, container),
    ImageID: runtime.image.id,
    Command: commandText(runtime.argv),
    Created: Math.floor(runtime.createdAt / 1000),
    Ports: portList(container),
    ...(withSize ? sizes(daemon, container) : {}),
    Labels: container.config.Labels ?? {},
    State: container.status,
    Status: statusText(daemon, container),
    HostConfig: { NetworkMode: container.hostConfig.NetworkMode },
    NetworkSettings: { Networks: networksOf(daemon, container) },
    Mounts: mountsOf(container),
  }
}

/** The name it was made with while that still means the same image, else the image's id. */
function imageLabel(daemon: Daemon, container: DockerContainer): string {
  const { imageName, runtime } = container
  const named = daemon.engine.store.find(imageName)
  if (named?.id === runtime.image.id && !/^(?:sha256:)?[0-9a-f]{12,64}$/.test(imageName)) return imageName
  const known = daemon.engine.store.byId(runtime.image.id)
  if (/^(?:sha256:)?[0-9a-f]+$/.test(imageName) && known?.tags[0])
    return imageName.startsWith('sha256:') ? familiarOf(known.tags[0]) : imageName
  return runtime.image.id
}

function commandText(argv: readonly string[]): string {
  return argv.map((arg) => (/\s/.test(arg) || arg === '' ? `'${arg}'` : arg)).join(' ')
}

function portList(container: DockerContainer) {
  if (!container.running || container.attachments.size === 0) return []
  const exposed = Object.keys({ ...container.config.ExposedPorts, ...container.ports })
  return exposed.flatMap((port) => {
    const [number, Type = 'tcp'] = port.split('/')
    const PrivatePort = Number(number)
    const bindings = container.ports[port]
    if (!bindings?.length) return [{ PrivatePort, Type }]
    return bindings.map(({ HostIp, HostPort }) => ({ IP: HostIp, PrivatePort, PublicPort: Number(HostPort), Type }))
  })
}
