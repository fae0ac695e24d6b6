import type { Process } from '../../linux/process.ts'
import type { ServiceUnit } from '../../linux/system-calls.ts'
import { dateFields } from '../../time/date.ts'
import type { Applet } from '../applet/applet.ts'
import { AppletError } from '../applet/applet.ts'
import { nfsServer } from '../nfs/server.ts'

type Call = Parameters<Applet>[0]

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Services that can be started and stopped. */
const UNITS: Readonly<
  Record<
    string,
    {
      running(process: Process): boolean
      start(process: Process): void
      stop(process: Process): void
      /** What status shows. */
      status(process: Process): string
    }
  >
> = { 'nfs-server': nfsServer, 'nfs-kernel-server': nfsServer }

/** systemctl and service: units are not simulated as systemd would run them. */
export const systemctl: Applet = async (call) => {
  const { process } = call
  const [verb = '', ...names] = call.args.filter((word) => !word.startsWith('-'))
  if (verb === 'daemon-reload') return 0
  let status = 0
  for (const unit of names.length > 0 ? names : ['']) {
    const name = unit.replace(/\.service$/, '')
    const kept = process.system.units.get(name)
    status = (kept ? await control(call, name, kept, verb) : await other(call, name, verb)) || status
  }
  return status
}

/** A service that the machine knows with its journal. */
async function control(call: Call, name: string, unit: ServiceUnit, verb: string): Promise<number> {
  const { process } = call
  if (!['is-active', 'is-enabled', 'is-failed', 'status', 'show'].includes(verb) && process.credentials.uid !== 0) {
    await process.printError(
      `Failed to ${verb} ${name}.service: Interactive authentication required.\nSee system logs and 'systemctl status ${name}.service' for details.\n`,
    )
    return 1
  }
  const now = call.args.includes('--now')
  const state = unit.state ?? (unit.running ? 'active (running)' : 'inactive (dead)')
  switch (verb) {
    case 'is-active':
      await process.print(`${state.split(' ')[0]}\n`)
      return unit.running ? 0 : 3
    case 'is-enabled':
      await process.print(unit.enabled ? 'enabled\n' : 'disabled\n')
      return unit.enabled ? 0 : 1
    case 'enable':
      if (!unit.enabled)
        await process.printError(
          `Created symlink /etc/systemd/system/multi-user.target.wants/${name}.service → /lib/systemd/system/${name}.service.\n`,
        )
      unit.enabled = true
      if (now) unit.start()
      return 0
    case 'disable':
      if (unit.enabled)
        await process.printError(`Removed "/etc/systemd/system/multi-user.target.wants/${name}.service".\n`)
      unit.enabled = false
      if (now) unit.stop()
      return 0
    case 'start':
      unit.start()
      return 0
    case 'stop':
      unit.stop()
      return 0
    case 'restart':
    case 'reload-or-restart':
      unit.stop()
      unit.start()
      return 0
    case 'status': {
      const pid = unit.mainPid
      const lines = unit.log.slice(-10).map((line) => `${journalLine(process, name, pid, line)}\n`)
      await process.print(
        `${unit.running ? '●' : '○'} ${name}.service - ${unit.description}\n     Loaded: loaded (/lib/systemd/system/${name}.service; ${unit.enabled ? 'enabled' : 'disabled'}; preset: enabled)\n     Active: ${state}\n${pid === undefined ? '' : `   Main PID: ${pid} (${name})\n`}\n${lines.join('')}`,
      )
      return unit.running ? 0 : 3
    }
  }
  await process.printError(`not simulated: systemctl ${call.args.join(' ')}\n`)
  return 1
}

function journalLine(
  process: Process,
  name: string,
  pid: number | undefined,
  { time, text }: { time: number; text: string },
): string {
  const { month, day, hour, minute, second } = dateFields(time)
  const two = (n: number) => String(n).padStart(2, '0')
  const own = /^(Started|Stopped) /.test(text)
  return `${MONTHS[month - 1]} ${two(day)} ${two(hour)}:${two(minute)}:${two(second)} ${process.machine.hostname} ${own ? 'systemd[1]' : `${name}[${pid ?? 600 + (Math.floor(time / 1000) % 3000)}]`}: ${text}`
}

/** `journalctl -u UNIT`, `-k`; the rest of the journal is not kept. */
export const journalctl: Applet = async (call) => {
  const { process, args } = call
  if (args.some((word) => word === '-k' || word === '--dmesg')) {
    await process.print(
      process.system
        .kernelLog()
        .map((line) => `${line.text}\n`)
        .join(''),
    )
    return 0
  }
  const at = args.findIndex((word) => /^(-\w*u|--unit)$/.test(word))
  const given = at >= 0 ? args[at + 1] : args.map((word) => /^(?:--unit=|-x?e?u)(.+)$/.exec(word)?.[1]).find(Boolean)
  if (given === undefined)
    throw new AppletError('not simulated: the journal (containers log through kubectl logs and docker logs)')
  const name = given.replace(/\.service$/, '')
  const unit = process.system.units.get(name)
  const tail = Number(args[args.indexOf('-n') + 1])
  const lines = (unit?.log ?? []).slice(args.includes('-n') && tail > 0 ? -tail : 0)
  await process.print(
    lines.length === 0
      ? '-- No entries --\n'
      : lines.map((line) => `${journalLine(process, name, unit?.mainPid, line)}\n`).join(''),
  )
  return 0
}

/** A service that is there when its process is. */
async function other(call: Call, name: string, verb: string): Promise<number> {
  const { process } = call
  const rows = process.files
    .list('/proc')
    .filter((entry) => /^\d+$/.test(entry.name))
    .flatMap((entry) => {
      try {
        return [process.files.readText(`/proc/${entry.name}/comm`).trim()]
      } catch {
        return []
      }
    })
  const own = UNITS[name]
  const daemon: Readonly<Record<string, string>> = { docker: 'dockerd', ssh: 'sshd', cron: 'crond' }
  const running = own?.running(process) || rows.includes(name) || rows.includes(daemon[name] ?? '-')
  switch (verb) {
    case 'is-active':
      await process.print(running ? 'active\n' : 'inactive\n')
      return running ? 0 : 3
    case 'is-enabled':
      await process.print('enabled\n')
      return 0
    case 'status':
      if (!own && !running && !process.files.exists(`/lib/systemd/system/${name}.service`)) {
        await process.printError(`Unit ${name}.service could not be found.\n`)
        return 4
      }
      if (own) {
        await process.print(own.status(process))
        return running ? 0 : 3
      }
      await process.print(
        `● ${name}.service - ${name}\n     Loaded: loaded (/lib/systemd/system/${name}.service; enabled; preset: enabled)\n     Active: ${running ? 'active (running)' : 'inactive (dead)'}\n`,
      )
      return running ? 0 : 3
    case 'enable':
      return 0
    case 'stop':
      if (!own) break
      own.stop(process)
      return 0
    case 'start':
    case 'restart':
      if (own) {
        own.start(process)
        return 0
      }
      if (running) return 0
      break
    case 'reload':
      if (running) return 0
      break
  }
  await process.printError(`not simulated: systemctl ${call.args.join(' ')}\n`)
  return 1
}

export const service: Applet = async (call) => {
  const [name = '', verb = ''] = call.args
  return systemctl({ ...call, name: 'systemctl', args: [verb, name] })
}
