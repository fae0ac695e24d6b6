import { dryRunOf, fieldValidation, withDryRun } from '../../builder/dry-run.ts'
import { fileInfos, hasFiles } from '../../builder/files.ts'
import type { Info } from '../../builder/info.ts'
import type { Command } from '../../command.ts'
import { CliError, throwAll } from '../../errors/errors.ts'
import { printerFor } from '../../printers/print-flags.ts'
import type { Session } from '../../session.ts'
import { matchingLabels } from '../create/selector.ts'
import { type Applied, type ApplySettings, applyClientSide } from './client-side.ts'
import { APPLY_FLAGS } from './flags.ts'
import { editLastApplied, setLastApplied, viewLastApplied } from './last-applied.ts'
import { prune } from './prune.ts'
import { applyServerSide } from './server-side.ts'

export const apply: Command = {
  name: 'apply',
  short: 'Apply a configuration to a resource by file name or stdin',
  long: `Apply a configuration to a resource by file name or stdin. The resource name must be specified. This resource will be created if it doesn't exist yet. To use 'apply', always create the resource initially with either 'apply' or 'create --save-config'.

 JSON and YAML formats are accepted.`,
  examples: `
# Apply the configuration in pod.json to a pod
kubectl apply -f ./pod.json

# Apply resources from a directory containing kustomization.yaml
kubectl apply -k dir/

# Apply the JSON passed into stdin to a pod
cat pod.json | kubectl apply -f -`,
  use: 'apply (-f FILENAME | -k DIRECTORY)',
  flags: APPLY_FLAGS,
  subcommands: [editLastApplied, setLastApplied, viewLastApplied],
  run,
}

async function run(session: Session): Promise<void> {
  const { flags, args } = session
  if (args.length > 0) throw session.usageError(`Unexpected args: [${args.join(' ')}]`)
  const serverSide = flags.bool('server-side')
  if (!hasFiles(session)) throw new CliError('must specify one of -f and -k')
  const dryRun = await dryRunOf(session)
  if (flags.bool('force-conflicts') && !serverSide)
    throw new CliError('--force-conflicts only works with --server-side')
  if (serverSide && flags.bool('force')) throw new CliError('--force cannot be used with --server-side')
  if (dryRun === 'client' && serverSide)
    throw new CliError("--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)")
  if (dryRun === 'server' && flags.bool('force')) throw new CliError('--dry-run=server cannot be used with --force')
  if (flags.bool('prune') && !flags.bool('all') && !flags.string('selector')) {
    throw new CliError(
      'all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector',
    )
  }
  const printed = (operation: string) => printerFor(session, { operation: withDryRun(operation, dryRun) })
  printed('')
  const validation = fieldValidation(session)
  const settings: ApplySettings = {
    dryRun,
    fieldValidation: validation,
    fieldManager: serverSide && !flags.changed('field-manager') ? 'kubectl' : flags.string('field-manager'),
    force: flags.bool('force'),
    overwrite: flags.bool('overwrite'),
  }
  const found = await fileInfos(session, { validate: validation !== 'Ignore' })
  const matches = matchingLabels(flags.string('selector'))
  const infos = found.infos.filter((info) => matches(info.object))
  if (infos.length === 0 && found.errors.length === 0) throw new CliError('no objects passed to apply')
  const errors = [...found.errors]
  const printers = new Map<string, ReturnType<typeof printed>>()
  const all: Applied[] = []
  for (const info of infos) {
    try {
      const applied = await applyOne(session, info, settings, serverSide)
      all.push(applied)
      if (!flags.string('output') || !printers.has(''))
        printers.set(flags.string('output') ? '' : applied.operation, printed(applied.operation))
      if (!listed(session))
        await session.print(printers.get(flags.string('output') ? '' : applied.operation)!.print(applied.object))
    } catch (error) {
      errors.push(error as Error)
    }
  }
  if (listed(session)) await printAll(session, all, printed(''))
  throwAll(errors)
  if (flags.bool('prune')) await prune(session, infos, dryRun)
}

function applyOne(session: Session, info: Info, settings: ApplySettings, serverSide: boolean): Promise<Applied> {
  return serverSide
    ? applyServerSide(session, info, settings, session.flags.bool('force-conflicts'))
    : applyClientSide(session, info, settings)
}

/** With `-o yaml` and the like all objects are printed at the end, several as a List. */
const listed = (session: Session) => session.flags.string('output') !== '' && session.flags.string('output') !== 'name'

async function printAll(
  session: Session,
  applied: readonly Applied[],
  printer: ReturnType<typeof printerFor>,
): Promise<void> {
  if (applied.length === 0) return
  const objects = applied.map(({ object }) => object)
  const whole =
    objects.length === 1
      ? objects[0]
      : { apiVersion: 'v1', items: objects, kind: 'List', metadata: { resourceVersion: '' } }
  await session.print(printer.print(whole))
}
