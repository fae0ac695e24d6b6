import type { KubeObject } from '../../api/object.ts'

export interface PolicyVerdict {
  action: 'FailJob' | 'FailIndex' | 'Ignore' | 'Count'
  /** For FailJob. */
  message?: string
}

/** The first rule of spec.podFailurePolicy that fits a failed Pod. */
export function judgeFailure(policy: any, pod: KubeObject): PolicyVerdict {
  const { namespace, name } = pod.metadata
  for (const [index, rule] of (policy?.rules ?? []).entries()) {
    const { action, onExitCodes, onPodConditions } = rule
    if (onExitCodes) {
      const container = failedContainer(pod, onExitCodes)
      if (!container) continue
      const message = `Container ${container.name} for pod ${namespace}/${name} failed with exit code ${container.exitCode} matching ${action} rule at index ${index}`
      return { action, message }
    }
    const condition = (onPodConditions ?? []).find((wanted: any) =>
      pod.status?.conditions?.some((c: any) => c.type === wanted.type && c.status === (wanted.status ?? 'True')),
    )
    if (!condition) continue
    const message = `Pod ${namespace}/${name} has condition ${condition.type} matching ${action} rule at index ${index}`
    return { action, message }
  }
  return { action: 'Count' }
}

function failedContainer(
  pod: KubeObject,
  { containerName, operator, values }: any,
): { name: string; exitCode: number } | undefined {
  for (const status of [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]) {
    const exitCode = status.state?.terminated?.exitCode
    if (!exitCode || (containerName && status.name !== containerName)) continue
    if (values.includes(exitCode) === (operator === 'In')) return { name: status.name, exitCode }
  }
  return undefined
}
