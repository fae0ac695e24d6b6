import { duplicate, type FieldError, invalid, notSupported, required } from '../../api/field-error.ts'
import { isDns1123Label, isDns1123Subdomain, validateLabelKey, validateLabelValue } from '../../api/names.ts'
import { IP_WORDS, isIp } from '../validation.ts'
import { type ContainerSetting, validateContainers, validateInitContainers } from './validate-container.ts'
import { validateAffinity, validateSpread, validateTolerations } from './validate-placement.ts'
import { validateVolumes } from './validate-volume.ts'

const RESTART_POLICIES = ['Always', 'OnFailure', 'Never']
const DNS_POLICIES = ['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None']

/** ValidatePodSpec: a Pod's or a template's. */
export function validatePodSpec(spec: any, field: string): FieldError[] {
  const errors: FieldError[] = []
  const volumes = new Set<string>((spec.volumes ?? []).map((v: any) => v.name))
  const setting: ContainerSetting = {
    volumes,
    restartPolicy: spec.restartPolicy,
    hostNetwork: spec.hostNetwork === true,
  }
  errors.push(...validateVolumes(spec.volumes, `${field}.volumes`))
  errors.push(...validateContainers(spec.containers, `${field}.containers`, setting))
  errors.push(...validateInitContainers(spec.initContainers, spec.containers, `${field}.initContainers`, setting))
  if (!spec.restartPolicy) errors.push(required(`${field}.restartPolicy`))
  else if (!RESTART_POLICIES.includes(spec.restartPolicy))
    errors.push(notSupported(`${field}.restartPolicy`, spec.restartPolicy, RESTART_POLICIES))
  if (spec.dnsPolicy && !DNS_POLICIES.includes(spec.dnsPolicy))
    errors.push(notSupported(`${field}.dnsPolicy`, spec.dnsPolicy, DNS_POLICIES))
  for (const [key, value] of Object.entries<string>(spec.nodeSelector ?? {})) {
    for (const p of validateLabelKey(key)) errors.push(invalid(`${field}.nodeSelector`, key, p))
    for (const p of validateLabelValue(value)) errors.push(invalid(`${field}.nodeSelector`, value, p))
  }
  errors.push(...validatePodSecurity(spec, field))
  errors.push(...validateAffinity(spec.affinity, `${field}.affinity`))
  if (spec.dnsPolicy === 'None' && !spec.dnsConfig?.nameservers?.length)
    errors.push(
      required(`${field}.dnsConfig.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None'),
    )
  for (const [i, server] of (spec.dnsConfig?.nameservers ?? []).entries())
    if (!isIp(server)) errors.push(invalid(`${field}.dnsConfig.nameservers[${i}]`, server, IP_WORDS))
  errors.push(...validateSpread(spec.topologySpreadConstraints, `${field}.topologySpreadConstraints`))
  const gates = new Set<string>()
  for (const [i, gate] of (spec.schedulingGates ?? []).entries()) {
    for (const p of validateLabelKey(gate.name ?? ''))
      errors.push(invalid(`${field}.schedulingGates[${i}]`, gate.name ?? '', p))
    if (gates.has(gate.name)) errors.push(duplicate(`${field}.schedulingGates[${i}]`, gate.name))
    gates.add(gate.name)
  }
  if (spec.serviceAccountName)
    for (const p of isDns1123Subdomain(spec.serviceAccountName))
      errors.push(invalid(`${field}.serviceAccountName`, spec.serviceAccountName, p))
  if (spec.nodeName)
    for (const p of isDns1123Subdomain(spec.nodeName)) errors.push(invalid(`${field}.nodeName`, spec.nodeName, p))
  if (
    spec.activeDeadlineSeconds !== undefined &&
    (spec.activeDeadlineSeconds < 1 || spec.activeDeadlineSeconds > 2147483647)
  )
    errors.push(
      invalid(
        `${field}.activeDeadlineSeconds`,
        spec.activeDeadlineSeconds,
        'must be between 1 and 2147483647, inclusive',
      ),
    )
  for (const name of ['hostname', 'subdomain'])
    if (spec[name]) for (const p of isDns1123Label(spec[name])) errors.push(invalid(`${field}.${name}`, spec[name], p))
  errors.push(...validateTolerations(spec.tolerations, `${field}.tolerations`))
  for (const [i, alias] of (spec.hostAliases ?? []).entries()) {
    if (!isIp(alias.ip ?? '')) errors.push(invalid(`${field}.hostAliases[${i}].ip`, alias.ip ?? '', IP_WORDS))
    for (const [j, name] of (alias.hostnames ?? []).entries())
      for (const p of isDns1123Subdomain(name))
        errors.push(invalid(`${field}.hostAliases[${i}].hostnames[${j}]`, name, p))
  }
  if (spec.priorityClassName)
    for (const p of isDns1123Subdomain(spec.priorityClassName))
      errors.push(invalid(`${field}.priorityClassName`, spec.priorityClassName, p))
  if (spec.runtimeClassName)
    for (const p of isDns1123Subdomain(spec.runtimeClassName))
      errors.push(invalid(`${field}.runtimeClassName`, spec.runtimeClassName, p))
  if (spec.preemptionPolicy && !['PreemptLowerPriority', 'Never'].includes(spec.preemptionPolicy))
    errors.push(notSupported(`${field}.preemptionPolicy`, spec.preemptionPolicy, ['Never', 'PreemptLowerPriority']))
  return errors
}

function validatePodSecurity(spec: any, field: string): FieldError[] {
  const errors: FieldError[] = []
  const context = spec.securityContext ?? {}
  if (spec.hostPID && spec.shareProcessNamespace)
    errors.push(
      invalid(`${field}.shareProcessNamespace`, true, 'ShareProcessNamespace and HostPID cannot both be enabled'),
    )
  for (const name of ['fsGroup', 'runAsUser', 'runAsGroup'])
    if (context[name] !== undefined && (context[name] < 0 || context[name] > 2147483647))
      errors.push(
        invalid(`${field}.securityContext.${name}`, context[name], 'must be between 0 and 2147483647, inclusive'),
      )
  return errors
}
