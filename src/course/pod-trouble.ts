import type { KubeObject } from '../sim/kubernetes/api/object.ts'
import { same, type Text } from './language.ts'

/** What keeps a Pod from running, in the cluster's own words, and where that is told. */
export interface PodTrouble {
  reason: string
  look: Text
}

export function podTrouble(object: KubeObject): PodTrouble | undefined {
  if (object.kind !== 'Pod') return undefined
  const name = object.metadata.name
  const namespace =
    object.metadata.namespace && object.metadata.namespace !== 'default' ? ` -n ${object.metadata.namespace}` : ''
  const describe = `kubectl describe pod ${name}${namespace}`
  const events = { en: `Events at the end of: ${describe}`, zh: `${describe} 最后的 Events` }
  const statuses = [...(object.status?.initContainerStatuses ?? []), ...(object.status?.containerStatuses ?? [])]
  for (const status of statuses) {
    const { waiting, terminated } = status.state ?? {}
    const reason: string | undefined = waiting?.reason ?? terminated?.reason
    if (!reason || reason === 'ContainerCreating' || reason === 'PodInitializing') continue
    if (reason === 'CrashLoopBackOff' || (terminated && reason !== 'Completed')) {
      const previous = waiting ? ' --previous' : ''
      const code = terminated?.exitCode ?? status.lastState?.terminated?.exitCode
      return {
        reason: code === undefined ? reason : `${reason}, exit code ${code}`,
        look: same(`kubectl logs ${name}${namespace} -c ${status.name}${previous}`),
      }
    }
    return { reason, look: events }
  }
  const scheduled = object.status?.conditions?.find((condition: any) => condition.type === 'PodScheduled')
  if (scheduled?.status === 'False') return { reason: scheduled.reason ?? 'not scheduled', look: events }
  if (object.status?.phase === 'Pending') return { reason: 'Pending', look: events }
  return undefined
}
