import type { KubeObject } from '../../api/object.ts'
import { claim, type Orphans, watchOrphans } from './claim.ts'
import type { Controller } from './controller.ts'
import { equal } from './equal.ts'
import { safeHash } from './hash.ts'
import { controllerRef } from './meta.ts'
import { isAlreadyExists } from './pod-control.ts'

const RESOURCE = 'controllerrevisions.apps'

export function watchRevisions(controller: Controller): Orphans {
  return watchOrphans(controller, RESOURCE)
}

/** Annotations of a workload that its revisions do not get. */
const OWN = new Set(['kubectl.kubernetes.io/last-applied-configuration'])

/** A workload's revisions, oldest first; those that an earlier workload left behind are adopted. */
export function claimRevisions(controller: Controller, owner: KubeObject, orphans: Orphans): KubeObject[] {
  return claim(controller, owner, RESOURCE, orphans).sort(
    (a, b) => a.revision - b.revision || (a.metadata.name < b.metadata.name ? -1 : 1),
  )
}

/** What a revision remembers: the patch that brings its template back. */
export function revisionData(template: any): object {
  return { spec: { template: { ...template, $patch: 'replace' } } }
}

/**
 * The revision of the owner's current template: the newest if it is that, an older one moved to the top, or a new one.
 * `hashLabel` is the label that carries the hash.
 */
export function currentRevision(
  controller: Controller,
  owner: KubeObject,
  revisions: readonly KubeObject[],
  hashLabel: string,
): KubeObject {
  const data = revisionData(owner.spec.template)
  const same = revisions.filter((revision) => equal(revision.data, data)).at(-1)
  const newest = revisions.at(-1)
  if (same && same === newest) return same
  const revision = (newest?.revision ?? 0) + 1
  if (same) return controller.api.update(RESOURCE, { ...same, revision })
  return createRevision(controller, owner, data, revision, hashLabel)
}

function createRevision(
  controller: Controller,
  owner: KubeObject,
  data: object,
  revision: number,
  hashLabel: string,
): KubeObject {
  const { namespace, name, annotations = {} } = owner.metadata
  const kept = Object.fromEntries(Object.entries(annotations).filter(([key]) => !OWN.has(key)))
  for (let collisions = owner.status?.collisionCount ?? 0; ; collisions++) {
    const hash = safeHash(data, collisions)
    const object = {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name: `${name}-${hash}`,
        namespace,
        labels: { ...owner.spec.template.metadata?.labels, [hashLabel]: hash },
        ...(Object.keys(kept).length > 0 && { annotations: kept }),
        ownerReferences: [controllerRef(owner)],
      },
      data,
      revision,
    }
    try {
      return controller.api.create(RESOURCE, object)
    } catch (error) {
      if (!isAlreadyExists(error) || collisions > 20) throw error
    }
  }
}

/** Deletes the oldest revisions beyond the limit that no Pod and no status speaks of. */
export function trimRevisions(
  controller: Controller,
  revisions: readonly KubeObject[],
  isLive: (revision: KubeObject) => boolean,
  limit: number,
): void {
  const dead = revisions.filter((revision) => !isLive(revision))
  for (const { metadata } of dead.slice(0, Math.max(0, dead.length - limit))) {
    controller.api.delete(RESOURCE, metadata.namespace, metadata.name)
  }
}
