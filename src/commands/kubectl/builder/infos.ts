import { resourcePath } from '../discovery/resource.ts'
import { CliError, isNotFound } from '../errors/errors.ts'
import type { Session } from '../session.ts'
import { type FileOptions, fileInfos, hasFiles } from './files.ts'
import type { Info, Infos } from './info.ts'
import { listFailure } from './list-failure.ts'
import { type Target, type TargetOptions, targetsOf } from './targets.ts'

export interface InfoOptions extends TargetOptions, FileOptions {
  /** Read objects of files from the server, too. */
  latest?: boolean
  subresource?: string
  ignoreNotFound?: boolean
}

/** The objects that files or arguments name, read from the server. Those that cannot be had are in `errors`. */
export async function findInfos(session: Session, args: readonly string[], options: InfoOptions = {}): Promise<Infos> {
  if (hasFiles(session)) {
    if (args.length > 0) {
      throw new CliError(
        'when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well',
      )
    }
    const { infos, errors } = await fileInfos(session, options)
    return options.latest ? latest(session, infos, errors, options) : { infos, errors }
  }
  return fetchTargets(session, await targetsOf(session, args, options), options)
}

async function latest(session: Session, infos: readonly Info[], errors: Error[], options: InfoOptions): Promise<Infos> {
  const found: Infos = { infos: [], errors: [...errors] }
  for (const info of infos) {
    try {
      found.infos.push({ ...(await refresh(session, info, options.subresource)), source: info.source })
    } catch (error) {
      if (!(options.ignoreNotFound && isNotFound(error))) found.errors.push(error as Error)
    }
  }
  return found
}

export async function fetchTargets(
  session: Session,
  targets: readonly Target[],
  options: InfoOptions = {},
): Promise<Infos> {
  const found: Infos = { infos: [], errors: [] }
  for (const target of targets) {
    try {
      if (target.name === undefined) found.infos.push(...(await listTarget(session, target, options)))
      else found.infos.push(await fetchOne(session, target, options.subresource))
    } catch (error) {
      if (!(options.ignoreNotFound && isNotFound(error))) found.errors.push(error as Error)
    }
  }
  return found
}

async function fetchOne(session: Session, target: Target, subresource?: string): Promise<Info> {
  const { resource, namespace, name } = target
  const object = await session.client.json({ path: resourcePath(resource, namespace, name, subresource) })
  return { resource, namespace, name: name!, source: '', object, resourceVersion: object.metadata?.resourceVersion }
}

/** The object as the server has it now. */
export async function refresh(session: Session, info: Info, subresource?: string): Promise<Info> {
  const object = await session.client.json({
    path: resourcePath(info.resource, info.namespace, info.name, subresource),
  })
  return { ...info, object, resourceVersion: object.metadata?.resourceVersion }
}

async function listTarget(session: Session, target: Target, options: InfoOptions): Promise<Info[]> {
  const objects = await listObjects(session, target, options).catch((error) => {
    throw listFailure(error, target.resource, options)
  })
  return objects.map((object) => ({
    resource: target.resource,
    namespace: object.metadata?.namespace,
    name: object.metadata?.name,
    source: '',
    object,
    resourceVersion: object.metadata?.resourceVersion,
  }))
}

/** All objects of a list, chunk by chunk. Items get the apiVersion and kind they come without. */
export async function listObjects(
  session: Session,
  target: Pick<Target, 'resource' | 'namespace'>,
  options: { selector?: string; fieldSelector?: string } = {},
): Promise<any[]> {
  const objects: any[] = []
  let token: string | undefined
  do {
    const list: any = await session.client.json({
      path: resourcePath(target.resource, target.namespace),
      query: [
        ['continue', token],
        ['fieldSelector', options.fieldSelector],
        ['labelSelector', options.selector],
        ['limit', session.flags.has('chunk-size') ? session.flags.int('chunk-size') || undefined : 500],
      ],
    })
    const kind = String(list.kind ?? '').replace(/List$/, '')
    for (const item of list.items ?? []) {
      objects.push({ ...item, apiVersion: item.apiVersion ?? list.apiVersion, kind: item.kind ?? kind })
    }
    token = list.metadata?.continue
  } while (token)
  return objects
}
