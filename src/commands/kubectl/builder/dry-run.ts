import { CliError } from '../errors/errors.ts'
import type { Session } from '../session.ts'

export type DryRun = 'none' | 'client' | 'server'

/** What `--dry-run` asks for. */
export async function dryRunOf(session: Session): Promise<DryRun> {
  const value = session.flags.string('dry-run')
  switch (value) {
    case 'client':
    case 'server':
    case 'none':
      return value
    case 'unchanged':
      await session.klog.log(
        'W',
        'helpers.go:719',
        '--dry-run is deprecated and can be replaced with --dry-run=client.',
      )
      return 'client'
    default:
      if (/^(1|t|T|true|TRUE|True)$/.test(value)) {
        await session.klog.log(
          'W',
          'helpers.go:707',
          `--dry-run=${value} is deprecated (boolean value) and can be replaced with --dry-run=client.`,
        )
        return 'client'
      }
      if (/^(0|f|F|false|FALSE|False)$/.test(value)) {
        await session.klog.log(
          'W',
          'helpers.go:707',
          `--dry-run=${value} is deprecated (boolean value) and can be replaced with --dry-run=none.`,
        )
        return 'none'
      }
      throw new CliError(`Invalid dry-run value (${value}). Must be "none", "server", or "client".`)
  }
}

/** `created (dry run)` */
export function withDryRun(operation: string, dryRun: DryRun): string {
  if (dryRun === 'client') return `${operation} (dry run)`
  return dryRun === 'server' ? `${operation} (server dry run)` : operation
}

export const dryRunQuery = (dryRun: DryRun) => ['dryRun', dryRun === 'server' ? 'All' : undefined] as const

/** `Strict`, `Warn` or `Ignore`, from `--validate`. */
export function fieldValidation(session: Session): string {
  const value = session.flags.string('validate')
  switch (value.toLowerCase()) {
    case 'true':
    case 'strict':
      return 'Strict'
    case 'warn':
      return 'Warn'
    case 'false':
    case 'ignore':
      return 'Ignore'
    default:
      throw new CliError(
        `invalid - validate option ${JSON.stringify(value)}; must be one of: strict (or true), warn, ignore (or false)`,
      )
  }
}
