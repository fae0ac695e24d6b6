import type { Info } from '../../builder/info.ts'
import type { Command } from '../../command.ts'
import { writePodTemplate } from '../../describe/pod-template.ts'
import { DescribeWriter } from '../../describe/writer.ts'
import { kindPrefix } from '../../discovery/resource.ts'
import { CliError, throwAll } from '../../errors/errors.ts'
import { int } from '../../flags/flag.ts'
import { printerFor, printFlags } from '../../printers/print-flags.ts'
import { describeLayout } from '../../printers/tab-writer.ts'
import { type Revision, revisionsOf } from '../../rollout/history.ts'
import type { Session } from '../../session.ts'
import { rolloutInfos, targetFlags } from './targets.ts'

export const history: Command = {
  name: 'history',
  short: 'View rollout history',
  long: 'View previous rollout revisions and configurations.',
  examples: `
# View the rollout history of a deployment
kubectl rollout history deployment/abc

# View the details of daemonset revision 3
kubectl rollout history daemonset/abc --revision=3`,
  use: 'history (TYPE NAME | TYPE/NAME) [flags]',
  flags: [
    ...printFlags(),
    ...targetFlags(),
    int('revision', 'See the details, including podTemplate of the revision specified'),
  ],
  run,
}

async function run(session: Session): Promise<void> {
  const revision = session.flags.int('revision')
  if (revision < 0) throw new CliError(`revision must be a positive integer: ${revision}`)
  const { infos, errors } = await rolloutInfos(session)
  for (const info of infos) await show(session, info, revision)
  throwAll(errors)
}

async function show(session: Session, info: Info, revision: number): Promise<void> {
  const revisions = await revisionsOf(session, info)
  if (session.flags.string('output')) return showObject(session, revisions, revision)
  const suffix = revision > 0 ? ` with revision #${revision}` : ' '
  const text = revision > 0 ? details(revisions, revision) : table(revisions)
  await session.print(`${kindPrefix(info.resource)}/${info.name}${suffix}\n${text}\n`)
}

async function showObject(session: Session, revisions: readonly Revision[], revision: number): Promise<void> {
  const printer = printerFor(session, { operation: '' })
  const chosen = revision > 0 ? revisions.filter((r) => r.number === revision) : revisions
  if (revision > 0 && chosen.length === 0) throw new CliError(`unable to find the specified revision`)
  for (const { keeper } of chosen)
    await session.print(printer.print({ apiVersion: 'apps/v1', kind: 'ReplicaSet', ...keeper }))
}

function table(revisions: readonly Revision[]): string {
  if (revisions.length === 0) return 'No rollout history found.'
  const rows = revisions.map((r) => `${r.number}\t${r.changeCause || '<none>'}\n`)
  return describeLayout(`REVISION\tCHANGE-CAUSE\n${rows.join('')}`)
}

function details(revisions: readonly Revision[], number: number): string {
  const found = revisions.find((r) => r.number === number)
  if (!found) throw new CliError('unable to find the specified revision')
  const writer = new DescribeWriter()
  writePodTemplate(writer, found.template)
  return writer.unaligned
}
