import { type DryRun, dryRunQuery } from '../builder/dry-run.ts'
import { type ApiResource, resourcePath } from '../discovery/resource.ts'
import { sortKeys } from '../json/json.ts'
import type { RestClient } from './rest-client.ts'

interface Place {
  resource: ApiResource
  namespace: string | undefined
  name: string
}

export interface WriteOptions {
  dryRun?: DryRun
  fieldManager?: string
  fieldValidation?: string
  subresource?: string
}

export type PatchKind = 'json' | 'merge' | 'strategic' | 'apply'

export const PATCH_TYPES: Record<PatchKind, string> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
}

const writeQuery = (options: WriteOptions) =>
  [
    dryRunQuery(options.dryRun ?? 'none'),
    ['fieldManager', options.fieldManager],
    ['fieldValidation', options.fieldValidation],
  ] as const

export function createObject(
  client: RestClient,
  place: Omit<Place, 'name'>,
  object: unknown,
  options: WriteOptions = {},
): Promise<any> {
  return client.json({
    method: 'POST',
    path: resourcePath(place.resource, place.namespace),
    query: writeQuery(options),
    // As encoding/json writes maps: servers name problems in the order they read them.
    body: sortKeys(object),
  })
}

export function replaceObject(
  client: RestClient,
  place: Place,
  object: unknown,
  options: WriteOptions = {},
): Promise<any> {
  return client.json({
    method: 'PUT',
    path: resourcePath(place.resource, place.namespace, place.name, options.subresource),
    query: writeQuery(options),
    body: sortKeys(object),
  })
}

export function patchObject(
  client: RestClient,
  place: Place,
  kind: PatchKind,
  patch: unknown,
  options: WriteOptions & { force?: boolean } = {},
): Promise<any> {
  return client.json({
    method: 'PATCH',
    path: resourcePath(place.resource, place.namespace, place.name, options.subresource),
    query: [...writeQuery(options), ['force', options.force]],
    body: kind === 'json' ? patch : sortKeys(patch),
    contentType: PATCH_TYPES[kind],
  })
}

export function getObject(client: RestClient, place: Place, subresource?: string): Promise<any> {
  return client.json({ path: resourcePath(place.resource, place.namespace, place.name, subresource) })
}

export function deleteObject(
  client: RestClient,
  place: Place,
  options: Record<string, unknown>,
  dryRun: DryRun = 'none',
): Promise<any> {
  return client.json({
    method: 'DELETE',
    path: resourcePath(place.resource, place.namespace, place.name),
    body: { ...options, ...(dryRun === 'server' ? { dryRun: ['All'] } : {}) },
  })
}
