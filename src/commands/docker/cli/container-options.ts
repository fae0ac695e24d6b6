import type { CreateRequest } from '../../../sim/containers/docker/containers.ts'
import type { HostConfig } from '../../../sim/containers/docker/host-config.ts'
import { SystemError } from '../../../sim/linux/errors.ts'
import { API_VERSION } from './engine-client.ts'
import type { Check } from './flag-values.ts'
import { parseMount } from './mount-flag.ts'
import { parsePorts } from './ports.ts'
import { CommandError, type Session } from './session.ts'

/** Flags of run and create that are checked while they are read. */
export const CONTAINER_CHECKS: Readonly<Record<string, Check>> = {
  env: (value) => {
    if (value.startsWith('=') || value === '') throw new Error(`invalid environment variable: ${value}`)
  },
  mount: (value) => {
    parseMount(value)
  },
  attach: (value) => {
    if (!['stdin', 'stdout', 'stderr'].includes(value.toLowerCase()))
      throw new Error('valid streams are STDIN, STDOUT and STDERR')
  },
  link: (value) => {
    if (value.split(':').length > 2 || value === '') throw new Error(`bad format for links: ${value}`)
  },
  'add-host': (value) => {
    const [, address] = /^[^:=]+[:=](.+)$/.exec(value) ?? []
    if (address === undefined) throw new Error(`bad format for add-host: "${value}"`)
    if (address !== 'host-gateway' && !isAddress(address.replace(/^\[(.*)\]$/, '$1')))
      throw new Error(`invalid IP address in add-host: "${address}"`)
  },
  dns: (value) => {
    if (!isAddress(value.trim())) throw new Error(`IP address is not correctly formatted: ${value}`)
  },
  sysctl: (value) => {
    const name = value.split('=', 1)[0]!
    if (!value.includes('=') || !(SYSCTLS.includes(name) || /^(?:net|fs\.mqueue)\./.test(name)))
      throw new Error(`sysctl '${value}' is not allowed`)
  },
  ulimit: (value) => {
    const type = value.split('=', 1)[0]!
    if (!ULIMITS.includes(type)) throw new Error(`invalid ulimit type: ${type}`)
  },
}

const isAddress = (text: string) =>
  (/^\d+(?:\.\d+){3}$/.test(text) && text.split('.').every((part) => Number(part) < 256)) ||
  /^[\da-f:.]*:[\da-f:.]*$/i.test(text)

const SYSCTLS = 'msgmax msgmnb msgmni sem shmall shmmax shmmni shm_rmid_forced'
  .split(' ')
  .map((name) => `kernel.${name}`)
const ULIMITS = 'core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack'.split(
  ' ',
)

/** What the docker command itself refuses before it asks the daemon. */
function refuseModes(session: Session): void {
  const { flags } = session
  const text = (name: string) => flags.string(name) ?? ''
  const isContainer = (mode: string) => /^container:./.test(mode)
  if (text('pid') !== '' && text('pid') !== 'host' && !isContainer(text('pid')))
    throw new CommandError('--pid: invalid PID mode')
  if (!['', 'host'].includes(text('uts'))) throw new CommandError('--uts: invalid UTS mode')
  if (!['', 'host'].includes(text('userns'))) throw new CommandError('--userns: invalid USER mode')
  if (!['', 'host', 'private'].includes(text('cgroupns'))) throw new CommandError('--cgroupns: invalid CGROUP mode')
  const swappiness = flags.number('memory-swappiness') ?? -1
  if (swappiness !== -1 && (swappiness < 0 || swappiness > 100))
    throw new CommandError(`invalid value: ${swappiness}. Valid memory swappiness range is 0-100`)
  const mac = text('mac-address')
  if (mac !== '' && !/^[\da-f]{2}(?:[:-][\da-f]{2}){5}$/i.test(mac))
    throw new CommandError(`${mac} is not a valid mac address`)
  if (mac !== '')
    throw new CommandError(
      `"specify mac-address per network" requires API version 1.44, but the Docker daemon API version is ${API_VERSION}`,
    )
  if ((flags.number('health-retries') ?? 0) < 0) throw new CommandError('--health-retries cannot be negative')
  for (const name of ['interval', 'timeout', 'start-period'])
    if ((flags.duration(`health-${name}`) ?? 0) < 0) throw new CommandError(`--health-${name} cannot be negative`)
  for (const device of flags.list('device'))
    if (!device.startsWith('/') && !device.includes('=')) throw new CommandError(`${device} is not an absolute path`)
  for (const option of flags.list('security-opt')) {
    if (!/[=:]/.test(option) && option !== 'no-new-privileges')
      throw new CommandError(`Invalid --security-opt: ${JSON.stringify(option)}`)
    const profile = /^seccomp[=:](.*)$/.exec(option)?.[1]
    if (
      profile !== undefined &&
      profile !== 'unconfined' &&
      profile !== 'builtin' &&
      !session.process.files.exists(profile)
    )
      throw new CommandError(`opening seccomp profile (${profile}) failed: open ${profile}: no such file or directory`)
  }
}

/** What `docker run` and `docker create` send. */
export function createRequest(session: Session): CreateRequest {
  const { flags, args, process } = session
  refuseModes(session)
  const [image = '', ...command] = args
  const text = (name: string) => flags.string(name) ?? ''
  const { exposed, bindings } = parsePorts(flags.list('publish'), flags.list('expose'))
  const { binds, volumes } = volumeFlags(session)
  const attach = flags.list('attach').map((name) => name.toLowerCase())
  const detach = flags.bool('detach')
  const interactive = flags.bool('interactive')
  const attached = (name: string, fallback: boolean) => (attach.length > 0 ? attach.includes(name) : fallback)
  const networks = flags.list('network')
  const mode = networks[0] ?? 'default'
  if (networks.length > 0 && mode === '') throw new CommandError('no name set for network')
  const entrypoint = flags.string('entrypoint')
  const stdin = attached('stdin', !detach && interactive)
  const restart = restartPolicy(text('restart'))
  if (flags.bool('rm') && restart.Name !== 'no' && restart.Name !== '')
    throw new CommandError('conflicting options: cannot specify both --restart and --rm')
  const nano = flags.string('cpus')
  const host: Partial<HostConfig> = {
    Binds: binds.length > 0 ? binds : null,
    NetworkMode: mode,
    PortBindings: bindings,
    RestartPolicy: restart,
    AutoRemove: flags.bool('rm'),
    LogConfig: { Type: text('log-driver'), Config: keyValues(flags.list('log-opt')) },
    VolumesFrom: listOrNull(flags.list('volumes-from')),
    CapAdd: listOrNull(flags.list('cap-add')),
    CapDrop: listOrNull(flags.list('cap-drop')),
    CgroupnsMode: text('cgroupns'),
    Dns: flags.list('dns'),
    DnsOptions: flags.list('dns-option'),
    DnsSearch: flags.list('dns-search'),
    ExtraHosts: listOrNull(flags.list('add-host')),
    GroupAdd: listOrNull(flags.list('group-add')),
    IpcMode: text('ipc'),
    Links: listOrNull(flags.list('link')),
    OomScoreAdj: flags.number('oom-score-adj') ?? 0,
    PidMode: text('pid'),
    Privileged: flags.bool('privileged'),
    PublishAllPorts: flags.bool('publish-all'),
    ReadonlyRootfs: flags.bool('read-only'),
    SecurityOpt: listOrNull(flags.list('security-opt')),
    ...(flags.has('tmpfs')
      ? {
          Tmpfs: Object.fromEntries(flags.list('tmpfs').map((spec) => [spec.split(':')[0]!, spec.split(':')[1] ?? ''])),
        }
      : {}),
    UTSMode: text('uts'),
    UsernsMode: text('userns'),
    ShmSize: flags.bytes('shm-size') ?? 0,
    ...(flags.has('sysctl') ? { Sysctls: keyValues(flags.list('sysctl')) } : {}),
    Runtime: text('runtime'),
    CpuShares: flags.number('cpu-shares') ?? 0,
    Memory: flags.bytes('memory') ?? 0,
    NanoCpus: nano === undefined ? 0 : Math.round(Number(nano) * 1e9),
    CgroupParent: text('cgroup-parent'),
    CpuPeriod: flags.number('cpu-period') ?? 0,
    CpuQuota: flags.number('cpu-quota') ?? 0,
    CpusetCpus: text('cpuset-cpus'),
    CpusetMems: text('cpuset-mems'),
    Devices: flags.list('device').map((spec) => {
      const [PathOnHost = '', PathInContainer = PathOnHost, CgroupPermissions = 'rwm'] = spec.split(':')
      return { PathOnHost, PathInContainer, CgroupPermissions }
    }),
    DeviceRequests: flags.has('gpus') ? [{ Driver: '', Count: -1, Capabilities: [['gpu']] }] : null,
    MemoryReservation: flags.bytes('memory-reservation') ?? 0,
    MemorySwap: flags.bytes('memory-swap') ?? 0,
    PidsLimit: flags.has('pids-limit') ? flags.number('pids-limit')! : null,
    OomKillDisable: flags.bool('oom-kill-disable'),
    Ulimits: flags.list('ulimit').map((spec) => {
      const [, Name = '', soft, hard = soft] = /^(\w+)=(-?\d+)(?::(-?\d+))?$/.exec(spec) ?? []
      return { Name, Hard: Number(hard), Soft: Number(soft) }
    }),
    ...(flags.has('mount') ? { Mounts: flags.list('mount').map(parseMount) } : {}),
    ...(flags.has('init') ? { Init: flags.bool('init') } : {}),
  }
  const userDefined = !['default', 'bridge', 'host', 'none'].includes(mode) && !mode.startsWith('container:')
  if (flags.has('network-alias') && !userDefined)
    throw new CommandError('network-scoped aliases are only supported for user-defined networks')
  return {
    Hostname: text('hostname'),
    Domainname: text('domainname'),
    User: text('user'),
    AttachStdin: stdin,
    AttachStdout: attached('stdout', !detach),
    AttachStderr: attached('stderr', !detach),
    ExposedPorts: exposed,
    Tty: flags.bool('tty'),
    OpenStdin: interactive,
    StdinOnce: stdin && interactive,
    Env: environment(process.env, flags.list('env'), readLines(session, flags.list('env-file'))),
    Cmd: command.length > 0 ? command : null,
    ...(healthcheck(session) ?? {}),
    Image: image,
    Volumes: volumes,
    WorkingDir: text('workdir'),
    Entrypoint: entrypoint === undefined ? null : [entrypoint],
    Labels: keyValues([...readLines(session, flags.list('label-file')), ...flags.list('label')]),
    ...(flags.has('stop-signal') ? { StopSignal: text('stop-signal') } : {}),
    ...(flags.has('stop-timeout') ? { StopTimeout: flags.number('stop-timeout')! } : {}),
    HostConfig: host,
    NetworkingConfig: {
      EndpointsConfig:
        userDefined || flags.has('ip')
          ? {
              [mode]: {
                Aliases: flags.list('network-alias'),
                ...(flags.has('ip') ? { IPAMConfig: { IPv4Address: text('ip') } } : {}),
              },
            }
          : {},
    },
  }
}

function listOrNull(list: string[]): string[] | null {
  return list.length > 0 ? list : null
}

function keyValues(list: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    list.map((pair) => {
      const equals = pair.indexOf('=')
      return equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)]
    }),
  )
}

function restartPolicy(text: string): HostConfig['RestartPolicy'] {
  if (text === '') return { Name: 'no', MaximumRetryCount: 0 }
  const [Name = '', count, ...more] = text.split(':')
  if (more.length > 0) throw new CommandError('invalid restart policy format')
  if (count !== undefined && !/^-?\d+$/.test(count))
    throw new CommandError('invalid restart policy format: maximum retry count must be an integer')
  return { Name, MaximumRetryCount: Number(count ?? 0) }
}

function environment(
  own: ReadonlyMap<string, string>,
  list: readonly string[],
  fromFiles: readonly string[],
): string[] {
  const out: string[] = []
  for (const line of [...fromFiles, ...list]) {
    if (line.includes('=')) out.push(line)
    // A bare name takes its value from the caller, if it has one.
    else if (own.has(line)) out.push(`${line}=${own.get(line)}`)
  }
  return out
}

/** The lines of `--env-file` and the like, without comments. Throws CommandError. */
export function readLines(session: Session, paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    try {
      return session.process.files
        .readText(path)
        .split('\n')
        .map((line) => line.trimStart())
        .filter((line) => line !== '' && !line.startsWith('#'))
    } catch (error) {
      if (error instanceof SystemError) throw new CommandError(`open ${path}: ${error.message.toLowerCase()}`)
      throw error
    }
  })
}

function volumeFlags(session: Session): { binds: string[]; volumes: Record<string, object> } {
  const binds: string[] = []
  const volumes: Record<string, object> = {}
  for (const spec of session.flags.list('volume')) {
    const parts = spec.split(':')
    if (parts.length > 3) throw new CommandError(`invalid spec: ${spec}: too many colons`)
    if (spec === '') throw new CommandError('invalid empty volume spec')
    if (parts.length === 1) {
      volumes[spec] = {}
      continue
    }
    const [source = '', ...rest] = parts
    if (source === '') throw new CommandError(`invalid spec: ${spec}: empty section between colons`)
    const path = /^\.{1,2}(?:\/|$)/.test(source)
      ? absolute(session.process.cwd, source)
      : source.startsWith('~/')
        ? `${session.process.env.get('HOME')}${source.slice(1)}`
        : source
    binds.push([path, ...rest].join(':'))
  }
  return { binds, volumes }
}

export function absolute(cwd: string, path: string): string {
  const parts: string[] = []
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..') parts.pop()
    else parts.push(part)
  }
  return `/${parts.join('/')}`
}

function healthcheck({ flags }: Session): Pick<CreateRequest, 'Healthcheck'> | undefined {
  if (flags.bool('no-healthcheck')) {
    if (flags.has('health-cmd')) throw new CommandError('--no-healthcheck conflicts with --health-* options')
    return { Healthcheck: { Test: ['NONE'] } }
  }
  if (
    !['health-cmd', 'health-interval', 'health-retries', 'health-timeout', 'health-start-period'].some((name) =>
      flags.has(name),
    )
  )
    return undefined
  const nanos = (name: string) => (flags.has(name) ? { value: Math.round(flags.duration(name)! * 1e6) } : undefined)
  const command = flags.string('health-cmd')
  return {
    Healthcheck: {
      ...(command ? { Test: ['CMD-SHELL', command] } : {}),
      ...(nanos('health-interval') ? { Interval: nanos('health-interval')!.value } : {}),
      ...(nanos('health-timeout') ? { Timeout: nanos('health-timeout')!.value } : {}),
      ...(nanos('health-start-period') ? { StartPeriod: nanos('health-start-period')!.value } : {}),
      ...(flags.has('health-retries') ? { Retries: flags.number('health-retries')! } : {}),
    },
  }
}
