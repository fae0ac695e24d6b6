import { NoKindMatch } from '../discovery/mapper.ts'
import type { ApiResource } from '../discovery/resource.ts'
import { CliError } from '../errors/errors.ts'
import { buildKustomization } from '../kustomize/build.ts'
import type { Session } from '../session.ts'
import { parseDocuments } from './documents.ts'
import type { Info, Infos } from './info.ts'
import { readManifestFiles } from './manifest-files.ts'

export interface FileOptions {
  /** Ask for kind and apiVersion before anything else. */
  validate?: boolean
  /** Don't ask the server what kinds it serves. */
  local?: boolean
  selector?: string
}

/** Whether the call names files or a kustomization. */
export function hasFiles(session: Session): boolean {
  return session.flags.list('filename').length > 0 || session.flags.string('kustomize') !== ''
}

/** Objects of `-f` and `-k`, with namespaces filled in. What cannot be read or mapped is in `errors`. */
export async function fileInfos(session: Session, options: FileOptions = {}): Promise<Infos> {
  const names = session.flags.list('filename')
  const kustomize = session.flags.string('kustomize')
  if (names.length > 0 && kustomize) throw new CliError('only one of -f or -k can be specified')
  const recursive = session.flags.has('recursive') && session.flags.bool('recursive')
  if (kustomize && recursive) throw new CliError("the -k flag can't be used with -f or -R")
  const files = kustomize
    ? [{ source: kustomize, text: await buildKustomization(session, kustomize) }]
    : await readManifestFiles(session.process, names, recursive)
  const result: Infos = { infos: [], errors: [] }
  for (const file of files) {
    const { objects, errors } = parseDocuments(file, options.validate ?? false)
    result.errors.push(...errors)
    for (const object of objects.flatMap(items)) await add(session, result, object, file.source, options.local ?? false)
  }
  return result
}

/** Members of a List, or the object itself. */
function items(object: any): any[] {
  if (typeof object.kind === 'string' && object.kind.endsWith('List') && Array.isArray(object.items)) {
    return object.items.flatMap(items)
  }
  return [object]
}

async function add(session: Session, result: Infos, object: any, source: string, local: boolean): Promise<void> {
  const { apiVersion, kind, metadata = {} } = object
  const resource = local ? localResource(apiVersion, kind) : await session.mapper.kind(apiVersion, kind)
  if (!resource) {
    const problem = new NoKindMatch(kind, apiVersion).message
    result.errors.push(
      new CliError(
        `resource mapping not found for name: ${JSON.stringify(metadata.name ?? '')} namespace: ${JSON.stringify(metadata.namespace ?? '')} from ${JSON.stringify(source)}: ${problem}\nensure CRDs are installed first`,
      ),
    )
    return
  }
  if (
    resource.namespaced &&
    session.config.namespaceEnforced &&
    metadata.namespace &&
    metadata.namespace !== session.namespace
  ) {
    result.errors.push(
      new CliError(
        `the namespace from the provided object ${JSON.stringify(metadata.namespace)} does not match the namespace ${JSON.stringify(session.namespace)}. You must pass '--namespace=${metadata.namespace}' to perform this operation.`,
      ),
    )
    return
  }
  result.infos.push(infoOf(session, resource, object, source))
}

/** The object with the namespace it will live in. */
export function infoOf(session: Session, resource: ApiResource, object: any, source: string): Info {
  const metadata = { ...object.metadata }
  if (resource.namespaced) metadata.namespace ||= session.namespace
  const full = { ...object, metadata }
  return {
    resource,
    namespace: resource.namespaced ? metadata.namespace : undefined,
    name: metadata.name ?? '',
    source,
    object: full,
    namespaceAssumed: resource.namespaced && !object.metadata?.namespace,
  }
}

function localResource(apiVersion: string, kind: string): ApiResource {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion]
  const plural = kind
    .toLowerCase()
    .replace(/(s|x|ch)$/, '$1e')
    .replace(/y$/, 'ie')
  return {
    group: group!,
    version: version!,
    resource: `${plural}s`,
    singular: kind.toLowerCase(),
    kind,
    namespaced: true,
    verbs: [],
    shortNames: [],
    categories: [],
    subresources: [],
  }
}
