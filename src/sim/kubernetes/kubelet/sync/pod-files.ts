import type { MountSpec } from '../../../containers/engine.ts'
import type { NodeServices } from '../node.ts'
import type { Container, Pod } from '../pod.ts'
import type { PodRuntime } from '../runtime/pod-runtime.ts'
import { podFolder } from '../volumes/pod-volumes.ts'
import { podHostname } from './container-spec.ts'

/** The files the kubelet gives every container: /etc/hosts, /etc/hostname, /etc/resolv.conf, the termination log. */
export function podFiles(
  node: NodeServices,
  pod: Pod,
  runtime: PodRuntime,
  container: Container,
  attempt: number,
): MountSpec[] {
  const files = node.host?.files
  if (!files) return []
  const folder = podFolder(pod)
  files.mkdir(folder, { parents: true })
  const mounts: MountSpec[] = []
  const give = (name: string, target: string, content: string) => {
    const source = `${folder}/${name}`
    files.write(source, content, { mode: 0o644 })
    files.chmod(source, 0o644)
    mounts.push({ target, source })
  }
  if (!(container.volumeMounts ?? []).some((m) => m.mountPath === '/etc/hosts')) {
    give('etc-hosts', '/etc/hosts', hostsFile(node, pod, runtime.sandbox?.ip))
  }
  give('resolv.conf', '/etc/resolv.conf', resolvFile(node, pod))
  give('hostname', '/etc/hostname', `${podHostname(pod, node.node.name).hostname}\n`)
  const log = terminationLog(pod, container, attempt)
  files.mkdir(log.slice(0, log.lastIndexOf('/')), { parents: true })
  files.write(log, '')
  files.chmod(log, 0o666)
  mounts.push({ target: container.terminationMessagePath ?? '/dev/termination-log', source: log })
  return mounts
}

/** Where the node keeps what the container writes to its termination message path. */
export function terminationLog(pod: Pod, container: { name: string }, attempt: number): string {
  return `${podFolder(pod)}/containers/${container.name}/${String(attempt).padStart(8, '0')}`
}

function hostsFile(node: NodeServices, pod: Pod, ip: string | undefined): string {
  const aliases = (pod.spec.hostAliases ?? []).map((a) => `${a.ip}\t${(a.hostnames ?? []).join('\t')}\n`).join('')
  const extra = aliases ? `\n# Entries added by HostAliases.\n${aliases}` : ''
  if (pod.spec.hostNetwork) {
    const own = node.host?.files.exists('/etc/hosts') ? node.host.files.readText('/etc/hosts') : ''
    return `# Kubernetes-managed hosts file (host network).\n${own}${extra}`
  }
  const { hostname, domain } = podHostname(pod, node.node.name)
  const names = domain ? `${hostname}.${domain}\t${hostname}` : hostname
  return `# Kubernetes-managed hosts file.
127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::0\tip6-localnet
fe00::0\tip6-mcastprefix
fe00::1\tip6-allnodes
fe00::2\tip6-allrouters
${ip ?? '127.0.0.1'}\t${names}
${extra}`
}

export const CLUSTER_DNS = '10.96.0.10'
export const CLUSTER_DOMAIN = 'cluster.local'

function resolvFile(node: NodeServices, pod: Pod): string {
  const { dnsPolicy = 'ClusterFirst', dnsConfig, hostNetwork } = pod.spec
  const own = parseResolv(
    node.host?.files.exists('/etc/resolv.conf') ? node.host.files.readText('/etc/resolv.conf') : '',
  )
  let { servers, search, options } = own
  if (dnsPolicy === 'None') {
    servers = []
    search = []
    options = []
  } else if (dnsPolicy === 'ClusterFirstWithHostNet' || (dnsPolicy === 'ClusterFirst' && !hostNetwork)) {
    const base = `svc.${CLUSTER_DOMAIN}`
    search = [`${pod.metadata.namespace}.${base}`, base, CLUSTER_DOMAIN, ...search]
    servers = [CLUSTER_DNS]
    options = ['ndots:5']
  }
  servers = [...new Set([...servers, ...(dnsConfig?.nameservers ?? [])])]
  search = [...new Set([...search, ...(dnsConfig?.searches ?? [])])]
  for (const { name, value } of dnsConfig?.options ?? []) {
    options = options.filter((option) => option.split(':')[0] !== name)
    options.push(value === undefined ? `${name}` : `${name}:${value}`)
  }
  return [
    ...(search.length > 0 ? [`search ${search.join(' ')}`] : []),
    ...servers.map((server) => `nameserver ${server}`),
    ...(options.length > 0 ? [`options ${options.join(' ')}`] : []),
    '',
  ].join('\n')
}

function parseResolv(text: string): { servers: string[]; search: string[]; options: string[] } {
  const out = { servers: [] as string[], search: [] as string[], options: [] as string[] }
  for (const line of text.split('\n')) {
    const [word, ...rest] = line.trim().split(/\s+/)
    if (word === 'nameserver') out.servers.push(...rest)
    else if (word === 'search') out.search = rest
    else if (word === 'options') out.options.push(...rest)
  }
  return out
}
