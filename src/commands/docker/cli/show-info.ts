import { bytesSize } from '../../../sim/containers/units.ts'
import { installedPlugins } from '../plugins.ts'
import { printTemplate } from './print-template.ts'
import { CommandError, type Session } from './session.ts'

interface Info {
  [name: string]: unknown
  DriverStatus: [string, string][]
  Plugins: { Volume: string[]; Network: string[]; Log: string[] }
  SecurityOptions: string[]
  ContainerdCommit: { ID: string }
  RuncCommit: { ID: string }
  InitCommit: { ID: string }
}

export async function showInfo(session: Session): Promise<number> {
  let info: Info
  const plugins = installedPlugins(session.process)
  const client =
    'Client:\n Version:    28.2.2\n Context:    default\n Debug Mode: false\n' +
    (plugins.length > 0 ? ' Plugins:\n' : '') +
    plugins
      .map(({ name, summary, version, path }) => {
        return `  ${name}: ${summary} (Docker Inc.)\n    Version:  ${version}\n    Path:     ${path}\n`
      })
      .join('') +
    '\nServer:\n'
  const format = session.flags.string('format')
  try {
    info = await session.client.get<Info>('/info')
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    if (!format) await session.print(client)
    throw new CommandError(error.message)
  }
  if (format) {
    await session.print(`${printTemplate(format, info, '', 'system.dockerInfo')}\n`)
    return 0
  }
  const lines = [
    `Containers: ${info.Containers}`,
    ` Running: ${info.ContainersRunning}`,
    ` Paused: ${info.ContainersPaused}`,
    ` Stopped: ${info.ContainersStopped}`,
    `Images: ${info.Images}`,
    `Server Version: ${info.ServerVersion}`,
    `Storage Driver: ${info.Driver}`,
    ...info.DriverStatus.map(([name, value]) => ` ${name}: ${value}`),
    `Logging Driver: ${info.LoggingDriver}`,
    `Cgroup Driver: ${info.CgroupDriver}`,
    `Cgroup Version: ${info.CgroupVersion}`,
    'Plugins:',
    ` Volume: ${info.Plugins.Volume.join(' ')}`,
    ` Network: ${info.Plugins.Network.join(' ')}`,
    ` Log: ${info.Plugins.Log.join(' ')}`,
    'Swarm: inactive',
    'Runtimes: io.containerd.runc.v2 io.containerd.runtime.v1.linux runc',
    `Default Runtime: ${info.DefaultRuntime}`,
    `Init Binary: ${info.InitBinary}`,
    `containerd version: ${info.ContainerdCommit.ID}`,
    `runc version: ${info.RuncCommit.ID}`,
    `init version: ${info.InitCommit.ID}`,
    'Security Options:',
    ' seccomp',
    '  Profile: default',
    `Kernel Version: ${info.KernelVersion}`,
    `Operating System: ${info.OperatingSystem}`,
    `OSType: ${info.OSType}`,
    `Architecture: ${info.Architecture}`,
    `CPUs: ${info.NCPU}`,
    `Total Memory: ${bytesSize(info.MemTotal as number)}`,
    `Name: ${info.Name}`,
    `ID: ${info.ID}`,
    `Docker Root Dir: ${info.DockerRootDir}`,
    'Debug Mode: false',
    'Experimental: false',
    'Insecure Registries:',
    ' 127.0.0.0/8',
    'Live Restore Enabled: false',
  ]
  await session.print(`${client}${lines.map((line) => ` ${line}\n`).join('')}\n`)
  return 0
}
