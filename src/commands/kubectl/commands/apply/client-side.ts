import { mergePatch } from '../../../../sim/kubernetes/apiserver/patch/merge-patch.ts'
import { strategicMergePatch } from '../../../../sim/kubernetes/apiserver/patch/strategic-merge-patch.ts'
import type { DryRun } from '../../builder/dry-run.ts'
import type { Info } from '../../builder/info.ts'
import { createObject, deleteObject, getObject, patchObject } from '../../client/objects.ts'
import { waitGone } from '../../client/wait-gone.ts'
import { groupVersion } from '../../discovery/resource.ts'
import { CliError, isConflict, isNotFound, StatusError, withSource } from '../../errors/errors.ts'
import { compactJson } from '../../json/json.ts'
import { LAST_APPLIED, lastApplied, withLastApplied } from '../../last-applied/annotation.ts'
import { shapeOf } from '../../patch/schema.ts'
import { type ThreeWayPatch, threeWayPatch } from '../../patch/three-way.ts'
import type { Session } from '../../session.ts'

export interface ApplySettings {
  dryRun: DryRun
  fieldValidation: string
  fieldManager: string
  force: boolean
  overwrite: boolean
}

export interface Applied {
  operation: 'created' | 'configured' | 'unchanged' | 'serverside-applied'
  object: any
}

const RETRIES = 5

/** apply as kubectl does it by itself: a three-way merge of last applied, wanted and present. */
export async function applyClientSide(session: Session, info: Info, settings: ApplySettings): Promise<Applied> {
  const modified = withLastApplied(info.object)
  const current = await currentObject(session, info)
  if (!current) {
    const object = settings.dryRun === 'client' ? modified : await creating(session, info, modified, settings)
    return { operation: 'created', object }
  }
  if (lastApplied(current) === undefined && settings.dryRun !== 'client') await warnMissing(session, info)
  return patching(session, info, modified, current, settings)
}

/** What the server has; undefined when there is none. */
async function currentObject(session: Session, info: Info): Promise<any> {
  const doing = `retrieving current configuration of:\n${describeInfo(info)}\nfrom server for:`
  if (!info.name) throw withSource(doing, info.source, new CliError('resource name may not be empty'))
  try {
    return await getObject(session.client, info)
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw withSource(doing, info.source, error)
  }
}

async function creating(session: Session, info: Info, modified: any, settings: ApplySettings): Promise<any> {
  try {
    return await createObject(session.client, info, modified, settings)
  } catch (error) {
    throw withSource('creating', info.source, error)
  }
}

async function warnMissing(session: Session, info: Info): Promise<void> {
  await session.printError(
    `Warning: resource ${info.resource.resource}/${info.name} is missing the ${LAST_APPLIED} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n`,
  )
}

async function patching(
  session: Session,
  info: Info,
  modified: any,
  found: any,
  settings: ApplySettings,
): Promise<Applied> {
  let current = found
  for (let attempt = 0; ; attempt++) {
    const original = parse(lastApplied(current))
    const { kind, patch } = threeWayPatch(original, modified, current)
    if (Object.keys(patch).length === 0) return { operation: 'unchanged', object: current }
    if (settings.dryRun === 'client') return { operation: 'configured', object: patched(current, { kind, patch }) }
    try {
      return { operation: 'configured', object: await patchObject(session.client, info, kind, patch, settings) }
    } catch (error) {
      if (isConflict(error) && attempt < RETRIES) {
        if (attempt > 0) await session.process.sleep(1000)
        current = await getObject(session.client, info)
        continue
      }
      if (settings.force && error instanceof StatusError && ['Conflict', 'Invalid'].includes(error.reason)) {
        return { operation: 'configured', object: await recreate(session, info, modified, current, settings) }
      }
      const doing = `applying patch:\n${compactJson(patch)}\nto:\n${describeInfo(info)}\nfor:`
      throw withSource(doing, info.source, withSource('patching', info.source, error))
    }
  }
}

function patched(current: any, { kind, patch }: ThreeWayPatch): any {
  const shape = shapeOf(current.apiVersion, current.kind)
  return kind === 'strategic' && shape ? strategicMergePatch(shape, current, patch) : mergePatch(current, patch)
}

async function recreate(
  session: Session,
  info: Info,
  modified: any,
  current: any,
  settings: ApplySettings,
): Promise<any> {
  await deleteObject(session.client, info, { gracePeriodSeconds: 0, propagationPolicy: 'Background' })
  await waitGone(session, info, current.metadata?.uid, Number.POSITIVE_INFINITY)
  return createObject(session.client, info, modified, settings)
}

function parse(text: string | undefined): any {
  if (!text) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** resource.Info's String(). */
export function describeInfo(info: Info): string {
  const { resource, kind } = info.resource
  const version = groupVersion(info.resource)
  const prefix = version.includes('/') ? version : `/${version}`
  return `Resource: "${prefix}, Resource=${resource}", GroupVersionKind: "${prefix}, Kind=${kind}"\nName: "${info.name}", Namespace: "${info.namespace ?? ''}"`
}
