import { duplicate, type FieldError, forbiddenField, invalid, notSupported, required } from '../../api/field-error.ts'
import { deepEqual } from '../../api/json.ts'
import { isDns1123Label, isDns1123Subdomain, validateLabelKey, validateLabelValue } from '../../api/names.ts'
import { IP_WORDS, isIp, isPort, PORT_RANGE, portOrName } from '../validation.ts'

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']
const PROTOCOLS = ['SCTP', 'TCP', 'UDP']

/** The port as it appears in the server's internal type. */
const internalPort = (p: any) => ({
  Name: '',
  Protocol: p.protocol ?? '',
  AppProtocol: p.appProtocol ?? null,
  Port: p.port ?? 0,
  TargetPort: 0,
  NodePort: 0,
})

export function validateService({ spec = {} }: any): FieldError[] {
  const errors: FieldError[] = []
  const ports: any[] = spec.ports ?? []
  const headless = spec.clusterIP === 'None'
  if (ports.length === 0 && !headless && spec.type !== 'ExternalName') errors.push(required('spec.ports'))
  if (spec.type === 'LoadBalancer' && headless)
    errors.push(invalid('spec.clusterIPs[0]', spec.clusterIP, "may not be set to 'None' for LoadBalancer services"))
  if (spec.type === 'NodePort' && headless)
    errors.push(invalid('spec.clusterIPs[0]', spec.clusterIP, "may not be set to 'None' for NodePort services"))
  if (spec.type === 'ExternalName') {
    const name = String(spec.externalName ?? '').replace(/\.$/, '')
    if (name === '') errors.push(required('spec.externalName'))
    else for (const p of isDns1123Subdomain(name)) errors.push(invalid('spec.externalName', spec.externalName, p))
  }
  const names = new Set<string>()
  for (const [i, port] of ports.entries())
    errors.push(...validatePort(port, `spec.ports[${i}]`, ports.length > 1, names))
  for (const [key, value] of Object.entries<string>(spec.selector ?? {})) {
    for (const p of validateLabelKey(key)) errors.push(invalid('spec.selector', key, p))
    for (const p of validateLabelValue(value)) errors.push(invalid('spec.selector', value, p))
  }
  if (!['ClientIP', 'None'].includes(spec.sessionAffinity))
    errors.push(notSupported('spec.sessionAffinity', spec.sessionAffinity, ['ClientIP', 'None']))
  else if (spec.sessionAffinity === 'ClientIP') {
    const seconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds
    if (seconds !== undefined && (seconds <= 0 || seconds > 86400))
      errors.push(
        invalid(
          'spec.sessionAffinityConfig.clientIP.timeoutSeconds',
          seconds,
          'must be greater than 0 and less than 86400',
        ),
      )
  } else if (spec.sessionAffinityConfig)
    errors.push(forbiddenField('spec.sessionAffinityConfig', 'must not be set when session affinity is None'))
  if (spec.type !== 'ExternalName')
    for (const [i, ip] of (spec.clusterIPs ?? (spec.clusterIP ? [spec.clusterIP] : [])).entries())
      if (ip !== 'None' && ip !== '' && !isIp(ip)) errors.push(invalid(`spec.clusterIPs[${i}]`, ip, IP_WORDS))
  for (const [i, ip] of (spec.externalIPs ?? []).entries())
    if (!isIp(ip)) errors.push(invalid(`spec.externalIPs[${i}]`, ip, IP_WORDS))
  if (!spec.type) errors.push(required('spec.type'))
  else if (!TYPES.includes(spec.type)) errors.push(notSupported('spec.type', spec.type, TYPES))
  if (spec.type === 'ClusterIP')
    for (const [i, port] of ports.entries())
      if (port.nodePort)
        errors.push(forbiddenField(`spec.ports[${i}].nodePort`, "may not be used when `type` is 'ClusterIP'"))
  const numbers = new Map<string, number>()
  for (const [i, port] of ports.entries()) {
    const key = `${port.protocol}/${port.port}`
    if (numbers.has(key)) errors.push(duplicate(`spec.ports[${i}]`, internalPort(port)))
    numbers.set(key, i)
  }
  const nodePorts = new Set<string>()
  for (const [i, port] of ports.entries()) {
    if (!port.nodePort) continue
    const key = `${port.protocol}/${port.nodePort}`
    if (nodePorts.has(key)) errors.push(duplicate(`spec.ports[${i}].nodePort`, port.nodePort))
    nodePorts.add(key)
  }
  if (spec.externalTrafficPolicy) {
    if (!['NodePort', 'LoadBalancer'].includes(spec.type) && !(spec.externalIPs?.length > 0))
      errors.push(
        invalid(
          'spec.externalTrafficPolicy',
          spec.externalTrafficPolicy,
          'may only be set for externally-accessible services',
        ),
      )
    else if (!['Cluster', 'Local'].includes(spec.externalTrafficPolicy))
      errors.push(notSupported('spec.externalTrafficPolicy', spec.externalTrafficPolicy, ['Cluster', 'Local']))
  }
  if (spec.internalTrafficPolicy && !['Cluster', 'Local'].includes(spec.internalTrafficPolicy))
    errors.push(notSupported('spec.internalTrafficPolicy', spec.internalTrafficPolicy, ['Cluster', 'Local']))
  return errors
}

function validatePort(port: any, path: string, requireName: boolean, names: Set<string>): FieldError[] {
  const errors: FieldError[] = []
  if (requireName && !port.name) errors.push(required(`${path}.name`))
  else if (port.name) {
    for (const p of isDns1123Label(port.name)) errors.push(invalid(`${path}.name`, port.name, p))
    if (names.has(port.name)) errors.push(duplicate(`${path}.name`, port.name))
    names.add(port.name)
  }
  if (!isPort(port.port)) errors.push(invalid(`${path}.port`, port.port ?? 0, PORT_RANGE))
  if (!port.protocol) errors.push(required(`${path}.protocol`))
  else if (!PROTOCOLS.includes(port.protocol)) errors.push(notSupported(`${path}.protocol`, port.protocol, PROTOCOLS))
  errors.push(...portOrName(port.targetPort ?? 0, `${path}.targetPort`))
  return errors
}

export function validateServiceUpdate({ spec }: any, old: any): FieldError[] {
  const errors: FieldError[] = []
  const before = old.spec
  if (before.type !== 'ExternalName' && spec.type !== 'ExternalName' && before.clusterIP) {
    const wanted = spec.clusterIP === before.clusterIP ? spec.clusterIPs : spec.clusterIP ? [spec.clusterIP] : undefined
    if (wanted && wanted[0] !== before.clusterIPs?.[0])
      errors.push(invalid('spec.clusterIPs[0]', wanted, 'may not change once set'))
  }
  if (
    before.loadBalancerClass !== undefined &&
    spec.type === 'LoadBalancer' &&
    !deepEqual(spec.loadBalancerClass, before.loadBalancerClass)
  )
    errors.push(invalid('spec.loadBalancerClass', spec.loadBalancerClass ?? null, 'may not change once set'))
  return errors
}
