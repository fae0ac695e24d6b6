import { type DryRun, withDryRun } from '../../builder/dry-run.ts'
import { hasFiles } from '../../builder/files.ts'
import { filenameFlags, selectorFlag } from '../../builder/flags.ts'
import type { Info, Infos } from '../../builder/info.ts'
import { findInfos } from '../../builder/infos.ts'
import { patchObject } from '../../client/objects.ts'
import { groupResource, kindPrefix } from '../../discovery/resource.ts'
import { CliError, Failures, throwAll } from '../../errors/errors.ts'
import type { FlagSpec } from '../../flags/flag.ts'
import { twoWayPatch } from '../../patch/three-way.ts'
import { printerFor } from '../../printers/print-flags.ts'
import type { Session } from '../../session.ts'

export const targetFlags = (): FlagSpec[] => [
  ...filenameFlags('identifying the resource to get from a server.'),
  selectorFlag(),
]

/** What a rollout command works on. */
export function rolloutInfos(session: Session): Promise<Infos> {
  if (session.args.length === 0 && !hasFiles(session)) throw new CliError('required resource not specified')
  return findInfos(session, session.args, { listable: true, latest: true, selector: session.flags.string('selector') })
}

/** Changes each object with `change` and patches it; `already` is said when nothing changes. */
export async function patchEach(
  session: Session,
  dryRun: DryRun,
  operation: string,
  change: (info: Info) => any | { already: string },
): Promise<void> {
  const { infos, errors } = await rolloutInfos(session)
  const failed: Error[] = []
  for (const info of infos) {
    try {
      await patchOne(session, dryRun, operation, info, change(info))
    } catch (error) {
      failed.push(error as Error)
    }
  }
  if (failed.length + errors.length > 1) throw new Failures([...failed, ...errors])
  throwAll([...failed, ...errors])
  if (infos.length === 0) throw new CliError(`No resources found in ${session.namespace} namespace.`)
}

async function patchOne(session: Session, dryRun: DryRun, operation: string, info: Info, changed: any): Promise<void> {
  const print = (object: any, what: string) =>
    session.flags.string('output')
      ? session.print(printerFor(session, { operation: what }).print(object))
      : session.print(`${kindPrefix(info.resource)}/${info.name} ${what}\n`)
  if (changed.already) throw new CliError(`${groupResource(info.resource)} "${info.name}" ${changed.already}`)
  if (dryRun === 'client') return print(changed, withDryRun(operation, dryRun))
  const { kind, patch } = twoWayPatch(info.object, changed)
  const fieldManager = session.flags.has('field-manager') ? session.flags.string('field-manager') : undefined
  const result = await patchObject(session.client, info, kind, patch, { dryRun, fieldManager })
  await print(result, withDryRun(operation, dryRun))
}
