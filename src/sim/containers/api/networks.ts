import { parseRfc3339 } from '../../time/date.ts'
import { ApiError } from '../docker/api-error.ts'
import type { Network } from '../docker/network.ts'
import { pruneFilter } from './prune-filter.ts'
import { allowFilters, empty, json, type Route } from './router.ts'

function shown(network: Network, withContainers: boolean) {
  const { attachments } = network
  return {
    Name: network.name,
    Id: network.id,
    Created: network.created,
    Scope: 'local',
    Driver: network.driver,
    EnableIPv6: false,
    IPAM: {
      Driver: 'default',
      Options:
        network.configured || network.name !== 'bridge'
          ? network.driver === 'bridge' && network.name !== 'bridge'
            ? {}
            : null
          : null,
      Config: network.subnet
        ? [
            {
              Subnet: network.subnet,
              ...(network.range ? { IPRange: network.range } : {}),
              ...(network.gateway ? { Gateway: network.gateway } : {}),
            },
          ]
        : [],
    },
    Internal: network.internal,
    Attachable: false,
    Ingress: false,
    ConfigFrom: { Network: '' },
    ConfigOnly: false,
    Containers: withContainers
      ? Object.fromEntries(
          [...attachments.values()]
            .sort((a, b) => (a.containerId < b.containerId ? -1 : 1))
            .map((one) => [
              one.containerId,
              {
                Name: one.name,
                EndpointID: one.endpointId,
                MacAddress: one.mac,
                IPv4Address: `${one.ip}/${network.prefix}`,
                IPv6Address: '',
              },
            ]),
        )
      : {},
    Options: network.options,
    Labels: network.labels,
  }
}

interface CreateBody {
  Name: string
  Driver?: string
  Internal?: boolean
  Labels?: Record<string, string>
  Options?: Record<string, string>
  EnableIPv6?: boolean
  IPAM?: { Config?: { Subnet?: string; Gateway?: string; IPRange?: string }[] }
}

export const networks: readonly Route[] = [
  {
    method: 'GET',
    path: '/networks',
    handle: (call) => {
      const filters = call.filters()
      allowFilters(filters, ['dangling', 'driver', 'id', 'label', 'name', 'scope', 'type'])
      const any = (name: string, test: (value: string) => boolean) => {
        const values = filters.get(name)
        return !values?.length || values.some(test)
      }
      const found = call.daemon.networks.list().filter(
        (network) =>
          any('name', (value) => network.name.includes(value)) &&
          any('id', (value) => network.id.startsWith(value)) &&
          any('driver', (value) => network.driver === value) &&
          any('scope', (value) => value === 'local') &&
          any('type', (value) => (value === 'builtin') === ['bridge', 'host', 'none'].includes(network.name)) &&
          any(
            'dangling',
            (value) =>
              (value === 'true') ===
              (network.attachments.size === 0 && !['bridge', 'host', 'none'].includes(network.name)),
          ) &&
          (filters.get('label') ?? []).every((label) => {
            const [key = '', value] = label.split('=')
            return value === undefined ? key in network.labels : network.labels[key] === value
          }),
      )
      return json(found.map((network) => shown(network, false)))
    },
  },
  {
    method: 'POST',
    path: '/networks/create',
    handle: (call) => {
      const { Name, Driver, Internal, Labels, Options, IPAM, EnableIPv6 } = call.request.body as CreateBody
      if (EnableIPv6) throw new ApiError(501, 'not simulated: networks with IPv6')
      const config = IPAM?.Config?.[0]
      const network = call.daemon.networks.create(Name, {
        driver: Driver,
        internal: Internal,
        labels: Labels,
        options: Options,
        ...(config?.Subnet ? { subnet: config.Subnet } : {}),
        ...(config?.Gateway ? { gateway: config.Gateway } : {}),
        ...(config?.IPRange ? { range: config.IPRange } : {}),
      })
      return json({ Id: network.id, Warning: '' }, 201)
    },
  },
  {
    method: 'POST',
    path: '/networks/prune',
    handle: (call) => {
      const { networks } = call.daemon
      const wanted = pruneFilter(call)
      const used = new Set(call.daemon.list().flatMap((container) => [...container.endpoints.keys()]))
      const gone = networks
        .list()
        .filter((network) => !['bridge', 'host', 'none'].includes(network.name) && !used.has(network.name))
        .filter((network) => wanted({ created: parseRfc3339(network.created), labels: network.labels }))
      for (const network of gone) networks.remove(network.id)
      return json({ NetworksDeleted: gone.length > 0 ? gone.map((network) => network.name) : null })
    },
  },
  {
    method: 'GET',
    path: '/networks/:id',
    handle: (call) => json(shown(call.daemon.networks.get(call.params.id!), true)),
  },
  {
    method: 'DELETE',
    path: '/networks/:id',
    handle: (call) => {
      call.daemon.networks.remove(call.params.id!)
      return empty()
    },
  },
  {
    method: 'POST',
    path: '/networks/:id/connect',
    handle: (call) => {
      const { daemon } = call
      const body = call.request.body as {
        Container: string
        EndpointConfig?: { Aliases?: string[]; IPAMConfig?: { IPv4Address?: string } }
      }
      const network = daemon.networks.get(call.params.id!)
      const container = daemon.get(body.Container)
      if (network.driver === 'host' || container.hostConfig.NetworkMode === 'host')
        throw new ApiError(403, 'container cannot be disconnected from host network or connected to host network')
      if (container.hostConfig.NetworkMode.startsWith('container:'))
        throw new ApiError(
          403,
          'container sharing network namespace with another container or host cannot be connected to any other network',
        )
      if (container.endpoints.has(network.name))
        throw new ApiError(403, `endpoint with name ${container.name} already exists in network ${network.name}`)
      const ip = body.EndpointConfig?.IPAMConfig?.IPv4Address
      if (ip && !network.configured)
        throw new ApiError(
          400,
          'user specified IP address is supported only when connecting to networks with user configured subnets',
        )
      const endpoint = { network: network.name, aliases: body.EndpointConfig?.Aliases ?? [], ...(ip ? { ip } : {}) }
      container.endpoints.set(network.name, endpoint)
      container.endpoints.delete('none')
      if (container.running && container.runtime.namespaces)
        daemon.connect(container, endpoint, container.runtime.namespaces)
      return empty(200)
    },
  },
  {
    method: 'POST',
    path: '/networks/:id/disconnect',
    handle: (call) => {
      const { daemon } = call
      const { Container, Force } = call.request.body as { Container: string; Force?: boolean }
      const network = daemon.networks.get(call.params.id!)
      const container = daemon.find(Container)
      if (!container) {
        if (Force) return empty(200)
        throw new ApiError(404, `No such container: ${Container}`)
      }
      if (network.driver === 'host')
        throw new ApiError(403, 'container cannot be disconnected from host network or connected to host network')
      if (!container.endpoints.delete(network.name))
        throw new ApiError(403, `container ${container.id} is not connected to network ${network.name}`)
      daemon.disconnect(container, network.name)
      return empty(200)
    },
  },
]
