import type { Info } from '../../builder/info.ts'
import { patchObject } from '../../client/objects.ts'
import { CliError, isConflict, type StatusError } from '../../errors/errors.ts'
import type { Session } from '../../session.ts'
import type { Applied, ApplySettings } from './client-side.ts'
import { migrateOwnership, saveAnnotation } from './migrate.ts'

/** apply by the server: fields get owners, and conflicts are refused unless forced. */
export async function applyServerSide(
  session: Session,
  info: Info,
  settings: ApplySettings,
  force: boolean,
): Promise<Applied> {
  if (info.object.metadata?.managedFields?.length > 0) throw new CliError('metadata.managedFields must be nil')
  try {
    const send = () => patchObject(session.client, info, 'apply', info.object, { ...settings, force })
    let object = await send()
    if (settings.dryRun === 'none') {
      if (await migrateOwnership(session, info, object, settings.fieldManager)) object = await send()
      object = await saveAnnotation(session, info, object)
    }
    return { operation: 'serverside-applied', object }
  } catch (error) {
    throw isConflict(error) ? conflict(error as StatusError) : error
  }
}

const ADVICE = `Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`

function conflict(error: StatusError): Error {
  return new CliError(`${error.status.message}\n${ADVICE}`)
}
