import { dateFields, dateFromFields, MONTHS } from '../../time/date.ts'
import type { Applet } from '../applet/applet.ts'
import { AppletError, complain, say, words } from '../applet/applet.ts'
import { applyMode } from '../applet/mode.ts'
import { missingOperand, parseOptions } from '../applet/options.ts'

export const dmesg: Applet = async ({ process }) => {
  const text = process.files.exists('/var/log/dmesg')
    ? process.files.readText('/var/log/dmesg')
    : `[    0.000000] Linux version ${process.machine.kernelRelease} (builder@kubebook)\n[    0.000000] Command line: BOOT_IMAGE=/boot/vmlinuz root=/dev/vda ro quiet\n[    0.412043] smpboot: Allowing ${process.machine.cores} CPUs, 0 hotplug CPUs\n`
  const since = process.system
    .kernelLog()
    .map(({ time, text: line }) => `[${(time / 1000).toFixed(6).padStart(12)}] ${line}\n`)
  await process.print(text + since.join(''))
  return 0
}

export const lscpu: Applet = async ({ process }) => {
  const { cores } = process.machine
  await process.print(
    `Architecture:            x86_64\n  CPU op-mode(s):        32-bit, 64-bit\n  Byte Order:            Little Endian\nCPU(s):                  ${cores}\n  On-line CPU(s) list:   ${cores > 1 ? `0-${cores - 1}` : '0'}\nVendor ID:               GenuineIntel\n  Model name:            Kubebook Virtual CPU @ 2.60GHz\n    Thread(s) per core:  1\n    Core(s) per socket:  ${cores}\n    Socket(s):           1\n`,
  )
  return 0
}

export const lsblk: Applet = async ({ process }) => {
  await process.print('NAME MAJ:MIN RM SIZE RO TYPE MOUNTPOINTS\nvda  254:0    0  40G  0 disk /\n')
  return 0
}

export const sysctl: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 'wanpeq',
    long: { system: 'p', all: 'a', values: 'n', write: 'w', load: 'p', 'load=': 'p' },
  })
  const path = (name: string) => `/proc/sys/${name.replaceAll('.', '/')}`
  const apply = async (text: string): Promise<number> => {
    const at = text.indexOf('=')
    const name = (at < 0 ? text : text.slice(0, at)).trim()
    const unloaded = name.startsWith('net.bridge.') && !process.system.modules.has('br_netfilter')
    if (unloaded || !process.files.exists(path(name))) {
      if (!options.has('e'))
        await complain(
          call,
          say(call, `cannot stat ${path(name)}: No such file or directory`, `error: '${name}' is an unknown key`),
        )
      return 1
    }
    if (at >= 0) {
      try {
        process.files.write(path(name), `${text.slice(at + 1).trim()}\n`)
      } catch (error) {
        await complain(
          call,
          say(
            call,
            `${words(error) === 'Permission denied' ? 'permission denied on key' : 'setting key'} "${name}"${words(error) === 'Permission denied' ? '' : `: ${words(error)}`}`,
            `error setting key '${name}': ${words(error)}`,
          ),
        )
        return 1
      }
    }
    const value = process.files.readText(path(name)).trim()
    await process.print(options.has('n') ? `${value}\n` : `${name} = ${value}\n`)
    return 0
  }
  if (options.has('a')) {
    const walk = async (folder: string): Promise<void> => {
      for (const entry of process.files.list(folder)) {
        const full = `${folder}/${entry.name}`
        if (entry.type === 'directory') await walk(full)
        else await apply(full.slice('/proc/sys/'.length).replaceAll('/', '.')).catch(() => 0)
      }
    }
    await walk('/proc/sys')
    return 0
  }
  let status = 0
  if (options.has('p')) {
    const files =
      options.operands.length > 0
        ? options.operands
        : [
            '/etc/sysctl.conf',
            ...(process.files.exists('/etc/sysctl.d')
              ? process.files.list('/etc/sysctl.d').map((entry) => `/etc/sysctl.d/${entry.name}`)
              : []),
          ]
    for (const file of files) {
      if (!process.files.exists(file)) continue
      for (const line of process.files.readText(file).split('\n'))
        if (/^\s*[a-z]/.test(line)) status = (await apply(line)) || status
    }
    return status
  }
  for (const text of options.operands) status = (await apply(text)) || status
  return status
}

export const cal: Applet = async ({ process, args }) => {
  const now = dateFields(process.wallClock())
  const month = Number(args.at(-2) ?? now.month)
  const year = Number(args.at(-1) ?? now.year)
  const title = `${MONTHS[month - 1]} ${year}`
  const first = dateFields(dateFromFields(year, month, 1)).weekday
  const days = dateFields(dateFromFields(year, month + 1, 0)).day
  const cells = [
    ...Array.from({ length: first }, () => '  '),
    ...Array.from({ length: days }, (_, i) => String(i + 1).padStart(2)),
  ]
  const weeks = Array.from({ length: 6 }, (_, i) =>
    cells
      .slice(i * 7, i * 7 + 7)
      .join(' ')
      .padEnd(20),
  )
  await process.print(
    `${' '.repeat(Math.floor((20 - title.length) / 2))}${title}\nSu Mo Tu We Th Fr Sa\n${weeks.join('\n')}\n`,
  )
  return 0
}

export const mknod: Applet = async (call) => {
  const options = parseOptions(call, { short: 'm:', long: { 'mode=': 'm' } })
  const [path, type, major, minor] = options.operands
  if (path === undefined || type === undefined) throw missingOperand(call)
  const mode = options.has('m') ? (applyMode(options.get('m')!, 0o666, false, 0) ?? 0o666) : 0o666
  try {
    if (type === 'p') call.process.files.mknod(path, 'fifo', { mode })
    else
      call.process.files.mknod(path, type === 'b' ? 'block' : 'character', {
        mode,
        major: Number(major),
        minor: Number(minor),
      })
    return 0
  } catch (error) {
    throw new AppletError(`${path}: ${words(error)}`)
  }
}

export const mkfifo: Applet = async (call) => {
  const options = parseOptions(call, { short: 'm:', long: { 'mode=': 'm' } })
  if (options.operands.length === 0) throw missingOperand(call)
  let status = 0
  for (const path of options.operands) {
    try {
      call.process.files.mknod(path, 'fifo', { mode: 0o666 })
    } catch (error) {
      await complain(call, say(call, `cannot create fifo '${path}': ${words(error)}`, `${path}: ${words(error)}`))
      status = 1
    }
  }
  return status
}

export const stty: Applet = async (call) => {
  const { process } = call
  const tty = process.fds.get(0)?.tty
  if (!tty)
    throw new AppletError(
      say(call, "'standard input': Inappropriate ioctl for device", 'standard input: Inappropriate ioctl for device'),
    )
  const modes = { ...tty.modes }
  if (call.args.length === 0 || call.args[0] === '-a')
    await process.print(
      `speed 38400 baud; ${call.args[0] === '-a' ? `rows ${tty.size.rows}; columns ${tty.size.columns}; ` : ''}line = 0;\n${modes.echo ? '' : '-'}echo ${modes.canonical ? '' : '-'}icanon ${modes.signals ? '' : '-'}isig\n`,
    )
  for (let i = 0; i < call.args.length; i++) {
    const word = call.args[i]!
    const on = !word.startsWith('-')
    if (/^-?echo$/.test(word)) modes.echo = on
    else if (/^-?icanon$/.test(word)) modes.canonical = on
    else if (/^-?isig$/.test(word)) modes.signals = on
    else if (word === 'raw') Object.assign(modes, { canonical: false, signals: false })
    else if (word === 'sane' || word === 'cooked' || word === '-raw')
      Object.assign(modes, { canonical: true, echo: true, signals: true, outputCrLf: true })
    else if (word === 'size') {
      if (call.flavour === 'busybox' && tty.size.rows === 0) await complain(call, 'standard input')
      else await process.print(`${tty.size.rows} ${tty.size.columns}\n`)
    } else if (word === 'cols' || word === 'columns') tty.size = { ...tty.size, columns: Number(call.args[++i]) }
    else if (word === 'rows') tty.size = { ...tty.size, rows: Number(call.args[++i]) }
  }
  tty.modes = modes
  return 0
}

/** Commands that succeed quietly, as on a machine where there is nothing to do. */
export const quiet: Applet = () => 0
