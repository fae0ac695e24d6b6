import { parseSignal } from '../../linux/signals.ts'
import type { ContainerConfig } from '../images/config.ts'
import { capabilityName } from '../runtime/capabilities.ts'
import { ApiError } from './api-error.ts'
import type { HostConfig } from './host-config.ts'

const MINIMUM_MEMORY = 6 * 1024 * 1024
const LOG_DRIVERS = new Set([
  'json-file',
  'none',
  'local',
  'journald',
  'syslog',
  'fluentd',
  'gelf',
  'awslogs',
  'splunk',
  'gcplogs',
  'logentries',
])

const bad = (message: string) => new ApiError(400, message)

/** Refuses limits that the daemon refuses. */
export function validateResources(host: HostConfig, cores: number): void {
  if (host.Memory > 0 && host.Memory < MINIMUM_MEMORY) throw bad('Minimum memory limit allowed is 6MB')
  if (host.Memory > 0 && host.MemorySwap > 0 && host.MemorySwap < host.Memory)
    throw bad('Minimum memoryswap limit should be larger than memory limit, see usage')
  if (host.Memory === 0 && host.MemorySwap > 0)
    throw bad('You should always set the Memory limit when using Memoryswap limit, see usage')
  if (host.NanoCpus > 0 && host.CpuPeriod > 0)
    throw bad('Conflicting options: Nano CPUs and CPU Period cannot both be set')
  if (host.NanoCpus > 0 && host.CpuQuota > 0)
    throw bad('Conflicting options: Nano CPUs and CPU Quota cannot both be set')
  if (host.NanoCpus < 0 || host.NanoCpus > cores * 1e9)
    throw bad(`Range of CPUs is from 0.01 to ${cores}.00, as there are only ${cores} CPUs available`)
  if (host.CpuPeriod !== 0 && (host.CpuPeriod < 1000 || host.CpuPeriod > 1_000_000))
    throw bad('CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)')
  if (host.CpuQuota > 0 && host.CpuQuota < 1000) throw bad('CPU cfs quota can not be less than 1ms (i.e. 1000)')
}

export function validateRestartPolicy({ Name, MaximumRetryCount }: HostConfig['RestartPolicy']): void {
  if (!['no', 'always', 'unless-stopped', 'on-failure'].includes(Name)) throw bad(`invalid restart policy '${Name}'`)
  if (Name !== 'on-failure' && MaximumRetryCount !== 0)
    throw bad(`maximum retry count cannot be used with restart policy '${Name}'`)
  if (MaximumRetryCount < 0) throw bad('maximum retry count cannot be negative')
}

/** Refuses what the daemon refuses when a container is made. */
export function validateCreate(config: ContainerConfig, host: HostConfig, cores: number): void {
  if (config.WorkingDir !== '' && !config.WorkingDir.startsWith('/'))
    throw bad(`the working directory '${config.WorkingDir}' is invalid, it needs to be an absolute path`)
  for (const line of config.Env ?? [])
    if (line === '' || line.startsWith('=')) throw bad(`invalid environment variable: ${line}`)
  if (config.StopSignal && !parseSignal(config.StopSignal)) throw bad(`Invalid signal: ${config.StopSignal}`)
  validateRestartPolicy(host.RestartPolicy)
  for (const [field, names] of [
    ['CapAdd', host.CapAdd],
    ['CapDrop', host.CapDrop],
  ] as const)
    for (const name of names ?? [])
      if (name.toUpperCase() !== 'ALL' && !capabilityName(name)) {
        const full = name.toUpperCase().startsWith('CAP_') ? name.toUpperCase() : `CAP_${name.toUpperCase()}`
        throw bad(`invalid ${field}: unknown capability: "${full}"`)
      }
  if (host.NetworkMode.startsWith('container:')) {
    if (Object.keys(host.PortBindings).length > 0 || host.PublishAllPorts)
      throw bad('conflicting options: port publishing and the container type network mode')
    if (host.Links?.length)
      throw bad(
        "conflicting options: container type network can't be used with links. This would result in undefined behavior",
      )
    if (config.Hostname !== '') throw bad('conflicting options: hostname and the network mode')
  }
  validateResources(host, cores)
  if (host.ShmSize < 0) throw bad('SHM size can not be less than 0')
  if (!['runc', 'io.containerd.runc.v2', 'io.containerd.runtime.v1.linux'].includes(host.Runtime))
    throw bad(`Unknown runtime specified ${host.Runtime}`)
}

/** The driver is looked for when the container starts. */
export function validateLogDriver(host: HostConfig): void {
  const { Type } = host.LogConfig
  if (!LOG_DRIVERS.has(Type))
    throw new ApiError(500, `error looking up logging plugin ${Type}: plugin "${Type}" not found`)
}

export function validateName(name: string): void {
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name))
    throw bad(`Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`)
}
