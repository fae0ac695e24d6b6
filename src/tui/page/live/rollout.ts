import type { Line } from '../../../course/text/span.ts'
import type { KubeObject } from '../../../sim/kubernetes/api/object.ts'
import { theme } from '../../theme.ts'
import type { LiveFigure } from './figure.ts'
import { podRow, podState } from './pod-marks.ts'

const versions = 3

/** A Deployment's ReplicaSets, newest first, with their Pods. */
export const rollout: LiveFigure = {
  height: versions + 1,
  lines(client, name, words) {
    const deployment = client.list('deployments.apps').find((item) => item.metadata.name === name)
    if (!deployment) return [[{ text: `Deployment ${name}: ${words.notYet}`, sgr: theme.dim }]]
    const sets = client.list('replicasets.apps').filter((set) => ownedBy(set, deployment))
    sets.sort((a, b) => revisionOf(b) - revisionOf(a))
    const pods = client.list('pods')
    const ready = pods.filter((pod) => sets.some((set) => ownedBy(pod, set)) && podState(pod) === 'ready').length
    const head: Line = [
      { text: `Deployment ${name}`, sgr: theme.strong },
      { text: `  ${ready} / ${deployment.spec?.replicas} ${words.ready}`, sgr: theme.dim },
    ]
    return [head, ...sets.slice(0, versions).map((set) => versionLine(set, pods))]
  },
}

function versionLine(set: KubeObject, pods: readonly KubeObject[]): Line {
  const image = set.spec?.template?.spec?.containers?.[0]?.image ?? ''
  const own = pods.filter((pod) => ownedBy(pod, set))
  const label = `  #${revisionOf(set)}  ${image}`
  return [{ text: label.padEnd(26), sgr: own.length > 0 ? '' : theme.dim }, ...podRow(own)]
}

const ownedBy = (object: KubeObject, owner: KubeObject) =>
  (object.metadata.ownerReferences ?? []).some(({ uid }: { uid: string }) => uid === owner.metadata.uid)

const revisionOf = (set: KubeObject) => Number(set.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0)
