import type { DryRun } from '../../builder/dry-run.ts'
import { CliError } from '../../errors/errors.ts'
import type { Session } from '../../session.ts'

export interface DeleteSettings {
  dryRun: DryRun
  /** Seconds; negative leaves it to the server. */
  gracePeriod: number
  force: boolean
  ignoreNotFound: boolean
  wait: boolean
  /** Milliseconds; 0 waits as long as it takes. */
  timeout: number
  propagationPolicy: 'Background' | 'Foreground' | 'Orphan'
  shortOutput: boolean
  quiet?: boolean
}

/** What the flags of delete ask for; warns where it is dangerous. */
export async function settingsOf(session: Session, dryRun: DryRun): Promise<DeleteSettings> {
  const { flags } = session
  const force = flags.bool('force')
  let gracePeriod = flags.int('grace-period')
  if (flags.bool('now')) {
    if (gracePeriod !== -1) throw new CliError('--now and --grace-period cannot be specified together')
    gracePeriod = 1
  }
  // An accidental --grace-period=0 must not lose data.
  if (gracePeriod === 0 && !force) gracePeriod = 1
  if (force && gracePeriod < 0) gracePeriod = 0
  if (force && gracePeriod > 0)
    throw new CliError('--force and --grace-period greater than 0 cannot be specified together')
  if (force) {
    await session.printError(
      'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n',
    )
  }
  return {
    dryRun,
    gracePeriod,
    force,
    ignoreNotFound: flags.bool('ignore-not-found') || (flags.bool('all') && !flags.changed('ignore-not-found')),
    wait: flags.bool('wait') && !flags.changed('raw'),
    timeout: flags.duration('timeout'),
    propagationPolicy: await cascade(session),
    shortOutput: flags.string('output') === 'name',
  }
}

async function cascade(session: Session): Promise<DeleteSettings['propagationPolicy']> {
  switch (session.flags.string('cascade')) {
    case 'background':
      return 'Background'
    case 'foreground':
      return 'Foreground'
    case 'orphan':
      return 'Orphan'
    case 'true':
      await session.klog.log(
        'W',
        'helpers.go:736',
        '--cascade=true is deprecated (boolean value) and can be replaced with --cascade=background.',
      )
      return 'Background'
    case 'false':
      await session.klog.log(
        'W',
        'helpers.go:736',
        '--cascade=false is deprecated (boolean value) and can be replaced with --cascade=orphan.',
      )
      return 'Orphan'
    default:
      throw new CliError(
        `invalid cascade value (${session.flags.string('cascade')}). Must be "background", "foreground", or "orphan"`,
      )
  }
}
