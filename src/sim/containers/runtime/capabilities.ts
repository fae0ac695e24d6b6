import { ALL_CAPABILITIES, CAPABILITIES, CONTAINER_CAPABILITIES } from '../../linux/process/capabilities.ts'
import type { ContainerSpec } from '../engine.ts'

/** `sys_admin`, `CAP_SYS_ADMIN` → `CAP_SYS_ADMIN`; undefined when there is none of that name. */
export function capabilityName(text: string): string | undefined {
  const upper = text.toUpperCase()
  const full = upper.startsWith('CAP_') ? upper : `CAP_${upper}`
  return (CAPABILITIES as readonly string[]).includes(full) ? full : undefined
}

/** What a container's processes may do. */
export function capabilitiesOf(spec: ContainerSpec): ReadonlySet<string> {
  if (spec.privileged) return ALL_CAPABILITIES
  const { add = [], drop = [] } = spec.capabilities ?? {}
  const all = (names: readonly string[]) => names.some((name) => name.toUpperCase() === 'ALL')
  const set = new Set(all(drop) ? [] : all(add) ? ALL_CAPABILITIES : CONTAINER_CAPABILITIES)
  for (const name of add) {
    const capability = capabilityName(name)
    if (capability) set.add(capability)
  }
  for (const name of drop) {
    const capability = capabilityName(name)
    if (capability) set.delete(capability)
  }
  return set
}
