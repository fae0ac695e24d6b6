import { type Cidr, formatCidr, parseAddress, parseCidr } from '../ipv4.ts'
import type { ConnectionState, PortRange, Rule, Target } from './rule.ts'

/** A command line iptables refuses. `message` is what it prints after `iptables v1.8.9 (legacy): `. */
export class IptablesError extends Error {
  readonly status: number
  constructor(message: string, status = 2) {
    super(message)
    this.name = 'IptablesError'
    this.status = status
  }
}

type Draft = { -readonly [K in keyof Rule]?: Rule[K] }

const BUILT_IN = new Set(['ACCEPT', 'DROP', 'RETURN', 'LOG'])
const SERVICES: Readonly<Record<string, number>> = { ssh: 22, domain: 53, http: 80, https: 443 }

/** Parses the part of an iptables command that describes a rule (everything but -t, -A and the chain). */
export function parseRule(args: readonly string[]): Rule {
  const draft: Draft = {}
  const words: string[] = []
  let target: Target = { kind: 'NONE' }
  let not = false
  let i = 0
  const next = (option: string): string => {
    const value = args[++i]
    if (value === undefined) throw new IptablesError(`option "${option}" requires an argument`)
    return value
  }
  const say = (...parts: string[]) => words.push(...(not ? ['!'] : []), ...parts)
  for (; i < args.length; i++) {
    const option = args[i]!
    if (option === '!') {
      not = true
      continue
    }
    switch (option) {
      case '-p':
      case '--protocol':
      case '--proto': {
        const value = next(option).toLowerCase()
        draft.protocol = { value, not }
        if (value !== 'all') say('-p', value)
        break
      }
      case '-s':
      case '--source':
      case '--src': {
        draft.source = { value: cidr(next(option)), not }
        say('-s', formatCidr(draft.source.value))
        break
      }
      case '-d':
      case '--destination':
      case '--dst': {
        draft.destination = { value: cidr(next(option)), not }
        say('-d', formatCidr(draft.destination.value))
        break
      }
      case '-i':
      case '--in-interface':
        draft.inInterface = { value: next(option), not }
        say('-i', draft.inInterface.value)
        break
      case '-o':
      case '--out-interface':
        draft.outInterface = { value: next(option), not }
        say('-o', draft.outInterface.value)
        break
      case '-m':
      case '--match':
        words.push('-m', next(option))
        break
      case '--comment':
        draft.comment = next(option)
        words.push('--comment', /[\s"]/.test(draft.comment) ? `"${draft.comment}"` : draft.comment)
        break
      case '--dport':
      case '--destination-port':
      case '--dports':
      case '--destination-ports': {
        const text = next(option)
        draft.destinationPorts = { value: ports(text), not }
        if (option.endsWith('s') && !option.endsWith('ts')) say('--dport', text)
        else {
          if (option === '--dport' || option === '--destination-port') implied(words, draft)
          say(option.startsWith('--destination') ? option.replace('destination-port', 'dport') : option, text)
        }
        break
      }
      case '--sport':
      case '--source-port':
      case '--sports': {
        const text = next(option)
        draft.sourcePorts = { value: ports(text), not }
        if (option !== '--sports') implied(words, draft)
        say(option === '--source-port' ? '--sport' : option, text)
        break
      }
      case '--ctstate':
      case '--state': {
        const text = next(option)
        draft.states = { value: text.split(',') as ConnectionState[], not }
        say(option, text)
        break
      }
      case '--mark': {
        const text = next(option)
        draft.mark = { value: marks(text), not }
        say('--mark', text)
        break
      }
      case '--dst-type':
        draft.destinationType = { value: next(option), not }
        say('--dst-type', draft.destinationType.value)
        break
      case '--src-type':
        draft.sourceType = { value: next(option), not }
        say('--src-type', draft.sourceType.value)
        break
      case '--mode': {
        const mode = next(option)
        words.push('--mode', mode)
        draft.statistic = mode === 'nth' ? { mode: 'nth', every: 1, packet: 0 } : { mode: 'random', probability: 1 }
        break
      }
      case '--probability': {
        const text = next(option)
        draft.statistic = { mode: 'random', probability: Number(text) }
        words.push('--probability', text)
        break
      }
      case '--every':
      case '--packet': {
        const value = Number(next(option))
        const old = draft.statistic?.mode === 'nth' ? draft.statistic : { mode: 'nth' as const, every: 1, packet: 0 }
        draft.statistic = option === '--every' ? { ...old, every: value } : { ...old, packet: value }
        words.push(option, String(value))
        break
      }
      case '--set':
      case '--rcheck':
      case '--update':
      case '--remove': {
        const action = option.slice(2) as 'set' | 'rcheck' | 'update' | 'remove'
        draft.recent = { name: 'DEFAULT', ...draft.recent, action }
        words.push(option)
        break
      }
      case '--seconds':
        draft.recent = { name: 'DEFAULT', action: 'rcheck', ...draft.recent, seconds: Number(next(option)) }
        words.push('--seconds', String(draft.recent.seconds))
        break
      case '--name':
        draft.recent = { action: 'set', ...draft.recent, name: next(option) }
        words.push('--name', draft.recent.name)
        break
      case '--reap':
      case '--rsource':
        words.push(option)
        break
      case '--match-set': {
        const name = next(option)
        const directions = next(option).split(',') as ('src' | 'dst')[]
        draft.sets = [...(draft.sets ?? []), { value: { name, directions }, not }]
        say('--match-set', name, directions.join(','))
        break
      }
      case '-j':
      case '--jump':
      case '-g':
      case '--goto': {
        const name = next(option)
        target = targetOf(name, option === '-g' || option === '--goto')
        words.push(option === '--jump' ? '-j' : option === '--goto' ? '-g' : option, name)
        break
      }
      case '--to-destination': {
        const text = next(option)
        const [address, port] = text.split(':')
        const parsed = address ? parseAddress(address) : undefined
        target = {
          kind: 'DNAT',
          ...(parsed === undefined ? {} : { address: parsed }),
          ...(port ? { port: Number(port) } : {}),
        }
        words.push(option, text)
        break
      }
      case '--to-source': {
        const text = next(option)
        target = { kind: 'SNAT', address: address(text.split('-')[0]!) }
        words.push(option, text)
        break
      }
      case '--to-ports': {
        const text = next(option)
        if (target.kind === 'REDIRECT') target = { kind: 'REDIRECT', port: Number(text) }
        words.push(option, text)
        break
      }
      case '--random':
      case '--random-fully':
      case '--persistent':
        words.push(option)
        break
      case '--reject-with': {
        const text = next(option)
        target = { kind: 'REJECT', with: text }
        words.push(option, text)
        break
      }
      case '--set-xmark':
      case '--set-mark':
      case '--or-mark': {
        const text = next(option)
        const { value, mask } = marks(text)
        target = { kind: 'MARK', value, mask: option === '--or-mark' ? value : mask }
        words.push('--set-xmark', `0x${value.toString(16)}/0x${target.mask.toString(16)}`)
        break
      }
      case '--log-prefix':
      case '--log-level':
        words.push(option, next(option))
        break
      default:
        throw new IptablesError(option.startsWith('-') ? `unknown option "${option}"` : `Bad argument \`${option}'`)
    }
    not = false
  }
  if (target.kind === 'REJECT' && !words.includes('--reject-with')) words.push('--reject-with', target.with)
  return { ...draft, text: words.join(' '), target }
}

/** iptables names the protocol's match when a port is given: `-p tcp -m tcp --dport 80`. */
function implied(words: string[], draft: Draft): void {
  const name = draft.protocol?.value
  if (!name) throw new IptablesError('unknown option "--dport"')
  for (let i = 0; i + 1 < words.length; i++) if (words[i] === '-m' && words[i + 1] === name) return
  words.push('-m', name)
}

function targetOf(name: string, goto: boolean): Target {
  if (BUILT_IN.has(name)) return { kind: name as 'ACCEPT' }
  switch (name) {
    case 'REJECT':
      return { kind: 'REJECT', with: 'icmp-port-unreachable' }
    case 'MASQUERADE':
      return { kind: 'MASQUERADE' }
    case 'DNAT':
      return { kind: 'DNAT' }
    case 'REDIRECT':
      return { kind: 'REDIRECT', port: 0 }
    case 'MARK':
      return { kind: 'MARK', value: 0, mask: 0 }
    default:
      return { kind: goto ? 'GOTO' : 'JUMP', chain: name }
  }
}

function address(text: string): number {
  const value = parseAddress(text)
  if (value === undefined) throw new IptablesError(`host/network \`${text}' not found`)
  return value
}

function cidr(text: string): Cidr {
  const value = parseCidr(text)
  if (!value) throw new IptablesError(`host/network \`${text}' not found`)
  return value
}

function ports(text: string): PortRange[] {
  return text.split(',').map((part) => {
    const [from, to] = part.split(':')
    const start = from === '' ? 0 : port(from!)
    return { from: start, to: to === undefined ? start : to === '' ? 65_535 : port(to) }
  })
}

function port(text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : SERVICES[text]
  if (value === undefined || value > 65_535) throw new IptablesError(`invalid port/service \`${text}' specified`)
  return value
}

function marks(text: string): { value: number; mask: number } {
  const [value, mask] = text.split('/')
  return { value: Number(value), mask: mask === undefined ? 0xffffffff : Number(mask) }
}
