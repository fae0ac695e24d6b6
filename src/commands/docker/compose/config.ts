import { stringify } from 'yaml'
import { absolute } from '../cli/container-options.ts'
import { flags } from '../cli/flag.ts'
import type { ComposeCommand } from './call.ts'
import { needsOf, type Project, type ServiceFile } from './project.ts'
import { imageOf, networkName, serviceRequest, splitWords, volumeName } from './service.ts'

export const config: ComposeCommand = {
  name: 'config',
  usage: '[OPTIONS] [SERVICE...]',
  summary: 'Parse, resolve and render compose file in canonical format',
  flags: flags`
      --format string   Format the output. Values: [yaml | json] (default "yaml")
      --images          Print the image names, one per line.
  -q, --quiet           Only validate the configuration, don't print anything
      --services        Print the service names, one per line.
      --volumes         Print the volume names, one per line.
`,
  async run({ project, process, flags: given }) {
    const list = async (names: readonly string[]) => process.print(names.map((name) => `${name}\n`).join(''))
    const services = Object.keys(project.services).sort()
    if (given.bool('quiet')) return 0
    if (given.bool('services')) await list(services)
    else if (given.bool('volumes')) await list(Object.keys(project.volumes))
    else if (given.bool('images')) await list(services.map((name) => imageOf(project, name)))
    else {
      const whole = {
        name: project.name,
        services: Object.fromEntries(
          services.map((name) => {
            const env = serviceRequest(process, project, name).Env ?? []
            return [name, canonicalService(project, name, project.services[name]!, env)]
          }),
        ),
        ...section('networks', usedNetworks(project), (name) => ({
          name: networkName(project, name),
          ...project.networks[name],
        })),
        ...section('volumes', Object.keys(project.volumes), (name) => ({
          name: volumeName(project, name),
          ...project.volumes[name],
        })),
      }
      if (given.string('format') === 'json') await process.print(`${JSON.stringify(whole, null, 2)}\n`)
      else await process.print(stringify(whole, { lineWidth: 0, nullStr: 'null', version: '1.1' }))
    }
    return 0
  },
}

function section(name: string, keys: readonly string[], value: (key: string) => object): Record<string, object> {
  if (keys.length === 0) return {}
  return { [name]: Object.fromEntries([...keys].sort().map((key) => [key, value(key)])) }
}

const networksOf = (service: ServiceFile): string[] =>
  service.network_mode
    ? []
    : Array.isArray(service.networks)
      ? service.networks
      : Object.keys(service.networks ?? { default: null })

const usedNetworks = (project: Project) => [
  ...new Set([...Object.keys(project.networks), ...Object.values(project.services).flatMap(networksOf)]),
]

function canonicalService(project: Project, _name: string, service: ServiceFile, env: readonly string[]): object {
  const out: Record<string, unknown> = { ...service }
  const path = (text: string) => absolute(project.folder, text)
  if (service.build !== undefined) {
    const build = typeof service.build === 'string' ? { context: service.build } : service.build
    out.build = { ...build, context: path(build.context ?? '.'), dockerfile: build.dockerfile ?? 'Dockerfile' }
  }
  for (const key of ['command', 'entrypoint'] as const) {
    const value = service[key]
    out[key] = typeof value === 'string' ? splitWords(value) : (value ?? null)
  }
  const needs = needsOf(service)
  if (needs.length > 0)
    out.depends_on = Object.fromEntries(
      needs.sort().map((need) => {
        const settings = Array.isArray(service.depends_on) ? undefined : service.depends_on?.[need]
        return [need, { condition: settings?.condition ?? 'service_started', required: true }]
      }),
    )
  delete out.env_file
  if (env.length > 0)
    out.environment = Object.fromEntries(
      [...env].sort().map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    )
  if (!service.network_mode)
    out.networks = Array.isArray(service.networks)
      ? Object.fromEntries(service.networks.map((network) => [network, null]))
      : (service.networks ?? { default: null })
  if (service.ports) out.ports = service.ports.map(canonicalPort)
  if (service.volumes)
    out.volumes = service.volumes.map((volume) => {
      if (typeof volume !== 'string') return volume
      const [source = '', target, mode] = volume.split(':')
      if (target === undefined) return { type: 'volume', target: source, volume: {} }
      const common = { target, ...(mode === 'ro' ? { read_only: true } : {}) }
      return /^[./~]/.test(source)
        ? { type: 'bind', source: path(source), ...common, bind: { create_host_path: true } }
        : { type: 'volume', source, ...common, volume: {} }
    })
  const sorted = Object.entries(out).filter(
    ([key, value]) => value !== null || key === 'command' || key === 'entrypoint',
  )
  return Object.fromEntries(
    sorted
      .filter(([key, value]) => !(value === null && service[key as 'command'] === undefined))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

function canonicalPort(port: NonNullable<ServiceFile['ports']>[number]): object {
  if (typeof port === 'object') return { mode: 'ingress', ...port, protocol: port.protocol ?? 'tcp' }
  const [rest = '', protocol = 'tcp'] = String(port).split('/')
  const parts = rest.split(':')
  const target = Number(parts.pop())
  const published = parts.pop()
  const [ip] = parts
  return {
    mode: 'ingress',
    ...(ip ? { host_ip: ip } : {}),
    target,
    ...(published ? { published } : {}),
    protocol,
  }
}
