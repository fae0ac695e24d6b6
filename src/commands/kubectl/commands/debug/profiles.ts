/** Security context of a debugging container, by `--profile`. Undefined for an unknown profile. */
export function securityContext(profile: string, target: 'pod' | 'node' | 'ephemeral'): any | undefined {
  switch (profile) {
    case 'legacy':
    case 'baseline':
      return {}
    case 'general':
      return target === 'node' ? {} : { securityContext: { capabilities: { add: ['SYS_PTRACE'] } } }
    case 'restricted':
      return {
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          runAsNonRoot: true,
          seccompProfile: { type: 'RuntimeDefault' },
        },
      }
    case 'netadmin':
      return { securityContext: { capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } } }
    case 'sysadmin':
      return { securityContext: { privileged: true } }
    default:
      return undefined
  }
}

/** What a node's debugging Pod shares with its host, by profile. */
export function hostSharing(profile: string): any {
  return profile === 'baseline' || profile === 'restricted' ? {} : { hostNetwork: true, hostPID: true, hostIPC: true }
}
