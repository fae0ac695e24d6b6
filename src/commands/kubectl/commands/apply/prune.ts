import type { DryRun } from '../../builder/dry-run.ts'
import type { Info } from '../../builder/info.ts'
import { CliError } from '../../errors/errors.ts'
import type { Session } from '../../session.ts'

export async function prune(_session: Session, _infos: readonly Info[], _dryRun: DryRun): Promise<void> {
  throw new CliError('not simulated: --prune')
}
