import { type FieldError, forbiddenField, invalid, notSupported, required } from '../../api/field-error.ts'
import { isCidr, portOrName, validateLabelSelector } from '../validation.ts'

export function validateNetworkPolicy({ spec = {} }: any): FieldError[] {
  const errors = [...validateLabelSelector(spec.podSelector, 'spec.podSelector')]
  for (const [direction, peers] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const)
    for (const [i, rule] of (spec[direction] ?? []).entries()) {
      const field = `spec.${direction}[${i}]`
      for (const [j, port] of (rule.ports ?? []).entries()) errors.push(...validatePort(port, `${field}.ports[${j}]`))
      for (const [j, peer] of (rule[peers] ?? []).entries())
        errors.push(...validatePeer(peer, `${field}.${peers}[${j}]`))
    }
  for (const type of spec.policyTypes ?? [])
    if (!['Ingress', 'Egress'].includes(type))
      errors.push(notSupported('spec.policyTypes', type, ['Egress', 'Ingress']))
  return errors
}

function validatePort(port: any, field: string): FieldError[] {
  const errors: FieldError[] = []
  if (port.protocol && !['TCP', 'UDP', 'SCTP'].includes(port.protocol))
    errors.push(notSupported(`${field}.protocol`, port.protocol, ['SCTP', 'TCP', 'UDP']))
  if (port.port !== undefined) errors.push(...portOrName(port.port, `${field}.port`))
  if (port.endPort !== undefined && typeof port.port === 'number' && port.endPort < port.port)
    errors.push(invalid(`${field}.endPort`, port.endPort, `must be greater than or equal to \`port\``))
  return errors
}

function validatePeer(peer: any, field: string): FieldError[] {
  const errors: FieldError[] = []
  if (!peer.podSelector && !peer.namespaceSelector && !peer.ipBlock) return [required(field, 'must specify a peer')]
  if (peer.podSelector) errors.push(...validateLabelSelector(peer.podSelector, `${field}.podSelector`))
  if (peer.namespaceSelector)
    errors.push(...validateLabelSelector(peer.namespaceSelector, `${field}.namespaceSelector`))
  if (!peer.ipBlock) return errors
  if (peer.podSelector || peer.namespaceSelector)
    errors.push(forbiddenField(field, 'may not specify both ipBlock and another peer'))
  if (!peer.ipBlock.cidr) errors.push(required(`${field}.ipBlock.cidr`))
  else if (!isCidr(peer.ipBlock.cidr))
    errors.push(
      invalid(
        `${field}.ipBlock.cidr`,
        peer.ipBlock.cidr,
        'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      ),
    )
  return errors
}
