import { formatSelector } from '../../../sim/kubernetes/api/label-selector.ts'
import { strategicMergePatch } from '../../../sim/kubernetes/apiserver/patch/strategic-merge-patch.ts'
import type { Info } from '../builder/info.ts'
import { CliError } from '../errors/errors.ts'
import { shapeOf } from '../patch/schema.ts'
import type { Session } from '../session.ts'

export interface Revision {
  number: number
  changeCause: string
  /** The Pod template of that revision. */
  template: any
  /** The ReplicaSet or ControllerRevision that keeps it. */
  keeper: any
}

const CHANGE_CAUSE = 'kubernetes.io/change-cause'
const REVISION = 'deployment.kubernetes.io/revision'

/** Revisions of a Deployment, DaemonSet or StatefulSet, oldest first. */
export async function revisionsOf(session: Session, info: Info): Promise<Revision[]> {
  const { object } = info
  if (object.kind === 'Deployment') return deploymentRevisions(session, info)
  if (object.kind === 'DaemonSet' || object.kind === 'StatefulSet') return controllerRevisions(session, info)
  throw new CliError(`no history viewer has been implemented for ${JSON.stringify(object.kind)}`)
}

const ownedBy = (item: any, uid: string) =>
  (item.metadata.ownerReferences ?? []).some((o: any) => o.controller && o.uid === uid)

async function deploymentRevisions(session: Session, { object, namespace }: Info): Promise<Revision[]> {
  const list = await session.client.json({
    path: `/apis/apps/v1/namespaces/${namespace}/replicasets`,
    query: [['labelSelector', formatSelector(object.spec.selector)]],
  })
  const revisions: Revision[] = []
  for (const rs of list.items ?? []) {
    const number = Number(rs.metadata.annotations?.[REVISION] ?? 0)
    if (!ownedBy(rs, object.metadata.uid) || !number) continue
    const changeCause = rs.metadata.annotations?.[CHANGE_CAUSE] ?? ''
    const annotations = {
      ...rs.spec.template.metadata?.annotations,
      ...(changeCause ? { [CHANGE_CAUSE]: changeCause } : {}),
    }
    const template = { ...rs.spec.template, metadata: { ...rs.spec.template.metadata, annotations } }
    revisions.push({ number, changeCause, template, keeper: rs })
  }
  return revisions.sort((a, b) => a.number - b.number)
}

async function controllerRevisions(session: Session, { object, namespace }: Info): Promise<Revision[]> {
  const list = await session.client.json({
    path: `/apis/apps/v1/namespaces/${namespace}/controllerrevisions`,
    query: [['labelSelector', formatSelector(object.spec.selector)]],
  })
  return (list.items ?? [])
    .filter((cr: any) => ownedBy(cr, object.metadata.uid))
    .map((cr: any) => ({
      number: cr.revision,
      changeCause: cr.metadata.annotations?.[CHANGE_CAUSE] ?? '',
      template: strategicMergePatch(shapeOf(object.apiVersion, object.kind)!, object, cr.data ?? {}) as any,
      keeper: cr,
    }))
    .map((revision: Revision) => ({ ...revision, template: revision.template.spec.template }))
    .sort((a: Revision, b: Revision) => a.number - b.number)
}

/** The revision asked for; 0 is the one before the present. */
export function targetRevision(revisions: readonly Revision[], wanted: number): Revision {
  if (wanted > 0) {
    const found = revisions.find((r) => r.number === wanted)
    if (!found) throw new CliError(`unable to find specified revision ${wanted} in history`)
    return found
  }
  const previous = revisions.at(-2)
  if (!previous) throw new CliError('no rollout history found for deployment')
  return previous
}
