import type { NetworkInterface } from '../../linux/net/interface.ts'
import { formatAddress, formatCidr, maskOf, parseAddress, parseCidr } from '../../linux/net/ipv4.ts'
import type { NetworkNamespace } from '../../linux/net/network-namespace.ts'
import type { Route } from '../../linux/net/route-table.ts'
import type { Applet, AppletCall } from '../applet/applet.ts'
import { AppletError, say, words } from '../applet/applet.ts'
import { BUSYBOX_BANNER } from '../applet/usage.ts'
import { flagsOf, shownName, stateOf } from './addresses.ts'
import { neighbours } from './neighbours.ts'

interface Flags {
  oneLine: boolean
  four: boolean
  six: boolean
  brief: boolean
  details: boolean
}

const OBJECTS = ['link', 'address', 'addr', 'route', 'rule', 'neighbor', 'neighbour', 'neigh', 'netns']

export const ip: Applet = async (call) => {
  const args = [...call.args]
  const flags: Flags = { oneLine: false, four: false, six: false, brief: false, details: false }
  let inside: string | undefined
  while (args[0]?.startsWith('-')) {
    const word = args.shift()!
    if (word === '-o' || word === '-oneline') flags.oneLine = true
    else if (word === '-4') flags.four = true
    else if (word === '-6') flags.six = true
    else if (word === '-br' || word === '-brief') flags.brief = true
    else if (word === '-d' || word === '-details') flags.details = true
    else if (word === '-n' || word === '-netns') inside = args.shift()
    else if (word === '-f' || word === '-family') flags.four = args.shift() === 'inet'
    else if (!['-s', '-stats', '-c', '-color', '-json', '-j', '-p'].includes(word))
      throw new AppletError('', 255, `Option "${word}" is unknown, try "ip -help".\n`)
  }
  if (inside !== undefined) call.process.system.joinFile(`/run/netns/${inside}`, 'net')
  const object = args.shift()
  if (object === undefined || object === 'help')
    throw new AppletError(
      '',
      call.flavour === 'gnu' ? 255 : 1,
      call.flavour === 'gnu'
        ? 'Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }\n       ip [ -force ] -batch filename\nwhere  OBJECT := { address | addrlabel | fou | help | ila | ioam | l2tp | link |\n                   macsec | maddress | monitor | mptcp | mroute | mrule |\n                   neighbor | neighbour | netconf | netns | nexthop | ntable |\n                   ntbl | route | rule | sr | tap | tcpmetrics |\n                   token | tunnel | tuntap | vrf | xfrm }\n'
        : `${BUSYBOX_BANNER}\nUsage: ip [OPTIONS] address|route|link|neigh|rule [ARGS]\n`,
    )
  const full = OBJECTS.find((each) => each === object) ?? OBJECTS.find((each) => each.startsWith(object))
  const net = call.process.system.network
  switch (full) {
    case 'address':
    case 'addr':
      return address(call, net, args, flags)
    case 'link':
      return link(call, net, args, flags)
    case 'route':
      return route(call, net, args)
    case 'rule':
      await call.process.print(
        '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n',
      )
      return 0
    case 'neighbor':
    case 'neighbour':
    case 'neigh':
      return neighbours(call, net, args)
    case 'netns':
      return netns(call, args)
    default:
      throw new AppletError(
        '',
        call.flavour === 'gnu' ? 1 : 1,
        call.flavour === 'gnu'
          ? `Object "${object}" is unknown, try "ip help".\n`
          : `ip: invalid argument '${object}' to 'ip'\n`,
      )
  }
}

function isVerb(word: string | undefined, ...verbs: string[]): boolean {
  return word !== undefined && verbs.some((verb) => verb.startsWith(word))
}

function card(net: NetworkNamespace, name: string | undefined, call: AppletCall): NetworkInterface {
  const found = name === undefined ? undefined : net.interface(name)
  if (found) return found
  throw new AppletError('', 1, say(call, `Cannot find device "${name}"\n`, `ip: can't find device '${name}'\n`))
}

function cardText(call: AppletCall, each: NetworkInterface, flags: Flags): string {
  const gnu = call.flavour === 'gnu'
  const join = flags.oneLine ? '\\' : '\n'
  const queue =
    each.type === 'loopback'
      ? each.up || !gnu
        ? 'noqueue'
        : 'noop'
      : each.type === 'ethernet'
        ? 'fq_codel'
        : each.up
          ? 'noqueue'
          : 'noop'
  const master = each.master ? ` master ${each.master.name}` : ''
  const group = gnu ? ' group default' : ''
  const length = each.type === 'loopback' || each.type === 'ethernet' || gnu ? ' qlen 1000' : ' '
  const elsewhere = each.type === 'veth' && each.peer && each.peer.namespace !== each.namespace
  const shownLength =
    each.type === 'bridge' && gnu ? ' ' : each.type === 'veth' ? (each.queueLength > 0 ? ' qlen 1000' : ' ') : length
  const up = !each.up && each.type === 'loopback' ? 'DOWN' : stateOf(each)
  const idle = !each.up && each.type === 'loopback' ? 'noop' : queue
  const head = `${each.index}: ${shownName(each)}: <${flagsOf(each, call.flavour)}> mtu ${each.mtu} qdisc ${idle}${master} state ${up}${group}${shownLength}`
  const namespace = elsewhere && gnu ? ' link-netnsid 0' : ''
  const hardware =
    each.type === 'loopback'
      ? `link/loopback ${each.mac} brd 00:00:00:00:00:00`
      : `link/ether ${each.mac} brd ff:ff:ff:ff:ff:ff${namespace}`
  return `${head}${flags.oneLine && gnu ? '' : ''}${join}    ${hardware}`
}

function inetLines(each: NetworkInterface): string[] {
  return each.addresses.map(({ address: own, prefix, scope }) => {
    const broadcast =
      each.type === 'loopback' || prefix >= 31 ? '' : ` brd ${formatAddress((own | (~maskOf(prefix) >>> 0)) >>> 0)}`
    return `inet ${formatAddress(own)}/${prefix}${broadcast} scope ${scope} ${each.name}`
  })
}

async function address(call: AppletCall, net: NetworkNamespace, args: string[], flags: Flags): Promise<number> {
  const verb = args[0]
  if (isVerb(verb, 'add') || isVerb(verb, 'delete') || isVerb(verb, 'del') || verb === 'replace' || verb === 'flush')
    return changeAddress(call, net, verb!, args.slice(1))
  const rest = ['show', 'list', 'sh', 'ls', 'lst'].includes(verb ?? '') ? args.slice(1) : args
  let cards = net.interfaces
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i]!
    if (word === 'up') cards = cards.filter((each) => each.up)
    else if (word === 'master') cards = cards.filter((each) => each.master?.name === rest[++i])
    else if (word === 'type') cards = cards.filter((each) => each.type === rest[++i])
    else if (word === 'scope') i++
    else {
      const name = word === 'dev' ? rest[++i] : word
      if (!net.interface(name!))
        throw new AppletError(
          '',
          1,
          say(call, `Device "${name}" does not exist.\n`, `ip: can't find device '${name}'\n`),
        )
      cards = cards.filter((each) => each.name === name)
    }
  }
  const gnu = call.flavour === 'gnu'
  for (const each of cards) {
    if (flags.brief) {
      await call.process.print(
        `${shownName(each).padEnd(16)} ${stateOf(each).padEnd(14)} ${each.addresses.map((own) => `${formatAddress(own.address)}/${own.prefix}`).join(' ')}${each.type === 'loopback' && each.up && !flags.four ? ' ::1/128' : ''} \n`,
      )
      continue
    }
    const lines = flags.six ? [] : inetLines(each)
    const six = gnu && each.type === 'loopback' && each.up && !flags.four ? ['inet6 ::1/128 scope host '] : []
    if (flags.oneLine) {
      for (const line of [...lines, ...six])
        await call.process.print(
          `${each.index}: ${each.name}    ${line}\\       valid_lft forever preferred_lft forever\n`,
        )
      continue
    }
    if (flags.four && lines.length === 0) continue
    const head = cardText(call, each, flags)
    await call.process.print(
      `${flags.four ? head.split('\n')[0] : head}\n${[...lines, ...six].map((line) => `    ${line}\n       valid_lft forever preferred_lft forever\n`).join('')}`,
    )
  }
  return 0
}

function changeAddress(call: AppletCall, net: NetworkNamespace, verb: string, args: readonly string[]): number {
  const dev = args[args.indexOf('dev') + 1]
  const text = args.find((word) => /^\d+\./.test(word))
  if (verb === 'flush') {
    const each = card(net, dev ?? args[0], call)
    for (const own of [...each.addresses]) net.removeAddress(each.name, `${formatAddress(own.address)}/${own.prefix}`)
    return 0
  }
  const each = card(net, args.includes('dev') ? dev : args.at(-1), call)
  if (text === undefined || (text.includes('/') ? !parseCidr(text) : parseAddress(text) === undefined))
    throw new AppletError('', 1, `Error: any valid prefix is expected rather than "${args[0]}".\n`)
  const cidr = text.includes('/') ? text : `${text}/32`
  const known = each.addresses.some((own) => `${formatAddress(own.address)}/${own.prefix}` === cidr)
  need(call)
  if (isVerb(verb, 'add') || verb === 'replace') {
    if (known && verb !== 'replace')
      throw new AppletError(
        '',
        2,
        say(call, 'RTNETLINK answers: File exists\n', 'ip: RTNETLINK answers: File exists\n'),
      )
    if (!known) net.addAddress(each.name, cidr)
  } else {
    if (!known)
      throw new AppletError(
        '',
        2,
        say(
          call,
          'RTNETLINK answers: Cannot assign requested address\n',
          'ip: RTNETLINK answers: Cannot assign requested address\n',
        ),
      )
    net.removeAddress(each.name, cidr)
  }
  return 0
}

/** Changing the network needs CAP_NET_ADMIN. */
function need(call: AppletCall): void {
  if (call.process.credentials.capabilities.has('CAP_NET_ADMIN')) return
  throw new AppletError(
    '',
    2,
    say(call, 'RTNETLINK answers: Operation not permitted\n', 'ip: RTNETLINK answers: Operation not permitted\n'),
  )
}

async function link(call: AppletCall, net: NetworkNamespace, args: string[], flags: Flags): Promise<number> {
  const [verb, ...rest] = args
  if (verb === 'add') return addLink(call, net, rest)
  if (verb === 'set') return setLink(call, net, rest)
  if (isVerb(verb, 'delete') && verb?.startsWith('d')) {
    need(call)
    const name = rest[0] === 'dev' ? rest[1] : rest[0]
    net.removeInterface(card(net, name, call).name)
    return 0
  }
  const filters = verb === undefined || ['show', 'list', 'sh', 'ls'].includes(verb) ? rest : args
  let cards = net.interfaces
  for (let i = 0; i < filters.length; i++) {
    const word = filters[i]!
    if (word === 'up') cards = cards.filter((each) => each.up)
    else if (word === 'master') {
      const master = filters[++i]
      cards = cards.filter((each) => each.master?.name === master)
    } else if (word === 'type') {
      const type = filters[++i]
      cards = cards.filter((each) => each.type === type)
    } else {
      const name = word === 'dev' ? filters[++i] : word
      if (!net.interface(name!))
        throw new AppletError(
          '',
          1,
          say(call, `Device "${name}" does not exist.\n`, `ip: can't find device '${name}'\n`),
        )
      cards = cards.filter((each) => each.name === name)
    }
  }
  for (const each of cards) {
    if (flags.brief)
      await call.process.print(
        `${shownName(each).padEnd(16)} ${stateOf(each).padEnd(14)} ${each.mac} <${flagsOf(each, call.flavour)}> \n`,
      )
    else await call.process.print(`${linkMode(cardText(call, each, flags), call)}\n`)
  }
  return 0
}

/** `ip link` shows the mode before the group. */
const linkMode = (text: string, call: AppletCall) =>
  call.flavour === 'gnu' ? text.replace(' group default', ' mode DEFAULT group default') : text

function addLink(call: AppletCall, net: NetworkNamespace, args: readonly string[]): number {
  need(call)
  const type = args[args.indexOf('type') + 1]
  const name = args[0] === 'name' || args[0] === 'dev' ? args[1] : args[0]
  if (!name || !args.includes('type'))
    throw new AppletError('', 255, 'Not enough information: "type" argument is required\n')
  if (net.interface(name))
    throw new AppletError('', 2, say(call, 'RTNETLINK answers: File exists\n', 'ip: RTNETLINK answers: File exists\n'))
  if (type === 'veth') {
    const peer = args.indexOf('peer')
    const other = peer < 0 ? 'veth0' : args[peer + 1] === 'name' ? args[peer + 2]! : args[peer + 1]!
    for (const end of net.addVeth(name, net, other)) end.queueLength = 1000
  } else if (type === 'bridge' || type === 'dummy') net.addInterface(name, type)
  else if (type === 'vxlan') net.addInterface(name, 'vxlan', { mtu: 1450 })
  else throw new AppletError('', 2, 'Error: Unknown device type.\n')
  return 0
}

function setLink(call: AppletCall, net: NetworkNamespace, args: readonly string[]): number {
  const rest = args[0] === 'dev' ? args.slice(1) : [...args]
  const each = card(net, rest[0], call)
  need(call)
  for (let i = 1; i < rest.length; i++) {
    const word = rest[i]!
    if (word === 'up' || word === 'down') net.setUp(each.name, word === 'up')
    else if (word === 'mtu') each.mtu = Number(rest[++i])
    else if (word === 'master') net.setMaster(each.name, rest[++i])
    else if (word === 'nomaster') net.setMaster(each.name, undefined)
    else if (word === 'name') each.name = rest[++i]!
    else if (word === 'netns') moveTo(call, net, each, rest[++i]!)
  }
  return 0
}

/** To a named namespace or the one of a process, found by entering it for a moment. */
function moveTo(call: AppletCall, net: NetworkNamespace, each: NetworkInterface, where: string): void {
  const { system } = call.process
  try {
    if (/^\d+$/.test(where)) system.joinProcess(Number(where), ['net'])
    else system.joinFile(`/run/netns/${where}`, 'net')
  } catch {
    throw new AppletError('', 255, `Error: argument "${where}" is wrong: Invalid "netns" value\n\n`)
  }
  net.moveInterface(each.name, call.process.system.network)
}

function routeText(call: AppletCall, net: NetworkNamespace, each: Route): string {
  const gnu = call.flavour === 'gnu'
  const target =
    each.destination.prefix === 0
      ? 'default'
      : each.destination.prefix === 32
        ? formatAddress(each.destination.base)
        : formatCidr(each.destination)
  const parts = [each.kind ? `${each.kind} ${target}` : target]
  if (each.gateway !== undefined) parts.push(`via ${formatAddress(each.gateway)}`)
  if (!each.kind) parts.push(`dev ${each.device}`)
  if (each.protocol && gnu) parts.push(`proto ${each.protocol}`)
  if (each.scope && each.scope !== 'global') parts.push(`scope ${each.scope}`)
  if (each.source !== undefined)
    parts.push(gnu ? `src ${formatAddress(each.source)}` : ` src ${formatAddress(each.source)}`)
  if (each.metric) parts.push(`metric ${each.metric}`)
  if (each.onlink) parts.push('onlink')
  const device = net.interface(each.device)
  if (device && !device.carrier && gnu) parts.push('linkdown')
  return `${parts.join(' ')} `
}

async function route(call: AppletCall, net: NetworkNamespace, args: string[]): Promise<number> {
  const verb = args[0]
  if (verb === 'get') {
    const target = parseAddress(args[1] ?? '')
    const found = target === undefined ? undefined : net.routes.lookup(target)
    if (!found) throw new AppletError('', 2, 'RTNETLINK answers: Network is unreachable\n')
    const source = found.source ?? net.interface(found.device)?.addresses[0]?.address
    await call.process.print(
      `${args[1]}${found.gateway === undefined ? '' : ` via ${formatAddress(found.gateway)}`} dev ${found.device}${source === undefined ? '' : ` src ${formatAddress(source)}`} uid ${call.process.credentials.uid} \n    cache \n`,
    )
    return 0
  }
  if (['add', 'append', 'replace', 'change', 'del', 'delete'].includes(verb ?? '')) return changeRoute(call, net, args)
  const filters = ['show', 'list', 'ls'].includes(verb ?? '') ? args.slice(1) : args
  const dev = filters.includes('dev') ? filters[filters.indexOf('dev') + 1] : undefined
  const rows = [...net.routes].filter((each) => dev === undefined || each.device === dev)
  rows.sort((a, b) =>
    a.destination.prefix === 0
      ? -1
      : b.destination.prefix === 0
        ? 1
        : a.destination.base - b.destination.base || a.destination.prefix - b.destination.prefix,
  )
  for (const each of rows) {
    const text = routeText(call, net, each)
    await call.process.print(`${dev === undefined ? text : text.replace(`dev ${dev} `, '')}\n`)
  }
  return 0
}

function changeRoute(call: AppletCall, net: NetworkNamespace, args: readonly string[]): number {
  need(call)
  const [verb, ...rest] = args
  const kind = ['blackhole', 'unreachable', 'prohibit'].find((each) => each === rest[0]) as Route['kind']
  const words2 = kind ? rest.slice(1) : rest
  const after = (name: string) => (words2.includes(name) ? words2[words2.indexOf(name) + 1] : undefined)
  const target = words2[0] === 'default' ? '0.0.0.0/0' : words2[0]!.includes('/') ? words2[0]! : `${words2[0]}/32`
  const destination = parseCidr(target)
  if (!destination) throw new AppletError('', 1, `Error: any valid prefix is expected rather than "${words2[0]}".\n`)
  const gateway = after('via') === undefined ? undefined : parseAddress(after('via')!)
  const same = (each: Route) =>
    each.destination.base === destination.base && each.destination.prefix === destination.prefix
  if (verb === 'del' || verb === 'delete') {
    if (net.routes.remove((each) => same(each) && (gateway === undefined || each.gateway === gateway)) === 0)
      throw new AppletError(
        '',
        2,
        say(call, 'RTNETLINK answers: No such process\n', 'ip: RTNETLINK answers: No such process\n'),
      )
    return 0
  }
  if (verb === 'replace' || verb === 'change') net.routes.remove(same)
  else if ([...net.routes].some(same))
    throw new AppletError('', 2, say(call, 'RTNETLINK answers: File exists\n', 'ip: RTNETLINK answers: File exists\n'))
  const device = after('dev') ?? (gateway === undefined ? undefined : net.routes.lookup(gateway)?.device)
  if (device === undefined && !kind)
    throw new AppletError(
      '',
      2,
      gateway === undefined ? 'RTNETLINK answers: No such device\n' : 'Error: Nexthop has invalid gateway.\n',
    )
  net.routes.add({
    destination,
    device: device ?? 'lo',
    ...(gateway === undefined ? { scope: 'link' as const } : { gateway }),
    ...(kind ? { kind } : {}),
    ...(after('src') ? { source: parseAddress(after('src')!)! } : {}),
    ...(after('metric') ? { metric: Number(after('metric')) } : {}),
  })
  return 0
}

async function netns(call: AppletCall, args: readonly string[]): Promise<number> {
  const { process } = call
  const [verb = 'list', name] = args
  const path = `/run/netns/${name}`
  switch (verb) {
    case 'list':
    case 'ls':
    case 'show': {
      const names = process.files.exists('/run/netns')
        ? process.files.list('/run/netns').map((entry) => entry.name)
        : []
      await process.print(names.map((each) => `${each}\n`).join(''))
      return 0
    }
    case 'add': {
      if (process.files.exists(path))
        throw new AppletError('', 1, `Cannot create namespace file "/run/netns/${name}": File exists\n`)
      process.files.mkdir('/run/netns', { parents: true })
      process.files.write(path, '', { mode: 0o444 })
      process.system.unshare(['net'])
      process.system.bindNamespace('net', path)
      return 0
    }
    case 'del':
    case 'delete':
      try {
        process.system.unmount(path, { lazy: true })
        process.files.unlink(path)
        return 0
      } catch (error) {
        throw new AppletError('', 1, `Cannot remove namespace file "/run/netns/${name}": ${words(error)}\n`)
      }
    case 'exec': {
      try {
        process.system.joinFile(path, 'net')
      } catch {
        throw new AppletError('', 255, `Cannot open network namespace "${name}": No such file or directory\n`)
      }
      try {
        return await process.exec({ argv: args.slice(2) })
      } catch (error) {
        throw new AppletError('', 255, `exec of "${args[2]}" failed: ${words(error)}\n`)
      }
    }
    default:
      throw new AppletError('', 255, `Command "${verb}" is unknown, try "ip netns help".\n`)
  }
}
