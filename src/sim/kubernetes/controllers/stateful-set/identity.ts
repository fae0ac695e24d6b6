import type { KubeObject } from '../../api/object.ts'
import { podFromTemplate } from '../shared/pod-control.ts'

const POD_NAME = 'statefulset.kubernetes.io/pod-name'
const POD_INDEX = 'apps.kubernetes.io/pod-index'
export const REVISION = 'controller-revision-hash'

export function startOrdinal(set: KubeObject): number {
  return set.spec.ordinals?.start ?? 0
}

/** The ordinal at the end of a Pod's name, if it is one of the set's. */
export function ordinalOf(set: KubeObject, pod: KubeObject): number | undefined {
  const prefix = `${set.metadata.name}-`
  const { name } = pod.metadata
  const rest = name.slice(prefix.length)
  return name.startsWith(prefix) && /^\d+$/.test(rest) ? Number(rest) : undefined
}

export function podName(set: KubeObject, ordinal: number): string {
  return `${set.metadata.name}-${ordinal}`
}

export function claimName(set: KubeObject, template: KubeObject, ordinal: number): string {
  return `${template.metadata.name}-${podName(set, ordinal)}`
}

/** The Pod of an ordinal, made from a revision's template. */
export function statefulPod(set: KubeObject, template: any, revision: string, ordinal: number): object {
  const name = podName(set, ordinal)
  const labels = {
    ...template.metadata?.labels,
    [POD_NAME]: name,
    [POD_INDEX]: String(ordinal),
    [REVISION]: revision,
  }
  const claims: KubeObject[] = set.spec.volumeClaimTemplates ?? []
  const claimed = new Set(claims.map(({ metadata }) => metadata.name))
  const volumes = [
    ...claims.map((claim) => ({
      name: claim.metadata.name,
      persistentVolumeClaim: { claimName: claimName(set, claim, ordinal) },
    })),
    ...(template.spec.volumes ?? []).filter((volume: any) => !claimed.has(volume.name)),
  ]
  const spec = {
    ...template.spec,
    hostname: name,
    ...(set.spec.serviceName && { subdomain: set.spec.serviceName }),
    ...(volumes.length > 0 && { volumes }),
  }
  return podFromTemplate(set, { metadata: { ...template.metadata, labels }, spec }, name)
}
