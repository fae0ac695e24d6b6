import type { NetworkInterface } from '../../linux/net/interface.ts'
import { formatAddress, maskOf, parseAddress } from '../../linux/net/ipv4.ts'
import { iptables as runIptables, iptablesSave as saveRules } from '../../linux/net/netfilter/iptables-command.ts'
import { IptablesError } from '../../linux/net/netfilter/parse-rule.ts'
import { dateText } from '../../linux/shell/strftime.ts'
import type { Applet, AppletCall } from '../applet/applet.ts'
import { AppletError, say } from '../applet/applet.ts'

export const iptables: Applet = async (call) => {
  const { process } = call
  if (call.args.includes('-V') || call.args.includes('--version')) {
    await process.print('iptables v1.8.9 (nf_tables)\n')
    return 0
  }
  if (!process.credentials.capabilities.has('CAP_NET_ADMIN')) {
    throw new AppletError(
      '',
      4,
      `iptables v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)\n`,
    )
  }
  try {
    await process.print(runIptables(process.system.network.netfilter, call.args))
    return 0
  } catch (error) {
    if (!(error instanceof IptablesError)) throw error
    throw new AppletError(
      '',
      error.status,
      `${/^iptables/.test(error.message) ? '' : error.status === 1 ? 'iptables: ' : 'iptables v1.8.9 (nf_tables): '}${error.message}\n`,
    )
  }
}

export const iptablesSave: Applet = async ({ process, args }) => {
  const text = saveRules(process.system.network.netfilter, dateText('%a %b %e %H:%M:%S %Y', process.wallClock()))
  const table = args[args.indexOf('-t') + 1]
  const shown = args.includes('-t')
    ? (text.match(/# Generated[\s\S]*?# Completed[^\n]*\n/g) ?? [])
        .filter((part) => part.includes(`*${table}\n`))
        .join('')
    : text
  await process.print(shown)
  return 0
}

interface SocketRow {
  protocol: string
  local: string
  remote: string
  state: string
  pid: number | undefined
  program: string
}

function sockets(
  { process }: AppletCall,
  want: { tcp: boolean; udp: boolean; listening: boolean; connected: boolean },
): SocketRow[] {
  const table = process.system.network.sockets
  const owner = (of: { hostPid: number; comm: string } | undefined) => ({ pid: of?.hostPid, program: of?.comm ?? '' })
  const rows: SocketRow[] = []
  if (want.tcp && want.listening)
    for (const { local, owner: by } of table.listeners)
      rows.push({
        protocol: 'tcp',
        local: `${local.address}:${local.port}`,
        remote: '0.0.0.0:*',
        state: 'LISTEN',
        ...owner(by),
      })
  if (want.tcp && want.connected)
    for (const each of table.connections)
      rows.push({
        protocol: 'tcp',
        local: `${each.local.address}:${each.local.port}`,
        remote: `${each.remote.address}:${each.remote.port}`,
        state: each.state,
        ...owner(each.owner),
      })
  if (want.udp)
    for (const { local, owner: by } of table.datagrams)
      rows.push({
        protocol: 'udp',
        local: `${local.address}:${local.port}`,
        remote: '0.0.0.0:*',
        state: '',
        ...owner(by),
      })
  return rows
}

const letters = (args: readonly string[]) =>
  new Set(args.filter((word) => /^-\w/.test(word)).flatMap((word) => [...word.slice(1)]))

export const netstat: Applet = async (call) => {
  const flags = letters(call.args)
  if (flags.has('r')) return route({ ...call, args: ['-n'] })
  if (flags.has('i')) return ifconfig({ ...call, args: [] })
  const any = flags.has('t') || flags.has('u')
  const rows = sockets(call, {
    tcp: flags.has('t') || !any,
    udp: flags.has('u') || !any,
    listening: flags.has('l') || flags.has('a'),
    connected: !flags.has('l'),
  })
  const title = flags.has('l') ? 'only servers' : flags.has('a') ? 'servers and established' : 'w/o servers'
  const { process } = call
  const states: Readonly<Record<string, string>> = {
    ESTAB: 'ESTABLISHED',
    'CLOSE-WAIT': 'CLOSE_WAIT',
    'FIN-WAIT-2': 'FIN_WAIT2',
  }
  await process.print(
    `Active Internet connections (${title})\nProto Recv-Q Send-Q Local Address           Foreign Address         State       ${flags.has('p') ? 'PID/Program name    ' : ''}\n`,
  )
  for (const row of rows) {
    const who = row.pid === undefined ? '-' : `${row.pid}/${row.program}`
    await process.print(
      `${row.protocol.padEnd(5)} ${'0'.padStart(6)} ${'0'.padStart(6)} ${row.local.padEnd(23)} ${row.remote.padEnd(23)} ${(states[row.state] ?? row.state).padEnd(11)} ${flags.has('p') ? who : ''}\n`,
    )
  }
  return 0
}

export const ss: Applet = async (call) => {
  const flags = letters(call.args)
  const any = flags.has('t') || flags.has('u')
  const rows = sockets(call, {
    tcp: flags.has('t') || !any,
    udp: flags.has('u') || !any,
    listening: flags.has('l') || flags.has('a'),
    connected: !flags.has('l'),
  })
  const { process } = call
  const both = !(flags.has('t') !== flags.has('u'))
  const columns = rows.map((row) => [
    ...(both ? [row.protocol] : []),
    row.protocol === 'udp' ? 'UNCONN' : row.state,
    '0',
    row.state === 'LISTEN' ? '4096' : '0',
    row.local,
    row.remote,
    flags.has('p') && row.pid !== undefined ? `users:(("${row.program}",pid=${row.pid},fd=6))` : '',
  ])
  const head = [
    ...(both ? ['Netid'] : []),
    'State',
    'Recv-Q',
    'Send-Q',
    'Local Address:Port',
    'Peer Address:Port',
    'Process',
  ]
  const table = flags.has('H') ? columns : [head, ...columns]
  const widths = head.map((_, i) => Math.max(...table.map((row) => row[i]!.length)))
  await process.print(
    table
      .map((row) => `${row.map((text, i) => (i === row.length - 1 ? text : text.padEnd(widths[i]!))).join(' ')}\n`)
      .join(''),
  )
  return 0
}

export const route: Applet = async (call) => {
  const { process } = call
  const net = process.system.network
  await process.print(
    `Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n`,
  )
  const numeric = call.args.includes('-n')
  for (const each of net.routes) {
    const target = each.destination.prefix === 0 && !numeric ? 'default' : formatAddress(each.destination.base)
    const gateway =
      each.gateway === undefined ? (numeric || call.flavour === 'gnu' ? '0.0.0.0' : '*') : formatAddress(each.gateway)
    const flags = `U${each.gateway === undefined ? '' : 'G'}${each.destination.prefix === 32 ? 'H' : ''}`
    await process.print(
      `${target.padEnd(15)} ${gateway.padEnd(15)} ${formatAddress(maskOf(each.destination.prefix)).padEnd(15)} ${flags.padEnd(5)} ${String(each.metric ?? 0).padEnd(6)} 0        0 ${each.device}\n`,
    )
  }
  return 0
}

export const ifconfig: Applet = async (call) => {
  const { process } = call
  const net = process.system.network
  const names = call.args.filter((word) => !word.startsWith('-'))
  const [name, ...changes] = names
  if (name !== undefined && !net.interface(name))
    throw new AppletError(
      say(
        call,
        `${name}: error fetching interface information: Device not found`,
        `${name}: error fetching interface information: Device not found`,
      ),
    )
  if (name !== undefined && changes.length > 0) {
    for (const [i, word] of changes.entries()) {
      if (word === 'up' || word === 'down') net.setUp(name, word === 'up')
      else if (parseAddress(word.split('/')[0]!) !== undefined && changes[i - 1] !== 'netmask')
        net.addAddress(name, word.includes('/') ? word : `${word}/24`)
    }
    return 0
  }
  const cards =
    name === undefined
      ? net.interfaces.filter((each) => each.up || call.args.includes('-a')).sort((a, b) => (a.name < b.name ? -1 : 1))
      : [net.interface(name)!]
  for (const each of cards) await process.print(call.flavour === 'gnu' ? gnuCard(each) : busyboxCard(each))
  return 0
}

const size = (bytes: number) =>
  bytes < 1024
    ? `${bytes.toFixed(1)} B`
    : bytes < 1024 ** 2
      ? `${(bytes / 1024).toFixed(1)} KiB`
      : `${(bytes / 1024 ** 2).toFixed(1)} MiB`

function busyboxCard(each: NetworkInterface): string {
  const loop = each.type === 'loopback'
  const lines = [
    `${each.name.padEnd(9)} Link encap:${loop ? 'Local Loopback  ' : `Ethernet  HWaddr ${each.mac.toUpperCase()}  `}`,
  ]
  for (const { address, prefix } of each.addresses)
    lines.push(
      `          inet addr:${formatAddress(address)}${loop ? '' : `  Bcast:${formatAddress((address | (~maskOf(prefix) >>> 0)) >>> 0)}`}  Mask:${formatAddress(maskOf(prefix))}`,
    )
  lines.push(
    `          ${each.up ? 'UP ' : ''}${loop ? 'LOOPBACK' : 'BROADCAST'} ${each.carrier ? 'RUNNING ' : ''}${loop ? '' : 'MULTICAST '} MTU:${each.mtu}  Metric:1`,
  )
  lines.push(`          RX packets:${each.received.packets} errors:0 dropped:0 overruns:0 frame:0`)
  lines.push(`          TX packets:${each.sent.packets} errors:0 dropped:0 overruns:0 carrier:0`)
  lines.push(`          collisions:0 txqueuelen:${loop ? '1000 ' : '0 '}`)
  lines.push(
    `          RX bytes:${each.received.bytes} (${size(each.received.bytes)})  TX bytes:${each.sent.bytes} (${size(each.sent.bytes)})`,
  )
  return `${lines.join('\n')}\n\n`
}

function gnuCard(each: NetworkInterface): string {
  const loop = each.type === 'loopback'
  const flags = loop
    ? `73<UP,LOOPBACK,RUNNING>`
    : each.carrier
      ? '4163<UP,BROADCAST,RUNNING,MULTICAST>'
      : '4099<UP,BROADCAST,MULTICAST>'
  const lines = [`${each.name}: flags=${flags}  mtu ${each.mtu}`]
  for (const { address, prefix } of each.addresses)
    lines.push(
      `        inet ${formatAddress(address)}  netmask ${formatAddress(maskOf(prefix))}${loop ? '' : `  broadcast ${formatAddress((address | (~maskOf(prefix) >>> 0)) >>> 0)}`}`,
    )
  lines.push(
    loop
      ? '        inet6 ::1  prefixlen 128  scopeid 0x10<host>\n        loop  txqueuelen 1000  (Local Loopback)'
      : `        ether ${each.mac}  txqueuelen ${each.type === 'ethernet' ? 1000 : 0}  (Ethernet)`,
  )
  lines.push(
    `        RX packets ${each.received.packets}  bytes ${each.received.bytes} (${size(each.received.bytes)})`,
    '        RX errors 0  dropped 0  overruns 0  frame 0',
  )
  lines.push(
    `        TX packets ${each.sent.packets}  bytes ${each.sent.bytes} (${size(each.sent.bytes)})`,
    '        TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0',
  )
  return `${lines.join('\n')}\n\n`
}

export const brctl: Applet = async (call) => {
  const { process } = call
  const net = process.system.network
  const [verb, bridge, port] = call.args
  if (verb === 'show') {
    await process.print('bridge name\tbridge id\t\tSTP enabled\tinterfaces\n')
    for (const each of net.interfaces.filter(
      (card) => card.type === 'bridge' && (bridge === undefined || card.name === bridge),
    )) {
      const ports = [...each.ports].map((card) => card.name)
      await process.print(
        `${each.name}\t\t8000.${each.mac.replaceAll(':', '')}\tno\t\t${ports.join('\n\t\t\t\t\t\t\t')}\n`,
      )
    }
    return 0
  }
  if (verb === 'addbr' && bridge) net.addInterface(bridge, 'bridge')
  else if (verb === 'delbr' && bridge) net.removeInterface(bridge)
  else if (verb === 'addif' && bridge && port) net.setMaster(port, bridge)
  else if (verb === 'delif' && port) net.setMaster(port, undefined)
  else throw new AppletError('', 1, 'Usage: brctl [commands]\n')
  return 0
}
