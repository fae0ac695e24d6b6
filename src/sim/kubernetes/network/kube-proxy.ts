import type { Netfilter, TableName } from '../../linux/net/netfilter/netfilter.ts'
import type { Running } from '../api/component.ts'
import type { ProxyRules } from './proxy-rules.ts'

const PORTALS = '-m comment --comment "kubernetes service portals"'

/** The jumps from the kernel's own chains into kube-proxy's. */
const JUMPS: readonly [TableName, string, string][] = [
  ['nat', 'PREROUTING', `${PORTALS} -j KUBE-SERVICES`],
  ['nat', 'OUTPUT', `${PORTALS} -j KUBE-SERVICES`],
  ['nat', 'POSTROUTING', '-m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING'],
  ['filter', 'INPUT', '-j KUBE-FIREWALL'],
  ['filter', 'INPUT', '-m comment --comment "kubernetes health check service ports" -j KUBE-NODEPORTS'],
  [
    'filter',
    'INPUT',
    '-m conntrack --ctstate NEW -m comment --comment "kubernetes externally-visible service portals" -j KUBE-EXTERNAL-SERVICES',
  ],
  [
    'filter',
    'INPUT',
    '-m conntrack --ctstate NEW -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL',
  ],
  [
    'filter',
    'FORWARD',
    '-m conntrack --ctstate NEW -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL',
  ],
  ['filter', 'FORWARD', '-m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD'],
  ['filter', 'FORWARD', `-m conntrack --ctstate NEW ${PORTALS} -j KUBE-SERVICES`],
  [
    'filter',
    'FORWARD',
    '-m conntrack --ctstate NEW -m comment --comment "kubernetes externally-visible service portals" -j KUBE-EXTERNAL-SERVICES',
  ],
  ['filter', 'OUTPUT', '-j KUBE-FIREWALL'],
  [
    'filter',
    'OUTPUT',
    '-m conntrack --ctstate NEW -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL',
  ],
  ['filter', 'OUTPUT', `-m conntrack --ctstate NEW ${PORTALS} -j KUBE-SERVICES`],
]

/** Puts kube-proxy's rules into a node's packet filter and keeps them there until stopped. */
export function startKubeProxy(filter: Netfilter, rules: ProxyRules, nodeName: string): Running {
  const detach = (['nat', 'filter'] as const).map((table) => filter.attach(rules.source(table, nodeName)))
  // Before whatever else is in the kernel's chains, in the order above.
  for (const [table, chain, text] of JUMPS.toReversed()) {
    if (!filter.exists(table, chain, text)) filter.insert(table, chain, text)
  }
  return {
    stop() {
      // As the real one, it leaves what it last wrote behind when it ends; only a clean-up takes the rules away.
      for (const [table, chain, text] of JUMPS) if (filter.exists(table, chain, text)) filter.delete(table, chain, text)
      for (const each of detach) each()
    },
  }
}
