import type { KubeObject } from '../api/object.ts'

export interface ObjectReference {
  apiVersion: string
  kind: string
  name: string
  namespace?: string
  uid?: string
  resourceVersion?: string
  fieldPath?: string
}

/** core/v1 ObjectReference of an object as it is now. */
export function referenceTo({ apiVersion, kind, metadata }: KubeObject, fieldPath?: string): ObjectReference {
  return {
    apiVersion,
    ...(fieldPath && { fieldPath }),
    kind,
    name: metadata.name,
    ...(metadata.namespace && { namespace: metadata.namespace }),
    ...(metadata.resourceVersion && { resourceVersion: metadata.resourceVersion }),
    ...(metadata.uid && { uid: metadata.uid }),
  }
}
