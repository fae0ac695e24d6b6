import { formatAddress, maskOf } from '../net/ipv4.ts'
import type { NetworkNamespace } from '../net/network-namespace.ts'

/** Text files of /proc/net. */
export const NET_ENTRIES: Readonly<Record<string, (net: NetworkNamespace) => string>> = {
  arp: arpText,
  dev: devText,
  if_inet6: () => '',
  route: routeText,
  tcp: tcpText,
  tcp6: tcp6Text,
  udp: udpText,
  udp6: () => UDP_HEADER,
  unix: () => 'Num       RefCount Protocol Flags    Type St Inode Path\n',
}

function arpText({ neighbours, world }: NetworkNamespace): string {
  const rows = neighbours.list(world.clock.now).map(({ address, mac, state, device }) => {
    const flags = state === 'PERMANENT' ? '0x6' : mac ? '0x2' : '0x0'
    return `${formatAddress(address).padEnd(16)} 0x1         ${flags.padEnd(11)} ${(mac ?? '00:00:00:00:00:00').padEnd(21)} *        ${device}\n`
  })
  return `IP address       HW type     Flags       HW address            Mask     Device\n${rows.join('')}`
}

function devText(net: NetworkNamespace): string {
  const head =
    'Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n'
  const lines = net.interfaces.map(({ name, received, sent }) => {
    const receive = `${String(received.bytes).padStart(8)} ${String(received.packets).padStart(7)}    0    0    0     0          0         0`
    const transmit = `${String(sent.bytes).padStart(8)} ${String(sent.packets).padStart(7)}    0    0    0     0       0          0`
    return `${name.padStart(6)}: ${receive} ${transmit}\n`
  })
  return head + lines.join('')
}

/** Addresses in the byte order of the machine, as the kernel prints them. */
function hex(address: number): string {
  const swapped =
    ((address & 255) << 24) | (((address >>> 8) & 255) << 16) | (((address >>> 16) & 255) << 8) | (address >>> 24)
  return (swapped >>> 0).toString(16).toUpperCase().padStart(8, '0')
}

function routeText(net: NetworkNamespace): string {
  const head = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT'
  const lines = [...net.routes]
    .filter((route) => !route.kind)
    .map((route) => {
      const flags = 1 | (route.gateway === undefined ? 0 : 2) | (route.destination.prefix === 32 ? 4 : 0)
      const fields = [
        route.device,
        hex(route.destination.base),
        hex(route.gateway ?? 0),
        flags.toString(16).toUpperCase().padStart(4, '0'),
        0,
        0,
        route.metric ?? 0,
        hex(maskOf(route.destination.prefix)),
        0,
        0,
        0,
      ]
      return fields.join('\t')
    })
  return [head, ...lines].map((line) => `${line.padEnd(127)}\n`).join('')
}

const TCP_HEADER =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     \n'
const UDP_HEADER =
  '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops             \n'

const port = (number: number) => number.toString(16).toUpperCase().padStart(4, '0')
const dotted = (text: string) => hex(text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0))
const socketLine = (index: number, local: string, remote: string, state: string) =>
  `${String(index).padStart(4)}: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000     0        0 ${20_000 + index} 1 0000000000000000 100 0 0 10 0\n`

function tcpText({ sockets }: NetworkNamespace): string {
  const listening = sockets.listeners
    .filter(isIpv4)
    .map(({ local }, index) => socketLine(index, `${dotted(local.address)}:${port(local.port)}`, '00000000:0000', '0A'))
  const connected = sockets.connections.map(({ local, remote, state }, index) => {
    const code = state === 'ESTAB' ? '01' : state === 'CLOSE-WAIT' ? '08' : '05'
    return socketLine(
      listening.length + index,
      `${dotted(local.address)}:${port(local.port)}`,
      `${dotted(remote.address)}:${port(remote.port)}`,
      code,
    )
  })
  return TCP_HEADER + listening.join('') + connected.join('')
}

const isIpv4 = ({ local }: { local: { address: string } }) => !local.address.includes(':')

function tcp6Text({ sockets }: NetworkNamespace): string {
  const any = '0'.repeat(32)
  return (
    TCP_HEADER +
    sockets.listeners
      .filter((listener) => !isIpv4(listener))
      .map(({ local }, index) => {
        const address = local.address === '::' ? any : `${'0'.repeat(24)}01000000`
        return socketLine(index, `${address}:${port(local.port)}`, `${any}:0000`, '0A')
      })
      .join('')
  )
}

function udpText({ sockets }: NetworkNamespace): string {
  return (
    UDP_HEADER +
    sockets.datagrams
      .map(({ local }, index) =>
        socketLine(index, `${dotted(local.address)}:${port(local.port)}`, '00000000:0000', '07'),
      )
      .join('')
  )
}
