import { Chain } from '../../linux/net/netfilter/chain.ts'
import type { ChainSource } from '../../linux/net/netfilter/netfilter.ts'
import { parseRule } from '../../linux/net/netfilter/parse-rule.ts'
import type { Rule } from '../../linux/net/netfilter/rule.ts'
import { chainHash } from './chain-hash.ts'
import { type ServiceEndpoint, type ServicePort, type ServiceTable, usable } from './service-ports.ts'

const NODE_PORTS = 'kubernetes service nodeports; NOTE: this must be the last rule in this chain'

/** The rules one Service adds to each chain. */
interface ServiceRules {
  nat: Map<string, Rule[]>
  filter: Map<string, Rule[]>
}

/**
 * The chains of kube-proxy's iptables mode, shared by the nodes of a cluster. Chains are made when asked for; a change of
 * one Service re-makes only its own rules.
 */
export class ProxyRules {
  readonly #table: ServiceTable
  readonly #clusterCIDR: string
  readonly #perService = new Map<string, ServiceRules>()
  readonly #chains = new Map<string, Chain | undefined>()
  #names: { nat: Set<string>; filter: Set<string> } | undefined
  #owners: Map<string, string> | undefined
  readonly #stopListening: () => void

  constructor(table: ServiceTable, clusterCIDR: string) {
    this.#table = table
    this.#clusterCIDR = clusterCIDR
    this.#stopListening = table.onChange((key) => {
      this.#perService.delete(key)
      this.#chains.clear()
      this.#names = undefined
      this.#owners = undefined
    })
  }

  stop(): void {
    this.#stopListening()
  }

  /** The chains as one node has them: only endpoints of its own serve Local traffic. */
  source(table: 'nat' | 'filter', nodeName: string): ChainSource {
    return {
      table,
      chain: (name) => this.#chain(table, name, nodeName),
      names: () => this.#allNames()[table],
    }
  }

  #chain(table: 'nat' | 'filter', name: string, nodeName: string): Chain | undefined {
    if (!name.startsWith('KUBE-')) return undefined
    const local = name.startsWith('KUBE-SVL-')
    const key = local ? `${table}/${name}/${nodeName}` : `${table}/${name}`
    if (this.#chains.has(key)) return this.#chains.get(key)
    const chain = this.#make(table, name, nodeName)
    this.#chains.set(key, chain)
    return chain
  }

  #make(table: 'nat' | 'filter', name: string, nodeName: string): Chain | undefined {
    const fixed = FIXED[table].get(name)
    if (fixed) return fixed
    const owner = this.#ownerOf(name)
    if (owner) {
      const local = name.startsWith('KUBE-SVL-')
      const rules = local ? this.#localRules(owner, name, nodeName) : this.#rulesOf(owner)[table].get(name)
      return rules && new Chain(name, rules)
    }
    if (!SHARED[table].includes(name)) return undefined
    const rules: Rule[] = []
    for (const key of this.#table.keys()) rules.push(...(this.#rulesOf(key)[table].get(name) ?? []))
    if (table === 'nat' && name === 'KUBE-SERVICES') {
      rules.push(rule(`-m comment --comment "${NODE_PORTS}" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS`))
    }
    return new Chain(name, rules)
  }

  #localRules(key: string, name: string, nodeName: string): Rule[] {
    const port = this.#table.ports(key).find((p) => `KUBE-SVL-${p.hash}` === name)
    if (!port) return []
    const own = usable(port.endpoints.filter((e) => e.nodeName === nodeName))
    if (own.length === 0) return [rule(`-m comment --comment "${port.title} has no local endpoints" -j KUBE-MARK-DROP`)]
    return balance(port, own)
  }

  #rulesOf(key: string): ServiceRules {
    let rules = this.#perService.get(key)
    if (!rules) {
      rules = { nat: new Map(), filter: new Map() }
      for (const port of this.#table.ports(key)) addPort(rules, port, this.#clusterCIDR)
      this.#perService.set(key, rules)
    }
    return rules
  }

  /** Which Service a chain with a hash belongs to. */
  #ownerOf(name: string): string | undefined {
    if (!this.#owners) {
      this.#owners = new Map()
      for (const key of this.#table.keys()) {
        for (const port of this.#table.ports(key)) {
          for (const kind of ['SVC', 'EXT', 'SVL']) this.#owners.set(`KUBE-${kind}-${port.hash}`, key)
          for (const endpoint of usable(port.endpoints)) this.#owners.set(endpointChain(port, endpoint), key)
        }
      }
    }
    return this.#owners.get(name)
  }

  #allNames(): { nat: Set<string>; filter: Set<string> } {
    if (!this.#names) {
      const nat = new Set([...FIXED.nat.keys(), ...SHARED.nat])
      const filter = new Set([...FIXED.filter.keys(), ...SHARED.filter])
      for (const key of this.#table.keys()) {
        for (const name of this.#rulesOf(key).nat.keys()) nat.add(name)
        for (const port of this.#table.ports(key)) if (needsLocal(port)) nat.add(`KUBE-SVL-${port.hash}`)
      }
      this.#names = { nat, filter }
    }
    return this.#names
  }
}

const rule = (text: string): Rule => parseRule(words(text))

function words(text: string): string[] {
  return (text.match(/"[^"]*"|\S+/g) ?? []).map((word) => (word.startsWith('"') ? word.slice(1, -1) : word))
}

const SHARED = {
  nat: ['KUBE-SERVICES', 'KUBE-NODEPORTS'],
  filter: ['KUBE-SERVICES', 'KUBE-EXTERNAL-SERVICES'],
}

const FIXED = {
  nat: new Map(
    [
      new Chain('KUBE-MARK-MASQ', [rule('-j MARK --set-xmark 0x4000/0x4000')]),
      new Chain('KUBE-MARK-DROP', [rule('-j MARK --set-xmark 0x8000/0x8000')]),
      new Chain('KUBE-POSTROUTING', [
        rule('-m mark ! --mark 0x4000/0x4000 -j RETURN'),
        rule('-j MARK --set-xmark 0x4000/0x0'),
        rule('-m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully'),
      ]),
      new Chain('KUBE-KUBELET-CANARY', []),
      new Chain('KUBE-PROXY-CANARY', []),
    ].map((chain) => [chain.name, chain]),
  ),
  filter: new Map(
    [
      new Chain('KUBE-FIREWALL', [
        rule(
          '! -s 127.0.0.0/8 -d 127.0.0.0/8 -m comment --comment "block incoming localnet connections" -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP',
        ),
        rule(
          '-m comment --comment "kubernetes firewall for dropping marked packets" -m mark --mark 0x8000/0x8000 -j DROP',
        ),
      ]),
      new Chain('KUBE-FORWARD', [
        rule('-m conntrack --ctstate INVALID -j DROP'),
        rule('-m comment --comment "kubernetes forwarding rules" -m mark --mark 0x4000/0x4000 -j ACCEPT'),
        rule(
          '-m comment --comment "kubernetes forwarding conntrack rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
        ),
      ]),
      new Chain('KUBE-NODEPORTS', []),
      new Chain('KUBE-PROXY-FIREWALL', []),
      new Chain('KUBE-KUBELET-CANARY', []),
      new Chain('KUBE-PROXY-CANARY', []),
    ].map((chain) => [chain.name, chain]),
  ),
}

const needsLocal = (port: ServicePort) => port.internalLocal || port.externalLocal

function endpointChain(port: ServicePort, { address, port: number }: ServiceEndpoint): string {
  return `KUBE-SEP-${chainHash(`${port.title}${port.protocol}${address}:${number}`)}`
}

function addPort(rules: ServiceRules, port: ServicePort, clusterCIDR: string): void {
  const { nat, filter } = rules
  const add = (table: Map<string, Rule[]>, chain: string, text: string) => {
    const list = table.get(chain)
    if (list) list.push(rule(text))
    else table.set(chain, [rule(text)])
  }
  const { title, protocol, clusterIP, hash } = port
  const to = (ip: string, words: string, number = port.port) =>
    `${ip === '' ? '' : `-d ${ip}/32 `}-p ${protocol} -m comment --comment "${words}" -m ${protocol} --dport ${number}`
  const endpoints = usable(port.endpoints)
  const externals = [
    ...port.externalIPs.map((ip) => [ip, 'external IP'] as const),
    ...port.loadBalancerIPs.map((ip) => [ip, 'loadbalancer IP'] as const),
  ]
  const external = port.nodePort !== undefined || externals.length > 0

  if (endpoints.length === 0) {
    const reject = '-j REJECT --reject-with icmp-port-unreachable'
    const why = `${title} has no endpoints`
    add(filter, 'KUBE-SERVICES', `${to(clusterIP, why)} ${reject}`)
    for (const [ip] of externals) add(filter, 'KUBE-EXTERNAL-SERVICES', `${to(ip, why)} ${reject}`)
    if (port.nodePort) {
      add(
        filter,
        'KUBE-EXTERNAL-SERVICES',
        `-p ${protocol} -m comment --comment "${why}" -m addrtype --dst-type LOCAL -m ${protocol} --dport ${port.nodePort} ${reject}`,
      )
    }
    return
  }

  const service = port.internalLocal ? `KUBE-SVL-${hash}` : `KUBE-SVC-${hash}`
  const outside = `KUBE-EXT-${hash}`
  add(nat, 'KUBE-SERVICES', `${to(clusterIP, `${title} cluster IP`)} -j ${service}`)
  for (const [ip, kind] of externals) add(nat, 'KUBE-SERVICES', `${to(ip, `${title} ${kind}`)} -j ${outside}`)
  if (port.nodePort) add(nat, 'KUBE-NODEPORTS', `${to('', title, port.nodePort)} -j ${outside}`)

  const cluster = `KUBE-SVC-${hash}`
  nat.set(cluster, [
    rule(`! -s ${clusterCIDR} ${to(clusterIP, `${title} cluster IP`)} -j KUBE-MARK-MASQ`),
    ...balance(port, endpoints),
  ])
  if (external) {
    if (port.externalLocal) {
      add(
        nat,
        outside,
        `-s ${clusterCIDR} -m comment --comment "pod traffic for ${title} external destinations" -j ${cluster}`,
      )
      add(
        nat,
        outside,
        `-m comment --comment "masquerade LOCAL traffic for ${title} external destinations" -m addrtype --src-type LOCAL -j KUBE-MARK-MASQ`,
      )
      add(
        nat,
        outside,
        `-m comment --comment "route LOCAL traffic for ${title} external destinations" -m addrtype --src-type LOCAL -j ${cluster}`,
      )
      add(nat, outside, `-j KUBE-SVL-${hash}`)
    } else {
      add(
        nat,
        outside,
        `-m comment --comment "masquerade traffic for ${title} external destinations" -j KUBE-MARK-MASQ`,
      )
      add(nat, outside, `-j ${cluster}`)
    }
  }
  for (const endpoint of endpoints) {
    const chain = endpointChain(port, endpoint)
    const recent = port.affinity === undefined ? '' : ` -m recent --set --name ${chain}`
    add(nat, chain, `-s ${endpoint.address}/32 -m comment --comment "${title}" -j KUBE-MARK-MASQ`)
    add(
      nat,
      chain,
      `-p ${protocol} -m comment --comment "${title}"${recent} -m ${protocol} -j DNAT --to-destination ${endpoint.address}:${endpoint.port}`,
    )
  }
}

/** Session affinity first, then an equal chance for each endpoint. */
function balance(port: ServicePort, endpoints: readonly ServiceEndpoint[]): Rule[] {
  const rules: Rule[] = []
  const arrow = ({ address, port: number }: ServiceEndpoint) =>
    `-m comment --comment "${port.title} -> ${address}:${number}"`
  if (port.affinity !== undefined) {
    for (const endpoint of endpoints) {
      const chain = endpointChain(port, endpoint)
      rules.push(
        rule(`${arrow(endpoint)} -m recent --rcheck --seconds ${port.affinity} --reap --name ${chain} -j ${chain}`),
      )
    }
  }
  endpoints.forEach((endpoint, i) => {
    const left = endpoints.length - i
    const chance = left === 1 ? '' : ` -m statistic --mode random --probability ${(1 / left).toFixed(11)}`
    rules.push(rule(`${arrow(endpoint)}${chance} -j ${endpointChain(port, endpoint)}`))
  })
  return rules
}
