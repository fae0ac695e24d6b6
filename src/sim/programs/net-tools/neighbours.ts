import { formatAddress, parseAddress } from '../../linux/net/ipv4.ts'
import type { Neighbour } from '../../linux/net/neighbours.ts'
import type { NetworkNamespace } from '../../linux/net/network-namespace.ts'
import { type Applet, type AppletCall, AppletError } from '../applet/applet.ts'

const isMac = (text: string) => /^([0-9a-f]{1,2}:){5}[0-9a-f]{1,2}$/i.test(text)
const list = (call: AppletCall): Neighbour[] => {
  const net = call.process.system.network
  return net.neighbours.list(net.world.clock.now)
}

/** `ip neigh [show|add|replace|del|flush] …` */
export async function neighbours(call: AppletCall, net: NetworkNamespace, args: readonly string[]): Promise<number> {
  const [verb = 'show'] = args
  const gnu = call.flavour === 'gnu'
  const fail = (text: string, status = 1) => {
    throw new AppletError('', status, text)
  }
  const word = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined)
  const device = word('dev')
  const card = device === undefined ? undefined : net.interface(device)
  if (device !== undefined && !card)
    fail(gnu ? `Cannot find device "${device}"\n` : `ip: can't find device '${device}'\n`)
  if (/^(a|add|replace|change|d|del|delete)$/.test(verb)) {
    const address = parseAddress(args[1] ?? '')
    if (address === undefined || !card) return fail('Device and destination are required arguments.\n', 255)
    if (verb.startsWith('d'))
      return net.neighbours.remove(card, address) ? 0 : fail('RTNETLINK answers: No such file or directory\n', 2)
    const mac = word('lladdr')
    if (mac === undefined || !isMac(mac)) return fail(`"${mac ?? ''}" is invalid lladdr.\n`)
    net.neighbours.add(card, address, mac.toLowerCase())
    return 0
  }
  if (/^f(lush)?$/.test(verb)) {
    if (!device && args.length < 2) fail('Flush requires arguments.\n')
    net.neighbours.flush(card)
    return 0
  }
  if (!/^(s|sh|show|l|ls|list|dev|nud|to)$/.test(verb) && parseAddress(verb) === undefined)
    fail(gnu ? `Command "${verb}" is unknown, try "ip neigh help".\n` : `ip: invalid argument '${verb}' to 'ip'\n`)
  const wanted = args.map((each) => parseAddress(each)).find((each) => each !== undefined)
  const state = word('nud')?.toUpperCase()
  for (const each of list(call)) {
    if (device !== undefined && each.device !== device) continue
    if (wanted !== undefined && each.address !== wanted) continue
    if (state !== undefined && state !== 'ALL' && each.state !== state) continue
    await call.process.print(`${line(each, device === undefined, gnu)}\n`)
  }
  return 0
}

function line({ address, device, mac, state }: Neighbour, withDevice: boolean, gnu: boolean): string {
  const head = `${formatAddress(address)} ${withDevice ? `dev ${device} ` : ''}`
  if (gnu) return `${head}${mac ? `lladdr ${mac} ` : ''}${state} `
  const probes = state === 'FAILED' ? 6 : state === 'INCOMPLETE' ? 2 : state === 'PERMANENT' ? 0 : 1
  return `${head}${mac ? `lladdr ${mac}` : ''} used 0/0/0 probes ${probes} ${state}`
}

/** arp(8): `-a`, `-n`, `-e`, `-i DEVICE`, `-d ADDRESS`, `-s ADDRESS MAC`. */
export const arp: Applet = async (call) => {
  const { process, args } = call
  const net = process.system.network
  const at = args.findIndex((each) => /^-\w*i$/.test(each))
  const device = at >= 0 ? args[at + 1] : undefined
  const words = args.filter((each, i) => !each.startsWith('-') && !(at >= 0 && i === at + 1))
  const letters = new Set(args.filter((each) => /^-\w/.test(each)).flatMap((each) => [...each.slice(1)]))
  const address = words[0] === undefined ? undefined : parseAddress(words[0])
  if (letters.has('d') || letters.has('s')) {
    const route = address === undefined ? undefined : net.routes.lookup(address)
    const card = route && net.interface(device ?? route.device)
    if (process.credentials.uid !== 0) throw new AppletError('SIOCSARP: Operation not permitted', 255)
    if (!card || address === undefined) throw new AppletError(`${words[0] ?? ''}: Unknown host`, 255)
    if (letters.has('s')) {
      if (!isMac(words[1] ?? '')) throw new AppletError('need hardware address', 255)
      net.neighbours.add(card, address, words[1]!.toLowerCase())
      return 0
    }
    if (net.neighbours.remove(card, address)) return 0
    throw new AppletError('', 255, `No ARP entry for ${words[0]}\n`)
  }
  const rows = list(call).filter(
    (each) => (device === undefined || each.device === device) && (address === undefined || each.address === address),
  )
  const gnu = call.flavour === 'gnu'
  if (gnu && !letters.has('a')) {
    if (address !== undefined && rows.length === 0) {
      await process.print(`${words[0]} (${words[0]}) -- no entry\n`)
      return 0
    }
    if (rows.length > 0)
      await process.print('Address                  HWtype  HWaddress           Flags Mask            Iface\n')
    for (const each of rows) {
      const flags = each.mac ? (each.state === 'PERMANENT' ? 'CM' : 'C') : ''
      const hardware = each.mac
        ? `${'ether'.padEnd(8)}${each.mac.padEnd(20)}`
        : `${''.padEnd(8)}${'(incomplete)'.padEnd(20)}`
      await process.print(
        `${formatAddress(each.address).padEnd(23)}  ${hardware}${flags.padEnd(6)}${''.padEnd(15)} ${each.device}\n`,
      )
    }
    return 0
  }
  for (const { address: each, mac, state, device: card } of rows) {
    const flags = mac ? ` [ether]${state === 'PERMANENT' ? ' PERM' : ''}` : ''
    await process.print(`? (${formatAddress(each)}) at ${mac ?? '<incomplete>'}${flags}${gnu ? '' : ' '} on ${card}\n`)
  }
  return 0
}
