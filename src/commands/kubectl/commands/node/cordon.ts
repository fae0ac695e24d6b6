import { type DryRun, dryRunOf, withDryRun } from '../../builder/dry-run.ts'
import { dryRunFlag, selectorFlag } from '../../builder/flags.ts'
import type { Info } from '../../builder/info.ts'
import { findInfos } from '../../builder/infos.ts'
import { patchObject } from '../../client/objects.ts'
import type { Command } from '../../command.ts'
import { CliError, throwAll } from '../../errors/errors.ts'
import type { Session } from '../../session.ts'

function command(name: 'cordon' | 'uncordon', unschedulable: boolean): Command {
  return {
    name,
    short: unschedulable ? 'Mark node as unschedulable' : 'Mark node as schedulable',
    long: unschedulable ? 'Mark node as unschedulable.' : 'Mark node as schedulable.',
    examples: `\n# Mark node "foo" as ${unschedulable ? 'un' : ''}schedulable\nkubectl ${name} foo`,
    use: `${name} NODE`,
    flags: [dryRunFlag(), selectorFlag()],
    async run(session) {
      const dryRun = await dryRunOf(session)
      const { infos, errors } = await nodesOf(session, name)
      const failed: Error[] = [...errors]
      for (const info of infos) {
        try {
          await setUnschedulable(session, info, unschedulable, dryRun)
        } catch (error) {
          failed.push(new CliError(`unable to ${name} node ${JSON.stringify(info.name)}: ${(error as Error).message}`))
        }
      }
      throwAll(failed)
    },
  }
}

export const cordon = command('cordon', true)
export const uncordon = command('uncordon', false)

/** The nodes that arguments or `-l` name. */
export async function nodesOf(session: Session, name: string) {
  const { args, flags } = session
  const selector = flags.string('selector')
  if (args.length === 0 && !selector) throw session.usageError(`USAGE: ${name} NODE [flags]`)
  if (args.length > 0 && selector) throw new CliError('error: cannot specify both a node name and a --selector option')
  const targets =
    args.length > 0 && args.every((arg) => arg.includes('/'))
      ? args
      : ['nodes', ...args.map((arg) => arg.replace(/^nodes?\//, ''))]
  return findInfos(session, targets, { selector, listable: selector !== '' })
}

export async function setUnschedulable(
  session: Session,
  info: Info,
  unschedulable: boolean,
  dryRun: DryRun,
): Promise<void> {
  const word = unschedulable ? 'cordoned' : 'uncordoned'
  if ((info.object.spec?.unschedulable ?? false) === unschedulable) {
    return session.print(`node/${info.name} ${withDryRun(`already ${word}`, dryRun)}\n`)
  }
  if (dryRun !== 'client') {
    const patch = { spec: { unschedulable: unschedulable ? true : null } }
    await patchObject(session.client, info, 'strategic', patch, { dryRun })
  }
  await session.print(`node/${info.name} ${withDryRun(word, dryRun)}\n`)
}
