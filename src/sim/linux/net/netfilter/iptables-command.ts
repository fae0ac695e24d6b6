import { formatAddress, formatCidr } from '../ipv4.ts'
import type { Chain } from './chain.ts'
import type { Netfilter, TableName } from './netfilter.ts'
import { IptablesError, parseRule } from './parse-rule.ts'
import type { Rule } from './rule.ts'

interface Command {
  table: TableName
  action: string
  chain: string | undefined
  rest: string[]
  numeric: boolean
  verbose: boolean
  lineNumbers: boolean
}

const ACTIONS: Readonly<Record<string, string>> = {
  '-A': 'append',
  '--append': 'append',
  '-I': 'insert',
  '--insert': 'insert',
  '-D': 'delete',
  '--delete': 'delete',
  '-C': 'check',
  '--check': 'check',
  '-N': 'new',
  '--new-chain': 'new',
  '-X': 'delete-chain',
  '--delete-chain': 'delete-chain',
  '-F': 'flush',
  '--flush': 'flush',
  '-P': 'policy',
  '--policy': 'policy',
  '-S': 'specify',
  '--list-rules': 'specify',
  '-L': 'list',
  '--list': 'list',
  '-Z': 'zero',
  '--zero': 'zero',
}

/** Performs an iptables command line; returns what it prints. Throws IptablesError with the words and the status. */
export function iptables(filter: Netfilter, args: readonly string[]): string {
  const command = parse(args)
  const { table, chain, rest } = command
  switch (command.action) {
    case 'append':
      filter.append(table, need(chain), parseRule(rest))
      return ''
    case 'insert': {
      const at = /^\d+$/.test(rest[0] ?? '') ? Number(rest.shift()) : 1
      filter.insert(table, need(chain), parseRule(rest), at)
      return ''
    }
    case 'delete':
      filter.delete(table, need(chain), /^\d+$/.test(rest[0] ?? '') ? Number(rest[0]) : parseRule(rest).text)
      return ''
    case 'check':
      if (!filter.exists(table, need(chain), parseRule(rest).text))
        throw new IptablesError('Bad rule (does a matching rule exist in that chain?).', 1)
      return ''
    case 'new':
      filter.newChain(table, need(chain))
      return ''
    case 'delete-chain':
      filter.deleteChain(table, chain)
      return ''
    case 'flush':
      filter.flush(table, chain)
      return ''
    case 'policy':
      filter.policy(table, need(chain), policyOf(rest[0]))
      return ''
    case 'zero':
      return ''
    case 'specify':
      return specify(filter, table, chain)
    case 'list':
      return list(filter, command)
    default:
      throw new IptablesError('no command specified')
  }
}

function parse(args: readonly string[]): Command {
  const command: Command = {
    table: 'filter',
    action: '',
    chain: undefined,
    rest: [],
    numeric: false,
    verbose: false,
    lineNumbers: false,
  }
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!
    const next = args[i + 1]
    const joined = /^-([nvxwL]{2,})$/.exec(word)
    if (word === '-t' || word === '--table') {
      command.table = (next ?? '') as TableName
      i++
    } else if (ACTIONS[word]) {
      command.action = ACTIONS[word]!
      if (next !== undefined && !next.startsWith('-') && next !== '!') {
        command.chain = next
        i++
      }
    } else if (word === '-n' || word === '--numeric') command.numeric = true
    else if (word === '-v' || word === '--verbose') command.verbose = true
    else if (word === '--line-numbers') command.lineNumbers = true
    else if (word === '-w' || word === '--wait') {
      if (/^\d+$/.test(next ?? '')) i++
    } else if (word === '-x' || word === '--exact') continue
    else if (joined) {
      if (joined[1]!.includes('n')) command.numeric = true
      if (joined[1]!.includes('v')) command.verbose = true
      if (joined[1]!.includes('L')) command.action = 'list'
      if (joined[1]!.endsWith('L') && next !== undefined && !next.startsWith('-')) {
        command.chain = next
        i++
      }
    } else command.rest.push(word)
  }
  return command
}

function need(chain: string | undefined): string {
  if (chain === undefined) throw new IptablesError('option "-A" requires an argument')
  return chain
}

function policyOf(text: string | undefined): 'ACCEPT' | 'DROP' {
  if (text === 'ACCEPT' || text === 'DROP') return text
  throw new IptablesError("Bad policy name. Run `dmesg' for more information.", 1)
}

function chainsOf(filter: Netfilter, table: TableName, name: string | undefined): Chain[] {
  if (name === undefined) return filter.chains(table)
  const chain = filter.chain(table, name)
  if (!chain) throw new IptablesError('No chain/target/match by that name.', 1)
  return [chain]
}

const declaration = (chain: Chain) => (chain.policy ? `-P ${chain.name} ${chain.policy}\n` : `-N ${chain.name}\n`)

/** `iptables -S`: declarations first, then the rules chain by chain. */
function specify(filter: Netfilter, table: TableName, name: string | undefined): string {
  const chains = chainsOf(filter, table, name)
  const rules = chains.flatMap((chain) => chain.rules.map(({ text }) => `-A ${chain.name} ${text}\n`))
  return chains.map(declaration).join('') + rules.join('')
}

/** iptables-save: all tables that are in use. */
export function iptablesSave(filter: Netfilter, when: string): string {
  return filter.tableNames
    .map((table) => {
      const chains = filter.chains(table)
      const heads = chains.map((chain) => `:${chain.name} ${chain.policy ?? '-'} [0:0]\n`).join('')
      const rules = chains.flatMap((chain) => chain.rules.map(({ text }) => `-A ${chain.name} ${text}\n`)).join('')
      return `# Generated by iptables-save v1.8.9 on ${when}\n*${table}\n${heads}${rules}COMMIT\n# Completed on ${when}\n`
    })
    .join('')
}

function list(filter: Netfilter, command: Command): string {
  const references = countReferences(filter, command.table)
  return chainsOf(filter, command.table, command.chain)
    .map((chain) => {
      const counter = filter.counters.get(chain) ?? { packets: 0, bytes: 0 }
      const extra = command.verbose ? ` ${counter.packets} packets, ${counter.bytes} bytes` : ''
      const head = chain.policy
        ? `Chain ${chain.name} (policy ${chain.policy}${extra})`
        : `Chain ${chain.name} (${references.get(chain.name) ?? 0} references)`
      const number = command.lineNumbers ? 'num  ' : ''
      const titles = command.verbose
        ? ' pkts bytes target     prot opt in     out     source               destination         '
        : 'target     prot opt source               destination         '
      const rows = chain.rules.map((rule, index) => {
        const line = row(filter, rule, command)
        return command.lineNumbers ? `${String(index + 1).padEnd(4)} ${line}` : line
      })
      return `${[head, number + titles, ...rows].join('\n')}\n`
    })
    .join('\n')
}

function countReferences(filter: Netfilter, table: TableName): Map<string, number> {
  const counts = new Map<string, number>()
  for (const chain of filter.chains(table))
    for (const { target } of chain.rules)
      if (target.kind === 'JUMP' || target.kind === 'GOTO')
        counts.set(target.chain, (counts.get(target.chain) ?? 0) + 1)
  return counts
}

function row(filter: Netfilter, rule: Rule, { numeric, verbose }: Command): string {
  const { target } = rule
  const name =
    target.kind === 'JUMP' || target.kind === 'GOTO' ? target.chain : target.kind === 'NONE' ? '' : target.kind
  const protocol = (rule.protocol?.not ? '!' : '') + (rule.protocol?.value ?? 'all')
  const where = (part: Rule['source']) => {
    if (!part) return numeric ? '0.0.0.0/0' : 'anywhere'
    const text = part.value.prefix === 32 ? formatAddress(part.value.base) : formatCidr(part.value)
    return `${part.not ? '!' : ''}${text}`
  }
  const from = where(rule.source).padEnd(20)
  const to = where(rule.destination).padEnd(20)
  const card = (part: Rule['inInterface']) =>
    `${part?.not ? '!' : ''}${part?.value ?? (numeric ? '*' : 'any')}`.padEnd(6)
  const details = describe(rule)
  if (!verbose) return `${name.padEnd(10)} ${protocol.padEnd(4)} --  ${from} ${to}${details ? ` ${details}` : ''}`
  const counter = filter.counters.get(rule) ?? { packets: 0, bytes: 0 }
  const count = `${String(counter.packets).padStart(5)} ${String(counter.bytes).padStart(5)}`
  return `${count} ${name.padEnd(10)} ${protocol.padEnd(4)} --  ${card(rule.inInterface)} ${card(rule.outInterface)}  ${from} ${to}${details ? ` ${details}` : ''}`
}

/** The free text at the end of a listed rule. */
function describe(rule: Rule): string {
  const parts: string[] = []
  if (rule.comment !== undefined) parts.push(`/* ${rule.comment} */`)
  const { destinationType, states, destinationPorts, sourcePorts, statistic, recent, mark, target } = rule
  if (destinationType) parts.push(`ADDRTYPE match dst-type ${destinationType.not ? '!' : ''}${destinationType.value}`)
  if (states) parts.push(`ctstate ${states.value.join(',')}`)
  const ports = (list: readonly { from: number; to: number }[]) =>
    list.map(({ from, to }) => (from === to ? `${from}` : `${from}:${to}`)).join(',')
  const protocol = rule.protocol?.value ?? ''
  if (sourcePorts) parts.push(`${protocol} spt${sourcePorts.value.length > 1 ? 's' : ''}:${ports(sourcePorts.value)}`)
  if (destinationPorts)
    parts.push(
      destinationPorts.value.length > 1
        ? `multiport dports ${ports(destinationPorts.value)}`
        : `${protocol} dpt${destinationPorts.value[0]!.from === destinationPorts.value[0]!.to ? '' : 's'}:${ports(destinationPorts.value)}`,
    )
  if (statistic?.mode === 'random') parts.push(`statistic mode random probability ${statistic.probability.toFixed(11)}`)
  if (recent) parts.push(`recent: ${recent.action.toUpperCase()} name: ${recent.name} side: source`)
  if (mark)
    parts.push(`mark match${mark.not ? '!' : ''} 0x${mark.value.value.toString(16)}/0x${mark.value.mask.toString(16)}`)
  switch (target.kind) {
    case 'DNAT': {
      const address = target.address === undefined ? '' : formatAddress(target.address)
      parts.push(`to:${address}${target.port === undefined ? '' : `:${target.port}`}`)
      break
    }
    case 'SNAT':
      parts.push(`to:${formatAddress(target.address)}`)
      break
    case 'REDIRECT':
      parts.push(`redir ports ${target.port}`)
      break
    case 'REJECT':
      parts.push(`reject-with ${target.with}`)
      break
    case 'MARK':
      parts.push(`MARK or 0x${target.value.toString(16)}`)
      break
    case 'GOTO':
      parts.unshift('[goto] ')
      break
  }
  return parts.join(' ')
}
