import type { CreateRequest } from '../../../sim/containers/docker/containers.ts'
import type { HostConfig, MountRequest } from '../../../sim/containers/docker/host-config.ts'
import { parseRamSize } from '../../../sim/containers/units.ts'
import type { Process } from '../../../sim/linux/process.ts'
import { absolute } from '../cli/container-options.ts'
import { parseDuration } from '../cli/flag-values.ts'
import { parsePorts } from '../cli/ports.ts'
import { CommandError } from '../cli/session.ts'
import { envLines, type Project, type ServiceFile } from './project.ts'

/** A command line as a shell would split it. */
export const splitWords = (text: string) =>
  [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? match[3] ?? '')
const argv = (value: string | string[] | undefined) =>
  value === undefined ? null : Array.isArray(value) ? value.map(String) : splitWords(value)
const nanos = (text: string | undefined) => (text === undefined ? 0 : Math.round(parseDuration(text) * 1e6))

export function imageOf(project: Project, name: string): string {
  return project.services[name]!.image ?? `${project.name}-${name}`
}

export function containerName(project: Project, name: string): string {
  return project.services[name]!.container_name ?? `${project.name}-${name}-1`
}

export function networkNames(project: Project, service: ServiceFile): string[] {
  if (service.network_mode) return []
  const own =
    service.networks === undefined
      ? ['default']
      : Array.isArray(service.networks)
        ? service.networks
        : Object.keys(service.networks)
  return own.map((name) => networkName(project, name))
}

export function networkName(project: Project, name: string): string {
  const settings = project.networks[name]
  return settings?.name ?? (settings?.external ? name : `${project.name}_${name}`)
}

export function volumeName(project: Project, name: string): string {
  const settings = project.volumes[name]
  return settings?.name ?? (settings?.external ? name : `${project.name}_${name}`)
}

function portText(port: NonNullable<ServiceFile['ports']>[number]): string {
  if (typeof port !== 'object') return String(port)
  const { target, published, host_ip, protocol } = port
  const outside = published === undefined ? '' : `${host_ip ? `${host_ip}:` : ''}${published}:`
  return `${outside}${target}${protocol ? `/${protocol}` : ''}`
}

const texts = (value: string | string[] | undefined) => (typeof value === 'string' ? [value] : (value ?? []))

/** What a service's container is made with. */
export function serviceRequest(process: Process, project: Project, name: string): CreateRequest {
  const service = project.services[name]!
  const { exposed, bindings } = parsePorts((service.ports ?? []).map(portText), (service.expose ?? []).map(String))
  const binds: string[] = []
  const mounts: MountRequest[] = []
  const anonymous: Record<string, object> = {}
  for (const volume of service.volumes ?? []) {
    if (typeof volume !== 'string') {
      const Source =
        volume.source &&
        (volume.type === 'bind' ? absolute(project.folder, volume.source) : volumeName(project, volume.source))
      mounts.push({
        Type: volume.type,
        Target: volume.target,
        ...(Source ? { Source } : {}),
        ...(volume.read_only ? { ReadOnly: true } : {}),
      })
      continue
    }
    const [source = '', ...rest] = volume.split(':')
    if (rest.length === 0) anonymous[source] = {}
    else if (/^[./~]/.test(source))
      binds.push(
        [absolute(project.folder, source.replace(/^~/, process.env.get('HOME') ?? '/root')), ...rest].join(':'),
      )
    else binds.push([volumeName(project, source), ...rest].join(':'))
  }
  const [main = 'none', ...others] = networkNames(project, service)
  const endpoint = (network: string) => {
    const settings = Array.isArray(service.networks)
      ? undefined
      : Object.entries(service.networks ?? {}).find(([key]) => networkName(project, key) === network)?.[1]
    return {
      Aliases: [containerName(project, name), name, ...(settings?.aliases ?? [])],
      ...(settings?.ipv4_address ? { IPAMConfig: { IPv4Address: settings.ipv4_address } } : {}),
    }
  }
  const [policy = 'no', count] = (service.restart ?? 'no').split(':')
  const check = service.healthcheck
  const test = check?.disable ? ['NONE'] : typeof check?.test === 'string' ? ['CMD-SHELL', check.test] : check?.test
  const host: Partial<HostConfig> = {
    Binds: binds,
    ...(mounts.length > 0 ? { Mounts: mounts } : {}),
    PortBindings: bindings,
    NetworkMode: service.network_mode ?? main,
    RestartPolicy: { Name: policy, MaximumRetryCount: Number(count ?? 0) },
    Privileged: service.privileged ?? false,
    ...(service.cap_add ? { CapAdd: service.cap_add } : {}),
    ...(service.cap_drop ? { CapDrop: service.cap_drop } : {}),
    ...(service.extra_hosts ? { ExtraHosts: service.extra_hosts } : {}),
    ...(service.dns ? { Dns: texts(service.dns) } : {}),
    ...(service.init ? { Init: true } : {}),
    ...(service.read_only ? { ReadonlyRootfs: true } : {}),
    ...(service.tmpfs ? { Tmpfs: Object.fromEntries(texts(service.tmpfs).map((line) => line.split(/:(.*)/s))) } : {}),
    ...(service.mem_limit === undefined ? {} : { Memory: parseRamSize(String(service.mem_limit)) }),
    ...(service.cpus === undefined ? {} : { NanoCpus: Math.round(Number(service.cpus) * 1e9) }),
    ...(service.pid ? { PidMode: service.pid } : {}),
    ...(service.ipc ? { IpcMode: service.ipc } : {}),
    ...(service.sysctls
      ? {
          Sysctls: Object.fromEntries(
            Object.entries(pairs(service.sysctls as Record<string, string>)).map(([key, value]) => [
              key,
              String(value),
            ]),
          ),
        }
      : {}),
  }
  return {
    Hostname: service.hostname ?? '',
    ...(service.domainname ? { Domainname: service.domainname } : {}),
    ...(service.stop_signal ? { StopSignal: service.stop_signal } : {}),
    ...(service.stop_grace_period ? { StopTimeout: Math.round(parseDuration(service.stop_grace_period) / 1000) } : {}),
    User: service.user ?? '',
    AttachStdout: true,
    AttachStderr: true,
    Tty: service.tty ?? false,
    OpenStdin: service.stdin_open ?? false,
    ExposedPorts: exposed,
    Env: environment(process, project, service),
    Cmd: argv(service.command),
    Entrypoint: argv(service.entrypoint),
    Image: imageOf(project, name),
    Volumes: anonymous,
    WorkingDir: service.working_dir ?? '',
    Labels: {
      ...pairs(service.labels),
      'com.docker.compose.container-number': '1',
      'com.docker.compose.oneoff': 'False',
      'com.docker.compose.project': project.name,
      'com.docker.compose.project.config_files': project.file,
      'com.docker.compose.project.working_dir': project.folder,
      'com.docker.compose.service': name,
      'com.docker.compose.version': '2.36.2',
    },
    ...(test
      ? {
          Healthcheck: {
            Test: test,
            Interval: nanos(check?.interval),
            Timeout: nanos(check?.timeout),
            StartPeriod: nanos(check?.start_period),
            Retries: check?.retries ?? 0,
          },
        }
      : {}),
    HostConfig: host,
    NetworkingConfig: {
      EndpointsConfig: service.network_mode
        ? {}
        : Object.fromEntries([main, ...others].map((network) => [network, endpoint(network)])),
    },
  }
}

function environment(process: Process, project: Project, service: ServiceFile): string[] {
  const env = new Map<string, string>()
  const envFiles =
    service.env_file === undefined ? [] : Array.isArray(service.env_file) ? service.env_file : [service.env_file]
  for (const file of envFiles) {
    const path = absolute(project.folder, file)
    if (!process.files.exists(path))
      throw new CommandError(`env file ${path} not found: stat ${path}: no such file or directory`, 14)
    for (const [name, value] of envLines(process.files.readText(path))) env.set(name, value)
  }
  if (Array.isArray(service.environment)) {
    for (const line of service.environment) {
      const equals = line.indexOf('=')
      if (equals >= 0) env.set(line.slice(0, equals), line.slice(equals + 1))
      else if (process.env.has(line)) env.set(line, process.env.get(line)!)
    }
  } else
    for (const [name, value] of Object.entries(service.environment ?? {})) {
      if (value !== null) env.set(name, String(value))
      else if (process.env.has(name)) env.set(name, process.env.get(name)!)
    }
  return [...env].map(([name, value]) => `${name}=${value}`)
}

function pairs(value: Record<string, string> | string[] | undefined): Record<string, string> {
  if (!Array.isArray(value)) return value ?? {}
  return Object.fromEntries(value.map((line) => [line.split('=')[0]!, line.split('=').slice(1).join('=')]))
}
