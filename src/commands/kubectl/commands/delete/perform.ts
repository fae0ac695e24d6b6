import { withDryRun } from '../../builder/dry-run.ts'
import type { Info, Infos } from '../../builder/info.ts'
import { deleteObject } from '../../client/objects.ts'
import { waitGone } from '../../client/wait-gone.ts'
import { kindPrefix } from '../../discovery/resource.ts'
import { CliError, isNotFound, throwAll, withSource } from '../../errors/errors.ts'
import type { Session } from '../../session.ts'
import type { DeleteSettings } from './settings.ts'

/** Deletes one after the other, then waits until all are gone. */
export async function deleteInfos(session: Session, found: Infos, settings: DeleteSettings): Promise<void> {
  const errors: Error[] = []
  const deleted: { info: Info; uid: string | undefined }[] = []
  await warnClusterScoped(session, found.infos)
  for (const info of found.infos) {
    try {
      const uid = settings.dryRun === 'client' ? undefined : await deleteOne(session, info, settings)
      await printDeleted(session, info, settings)
      deleted.push({ info, uid })
    } catch (error) {
      if (settings.ignoreNotFound && isNotFound(error)) continue
      errors.push(withSource('deleting', info.source, error))
    }
  }
  throwAll([...errors, ...found.errors])
  if (deleted.length === 0 && found.infos.length === 0 && !settings.quiet) await session.print('No resources found\n')
  if (!settings.wait || settings.dryRun !== 'none') return
  const deadline = settings.timeout > 0 ? session.process.uptime() + settings.timeout : Number.POSITIVE_INFINITY
  for (const { info, uid } of deleted) {
    if (await waitGone(session, info, uid, deadline)) continue
    throw new CliError(`timed out waiting for the condition on ${info.resource.resource}/${info.name}`)
  }
}

async function deleteOne(session: Session, info: Info, settings: DeleteSettings): Promise<string | undefined> {
  const options = {
    ...(settings.gracePeriod >= 0 ? { gracePeriodSeconds: settings.gracePeriod } : {}),
    propagationPolicy: settings.propagationPolicy,
  }
  const answer = await deleteObject(session.client, info, options, settings.dryRun)
  return answer.kind === 'Status' ? answer.details?.uid : answer.metadata?.uid
}

async function printDeleted(session: Session, info: Info, settings: DeleteSettings): Promise<void> {
  if (settings.quiet) return
  const kind = kindPrefix(info.resource)
  if (settings.shortOutput) return session.print(`${kind}/${info.name}\n`)
  const operation = settings.gracePeriod === 0 ? 'force deleted' : 'deleted'
  const where = info.resource.namespaced && info.namespace ? ` from ${info.namespace} namespace` : ''
  await session.print(`${kind} "${info.name}" ${withDryRun(`${operation}${where}`, settings.dryRun)}\n`)
}

async function warnClusterScoped(session: Session, infos: readonly Info[]): Promise<void> {
  if (
    !session.config.namespaceEnforced ||
    infos.every((info) => info.resource.namespaced) ||
    infos.some((info) => info.source)
  )
    return
  await session.printError('Warning: deleting cluster-scoped resources, not scoped to the provided namespace\n')
}
