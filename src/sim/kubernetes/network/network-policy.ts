import { Chain } from '../../linux/net/netfilter/chain.ts'
import type { ChainSource, Netfilter } from '../../linux/net/netfilter/netfilter.ts'
import { parseRule } from '../../linux/net/netfilter/parse-rule.ts'
import type { Rule } from '../../linux/net/netfilter/rule.ts'
import type { ApiClient, LabelSelector } from '../api/client.ts'
import type { Running } from '../api/component.ts'
import { matchesSelector } from '../api/label-selector.ts'
import type { KubeObject } from '../api/object.ts'
import type { Pod } from '../kubelet/pod.ts'
import { chainHash } from './chain-hash.ts'

const ENTRY = 'KUBE-NETWORK-POLICY'
/** Set on packets that some policy lets through. */
const ALLOWED = '0x10000/0x10000'

interface Peer {
  podSelector?: LabelSelector
  namespaceSelector?: LabelSelector
  ipBlock?: { cidr: string; except?: string[] }
}

interface PolicyPort {
  protocol?: string
  port?: number | string
  endPort?: number
}

/**
 * NetworkPolicies as rules of the packet filter, shared by the nodes. Made anew, when a packet asks, after policies, Pods
 * or namespaces changed; without policies it costs nothing.
 */
export class NetworkPolicyRules implements ChainSource {
  readonly table = 'filter' as const
  readonly #api: ApiClient
  #chains: Map<string, Chain> | undefined
  #policies = 0

  constructor(api: ApiClient) {
    this.#api = api
    api.watch('networkpolicies.networking.k8s.io', ({ type }) => {
      if (type === 'ADDED') this.#policies++
      if (type === 'DELETED') this.#policies--
      this.#chains = undefined
    })
    api.watch('pods', () => {
      if (this.#policies > 0) this.#chains = undefined
    })
    api.watch('namespaces', () => {
      if (this.#policies > 0) this.#chains = undefined
    })
  }

  chain(name: string): Chain | undefined {
    if (name === ENTRY && this.#policies === 0) return EMPTY
    if (!name.startsWith('KUBE-N')) return undefined
    this.#chains ??= this.#build()
    return this.#chains.get(name)
  }

  names(): Iterable<string> {
    this.#chains ??= this.#build()
    return this.#chains.keys()
  }

  /** Lets a node's forwarded packets pass through the policies. */
  attach(filter: Netfilter): Running {
    const detach = filter.attach(this)
    const jump = `-m comment --comment "network policies" -j ${ENTRY}`
    filter.insert('filter', 'FORWARD', jump)
    return {
      stop() {
        filter.delete('filter', 'FORWARD', jump)
        detach()
      },
    }
  }

  #build(): Map<string, Chain> {
    const pods = this.#api.list<Pod>('pods').filter((p) => p.status?.podIP && !p.spec.hostNetwork && !isOver(p))
    const namespaces = new Map(this.#api.list('namespaces').map((n) => [n.metadata.name, n.metadata.labels ?? {}]))
    const build: Build = { pods, namespaces, chains: new Map(), entry: [] }
    build.entry.push(rule('-m conntrack --ctstate RELATED,ESTABLISHED -j RETURN'))
    const policies = this.#api.list('networkpolicies.networking.k8s.io')
    for (const pod of pods) {
      const own = policies.filter(
        (p) =>
          p.metadata.namespace === pod.metadata.namespace &&
          matchesSelector(p.spec.podSelector, pod.metadata.labels ?? {}),
      )
      const ingress = own.filter((p) => typesOf(p).includes('Ingress'))
      const egress = own.filter((p) => typesOf(p).includes('Egress'))
      if (ingress.length > 0) addPodChain(build, pod, 'ingress', ingress)
      if (egress.length > 0) addPodChain(build, pod, 'egress', egress)
    }
    build.chains.set(ENTRY, new Chain(ENTRY, build.entry))
    return build.chains
  }
}

const EMPTY = new Chain(ENTRY, [])

interface Build {
  pods: readonly Pod[]
  namespaces: ReadonlyMap<string, Record<string, string>>
  chains: Map<string, Chain>
  entry: Rule[]
}

const rule = (text: string): Rule =>
  parseRule((text.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^"|"$/g, '')))

const isOver = (pod: Pod) => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'

/** Without policyTypes: Ingress always, Egress when there are egress rules. */
function typesOf({ spec }: KubeObject): string[] {
  return spec.policyTypes ?? (spec.egress ? ['Ingress', 'Egress'] : ['Ingress'])
}

function addPodChain(build: Build, pod: Pod, direction: 'ingress' | 'egress', policies: readonly KubeObject[]): void {
  const { namespace, name } = pod.metadata
  const ip = pod.status!.podIP!
  const chain = `KUBE-NWPLCY-${chainHash(`${direction}/${namespace}/${name}`)}`
  const own = direction === 'ingress' ? '-d' : '-s'
  build.entry.push(rule(`${own} ${ip}/32 -m comment --comment "${direction} of pod ${namespace}/${name}" -j ${chain}`))
  const rules: Rule[] = [rule(`-j MARK --set-xmark 0x0/0x10000`)]
  for (const policy of policies) {
    const why = `-m comment --comment "${policy.metadata.namespace}/${policy.metadata.name}"`
    for (const { from, to, ports } of policy.spec[direction] ?? []) {
      const peers: Peer[] | undefined = direction === 'ingress' ? from : to
      for (const match of portMatches(ports, direction === 'ingress' ? pod : undefined)) {
        if (!peers || peers.length === 0) rules.push(rule(`${match} ${why} -j MARK --set-xmark ${ALLOWED}`))
        for (const peer of peers ?? []) rules.push(...peerRules(build, policy, peer, direction, match, why))
      }
    }
  }
  rules.push(rule(`-m mark ! --mark ${ALLOWED} -j DROP`))
  build.chains.set(chain, new Chain(chain, rules))
}

function peerRules(
  build: Build,
  policy: KubeObject,
  peer: Peer,
  direction: 'ingress' | 'egress',
  match: string,
  why: string,
): Rule[] {
  const other = direction === 'ingress' ? '-s' : '-d'
  if (peer.ipBlock) {
    const { cidr, except = [] } = peer.ipBlock
    if (except.length === 0) return [rule(`${other} ${cidr} ${match} ${why} -j MARK --set-xmark ${ALLOWED}`)]
    const block = `KUBE-NWBLK-${chainHash(`${direction}/${cidr}/${except.join()}`)}`
    build.chains.set(
      block,
      new Chain(block, [
        ...except.map((range) => rule(`${other} ${range} -j RETURN`)),
        rule(`-j MARK --set-xmark ${ALLOWED}`),
      ]),
    )
    return [rule(`${other} ${cidr} ${match} ${why} -j ${block}`)]
  }
  return build.pods
    .filter((pod) => {
      const { namespace = '', labels = {} } = pod.metadata
      const inNamespace = peer.namespaceSelector
        ? matchesSelector(peer.namespaceSelector, build.namespaces.get(namespace) ?? {})
        : namespace === policy.metadata.namespace
      return inNamespace && (!peer.podSelector || matchesSelector(peer.podSelector, labels))
    })
    .map((pod) => rule(`${other} ${pod.status!.podIP}/32 ${match} ${why} -j MARK --set-xmark ${ALLOWED}`))
}

/** The matches for a rule's ports; one that matches everything when it names none. */
function portMatches(ports: readonly PolicyPort[] | undefined, target: Pod | undefined): string[] {
  if (!ports || ports.length === 0) return ['']
  return ports.flatMap(({ protocol = 'TCP', port, endPort }) => {
    const name = protocol.toLowerCase()
    if (port === undefined) return [`-p ${name}`]
    const number = typeof port === 'number' ? port : namedPort(target, port)
    if (number === undefined) return []
    return [`-p ${name} -m ${name} --dport ${endPort === undefined ? number : `${number}:${endPort}`}`]
  })
}

function namedPort(pod: Pod | undefined, name: string): number | undefined {
  for (const container of pod?.spec.containers ?? []) {
    const port = container.ports?.find((p) => p.name === name)
    if (port) return port.containerPort
  }
  return undefined
}
