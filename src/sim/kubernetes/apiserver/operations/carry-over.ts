import { reuse } from '../../api/json.ts'
import type { KubeObject } from '../../api/object.ts'
import { badRequest, conflict, MODIFIED } from '../../api/status-error.ts'
import type { KindContext } from '../../resources/definition.ts'
import type { ResourceInfo } from '../registry.ts'

/** Resources whose status updates leave the labels alone. */
const KEEPS_LABELS = new Set(['deployments.apps'])

/** Refuses an update meant for another object, or for another state of it. */
export function checkIdentity(
  info: ResourceInfo,
  name: string,
  metadata: KubeObject['metadata'],
  old: KubeObject,
): void {
  if (metadata.name && metadata.name !== name)
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`)
  if (metadata.uid && metadata.uid !== old.metadata.uid)
    throw conflict(
      info,
      name,
      `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${old.metadata.uid}`,
    )
  if (metadata.resourceVersion && metadata.resourceVersion !== old.metadata.resourceVersion)
    throw conflict(info, name, MODIFIED)
}

/** What an update can't change is taken over from the stored object; what didn't change is the stored value itself. */
export function carryOver(
  info: ResourceInfo,
  object: KubeObject,
  old: KubeObject,
  subresource: string,
  context: KindContext,
): void {
  const { metadata } = object
  const hadUid = metadata.uid !== undefined
  metadata.name = old.metadata.name
  metadata.namespace = old.metadata.namespace
  metadata.uid = old.metadata.uid
  metadata.creationTimestamp = old.metadata.creationTimestamp
  metadata.generateName = old.metadata.generateName
  metadata.generation = old.metadata.generation
  metadata.deletionTimestamp = old.metadata.deletionTimestamp
  metadata.deletionGracePeriodSeconds = old.metadata.deletionGracePeriodSeconds
  metadata.resourceVersion = old.metadata.resourceVersion
  if (subresource === 'status') {
    for (const key of Object.keys(object)) if (key !== 'metadata' && key !== 'status') object[key] = old[key]
    for (const key of Object.keys(old)) if (!(key in object) && key !== 'status') object[key] = old[key]
    // Partial objects from within carry no metadata of their own.
    object.metadata = { ...(hadUid ? metadata : old.metadata), managedFields: metadata.managedFields }
    if (KEEPS_LABELS.has(info.name)) object.metadata.labels = old.metadata.labels
    info.definition?.prepareStatusUpdate?.(object, old, context)
  } else if (subresource === 'approval') {
    object.spec = old.spec
  } else if (subresource !== 'binding') {
    if (info.subresources.has('status')) {
      if (old.status === undefined) delete object.status
      else object.status = old.status
    }
    const part = info.definition?.subresources?.[subresource]
    if (part) part.prepare(object, old)
    else info.definition?.prepareUpdate?.(object, old, context)
  }
  for (const key of Object.keys(object)) if (key !== 'metadata') object[key] = reuse(object[key], old[key])
  for (const key of ['labels', 'annotations', 'ownerReferences', 'finalizers'] as const)
    if (object.metadata[key]) (object.metadata as any)[key] = reuse(object.metadata[key], old.metadata[key])
}
