export type PodSecurityLevel = 'privileged' | 'baseline' | 'restricted'

export interface Violation {
  /** `allowPrivilegeEscalation != false` */
  check: string
  detail: string
}

type Check = (pod: any) => Violation | undefined

const containersOf = (pod: any): any[] => [
  ...(pod.spec.initContainers ?? []),
  ...(pod.spec.containers ?? []),
  ...(pod.spec.ephemeralContainers ?? []),
]
const quoted = (names: readonly string[]) => names.map((n) => JSON.stringify(n)).join(', ')
const plural = (word: string, names: readonly unknown[]) => (names.length === 1 ? word : `${word}s`)
const subject = (bad: readonly any[]) => `${plural('container', bad)} ${quoted(bad.map((c) => c.name))}`

const DEFAULT_CAPABILITIES = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
])
const SYSCTLS = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
])
const RESTRICTED_VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
]

const hostNamespaces: Check = ({ spec }) => {
  const used = ['hostNetwork', 'hostPID', 'hostIPC'].filter((name) => spec[name]).map((name) => `${name}=true`)
  return used.length > 0 ? { check: 'host namespaces', detail: used.join(', ') } : undefined
}

const privileged: Check = (pod) => {
  const bad = containersOf(pod).filter((c) => c.securityContext?.privileged)
  return bad.length > 0
    ? { check: 'privileged', detail: `${subject(bad)} must not set securityContext.privileged=true` }
    : undefined
}

const addedCapabilities: Check = (pod) => {
  const extra = new Set<string>()
  const bad = containersOf(pod).filter((c) => {
    const added = (c.securityContext?.capabilities?.add ?? []).filter((name: string) => !DEFAULT_CAPABILITIES.has(name))
    for (const name of added) extra.add(name)
    return added.length > 0
  })
  return bad.length > 0
    ? {
        check: 'non-default capabilities',
        detail: `${subject(bad)} must not include ${quoted([...extra].sort())} in securityContext.capabilities.add`,
      }
    : undefined
}

const hostPathVolumes: Check = ({ spec }) => {
  const bad = (spec.volumes ?? []).filter((v: any) => v.hostPath).map((v: any) => v.name)
  return bad.length > 0 ? { check: 'hostPath volumes', detail: `${plural('volume', bad)} ${quoted(bad)}` } : undefined
}

const hostPorts: Check = (pod) => {
  const ports: number[] = []
  const bad = containersOf(pod).filter((c) => {
    const own = (c.ports ?? []).filter((p: any) => p.hostPort).map((p: any) => p.hostPort)
    ports.push(...own)
    return own.length > 0
  })
  return bad.length > 0
    ? {
        check: 'hostPort',
        detail: `${subject(bad)} ${bad.length === 1 ? 'uses' : 'use'} ${plural('hostPort', ports)} ${[...new Set(ports)].sort((a, b) => a - b).join(', ')}`,
      }
    : undefined
}

const unconfinedSeccomp: Check = (pod) => {
  const where: string[] = []
  if (pod.spec.securityContext?.seccompProfile?.type === 'Unconfined') where.push('pod')
  const bad = containersOf(pod).filter((c) => c.securityContext?.seccompProfile?.type === 'Unconfined')
  if (bad.length > 0) where.push(subject(bad))
  return where.length > 0
    ? {
        check: 'seccompProfile',
        detail: `${where.join(' and ')} must not set securityContext.seccompProfile.type to "Unconfined"`,
      }
    : undefined
}

const sysctls: Check = ({ spec }) => {
  const bad = (spec.securityContext?.sysctls ?? []).map((s: any) => s.name).filter((n: string) => !SYSCTLS.has(n))
  return bad.length > 0 ? { check: 'forbidden sysctls', detail: bad.join(', ') } : undefined
}

const procMount: Check = (pod) => {
  const bad = containersOf(pod).filter((c) => c.securityContext?.procMount && c.securityContext.procMount !== 'Default')
  return bad.length > 0
    ? { check: 'procMount', detail: `${subject(bad)} must not set securityContext.procMount to "Unmasked"` }
    : undefined
}

const privilegeEscalation: Check = (pod) => {
  const bad = containersOf(pod).filter((c) => c.securityContext?.allowPrivilegeEscalation !== false)
  return bad.length > 0
    ? {
        check: 'allowPrivilegeEscalation != false',
        detail: `${subject(bad)} must set securityContext.allowPrivilegeEscalation=false`,
      }
    : undefined
}

const restrictedCapabilities: Check = (pod) => {
  const missing = containersOf(pod).filter((c) => !(c.securityContext?.capabilities?.drop ?? []).includes('ALL'))
  const adding = containersOf(pod).filter((c) =>
    (c.securityContext?.capabilities?.add ?? []).some((n: string) => n !== 'NET_BIND_SERVICE'),
  )
  const details: string[] = []
  if (missing.length > 0) details.push(`${subject(missing)} must set securityContext.capabilities.drop=["ALL"]`)
  if (adding.length > 0) {
    const names = [
      ...new Set<string>(
        adding.flatMap((c) => c.securityContext.capabilities.add.filter((n: string) => n !== 'NET_BIND_SERVICE')),
      ),
    ].sort()
    details.push(`${subject(adding)} must not include ${quoted(names)} in securityContext.capabilities.add`)
  }
  return details.length > 0 ? { check: 'unrestricted capabilities', detail: details.join('; ') } : undefined
}

const restrictedVolumes: Check = ({ spec }) => {
  const bad = (spec.volumes ?? []).filter((v: any) => !RESTRICTED_VOLUMES.some((type) => v[type]))
  if (bad.length === 0) return undefined
  const types = [...new Set<string>(bad.map((v: any) => Object.keys(v).find((k) => k !== 'name') ?? 'unknown'))].sort()
  const names = bad.map((v: any) => v.name)
  return {
    check: 'restricted volume types',
    detail: `${plural('volume', names)} ${quoted(names)} ${names.length === 1 ? 'uses' : 'use'} restricted volume ${plural('type', types)} ${quoted(types)}`,
  }
}

const runAsNonRoot: Check = (pod) => {
  const whole = pod.spec.securityContext?.runAsNonRoot
  const explicit = containersOf(pod).filter((c) => c.securityContext?.runAsNonRoot === false)
  if (explicit.length > 0 || whole === false) {
    const where = [...(whole === false ? ['pod'] : []), ...(explicit.length > 0 ? [subject(explicit)] : [])]
    return {
      check: 'runAsNonRoot != true',
      detail: `${where.join(' and ')} must not set securityContext.runAsNonRoot=false`,
    }
  }
  const bad = containersOf(pod).filter((c) => c.securityContext?.runAsNonRoot === undefined)
  if (whole || bad.length === 0) return undefined
  return { check: 'runAsNonRoot != true', detail: `pod or ${subject(bad)} must set securityContext.runAsNonRoot=true` }
}

const runAsUser: Check = (pod) => {
  const where: string[] = []
  if (pod.spec.securityContext?.runAsUser === 0) where.push('pod')
  const bad = containersOf(pod).filter((c) => c.securityContext?.runAsUser === 0)
  if (bad.length > 0) where.push(subject(bad))
  return where.length > 0
    ? { check: 'runAsUser=0', detail: `${where.join(' and ')} must not set runAsUser=0` }
    : undefined
}

const restrictedSeccomp: Check = (pod) => {
  const ok = (type: string | undefined) => type === 'RuntimeDefault' || type === 'Localhost'
  const whole = pod.spec.securityContext?.seccompProfile?.type
  const wrong = containersOf(pod).filter(
    (c) => c.securityContext?.seccompProfile?.type && !ok(c.securityContext.seccompProfile.type),
  )
  const must = 'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"'
  if (wrong.length > 0) return { check: 'seccompProfile', detail: `${subject(wrong)} ${must}` }
  const bad = containersOf(pod).filter((c) => !c.securityContext?.seccompProfile?.type)
  if (ok(whole) || bad.length === 0) return undefined
  return { check: 'seccompProfile', detail: `pod or ${subject(bad)} ${must}` }
}

const BASELINE: readonly Check[] = [
  addedCapabilities,
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  privileged,
  procMount,
  unconfinedSeccomp,
  sysctls,
]
const RESTRICTED: readonly Check[] = [
  privilegeEscalation,
  restrictedCapabilities,
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  privileged,
  procMount,
  restrictedVolumes,
  runAsNonRoot,
  runAsUser,
  restrictedSeccomp,
  sysctls,
]

/** What the Pod (or template) has against the level. */
export function podSecurityViolations(level: PodSecurityLevel, pod: any): Violation[] {
  if (level === 'privileged') return []
  const found = (level === 'baseline' ? BASELINE : RESTRICTED)
    .map((check) => check(pod))
    .filter((v): v is Violation => v !== undefined)
  // hostPath is a restricted type too; it is named once.
  return found.some((v) => v.check === 'restricted volume types')
    ? found.filter((v) => v.check !== 'hostPath volumes')
    : found
}
