export interface DeploymentCondition {
  type: string
  status: string
  reason?: string
  message?: string
  lastUpdateTime?: string
  lastTransitionTime?: string
}

export function conditionOf(status: any, type: string): DeploymentCondition | undefined {
  return status?.conditions?.find((condition: DeploymentCondition) => condition.type === type)
}

/** With the condition set: unchanged when status and reason are, else moved to the end. */
export function withCondition(
  conditions: readonly DeploymentCondition[] = [],
  next: { type: string; status: string; reason: string; message: string },
  time: string,
): DeploymentCondition[] {
  const current = conditions.find((condition) => condition.type === next.type)
  if (current && current.status === next.status && current.reason === next.reason) return [...conditions]
  const since = current?.status === next.status ? current.lastTransitionTime : time
  return [
    ...withoutCondition(conditions, next.type),
    { ...next, lastUpdateTime: time, lastTransitionTime: since ?? time },
  ]
}

export function withoutCondition(conditions: readonly DeploymentCondition[] = [], type: string): DeploymentCondition[] {
  return conditions.filter((condition) => condition.type !== type)
}
