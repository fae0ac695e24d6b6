import { dryRunOf, withDryRun } from '../builder/dry-run.ts'
import { allFlag, dryRunFlag, filenameFlags, recordFlag, selectorFlag } from '../builder/flags.ts'
import type { Info } from '../builder/info.ts'
import { findInfos } from '../builder/infos.ts'
import { getObject, patchObject } from '../client/objects.ts'
import type { Command } from '../command.ts'
import { kindPrefix } from '../discovery/resource.ts'
import { CliError, throwAll } from '../errors/errors.ts'
import { duration, int, string } from '../flags/flag.ts'
import { printerFor, printFlags } from '../printers/print-flags.ts'
import type { Session } from '../session.ts'

export const scale: Command = {
  name: 'scale',
  short: 'Set a new size for a deployment, replica set, or replication controller',
  long: `Set a new size for a deployment, replica set, replication controller, or stateful set.

 Scale also allows users to specify one or more preconditions for the scale action.

 If --current-replicas or --resource-version is specified, it is validated before the scale is attempted, and it is guaranteed that the precondition holds true when the scale is sent to the server.`,
  examples: `
# Scale a replica set named 'foo' to 3
kubectl scale --replicas=3 rs/foo

# If the deployment named mysql's current size is 2, scale mysql to 3
kubectl scale --current-replicas=2 --replicas=3 deployment/mysql`,
  use: 'scale [--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME)',
  flags: [
    ...printFlags(),
    ...filenameFlags('identifying the resource to set a new size'),
    allFlag(),
    int(
      'current-replicas',
      'Precondition for current size. Requires that the current size of the resource match this value in order to scale. -1 (default) for no condition.',
      { default: '-1' },
    ),
    dryRunFlag(),
    recordFlag(),
    int('replicas', 'The new desired number of replicas. Required.', { required: true }),
    string(
      'resource-version',
      'Precondition for resource version. Requires that the current resource version match this value in order to scale.',
    ),
    selectorFlag(),
    duration(
      'timeout',
      "The length of time to wait before giving up on a scale operation, zero means don't wait. Any other values should contain a corresponding time unit (e.g. 1s, 2m, 3h).",
    ),
  ],
  run,
}

async function run(session: Session): Promise<void> {
  const { flags, args } = session
  const replicas = flags.int('replicas')
  if (replicas < 0)
    throw new CliError('The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0')
  const current = flags.int('current-replicas')
  if (flags.changed('current-replicas') && current < -1) {
    throw new CliError('The --current-replicas must specify an integer of -1 or greater')
  }
  const dryRun = await dryRunOf(session)
  const { infos, errors } = await findInfos(session, args, {
    all: flags.bool('all'),
    selector: flags.string('selector'),
    latest: true,
  })
  const version = flags.string('resource-version')
  if (version && infos.length > 1) throw new CliError('cannot use --resource-version with multiple resources')
  const failed: Error[] = []
  for (const info of infos) {
    try {
      const patched = dryRun === 'client' ? info.object : await scaleOne(session, info, replicas, dryRun)
      if (flags.string('output')) await session.print(printerFor(session, { operation: 'scaled' }).print(patched))
      else await session.print(`${kindPrefix(info.resource)}/${info.name} ${withDryRun('scaled', dryRun)}\n`)
      if (flags.duration('timeout') > 0 && dryRun === 'none')
        await waitScaled(session, info, replicas, flags.duration('timeout'))
    } catch (error) {
      failed.push(error as Error)
    }
  }
  throwAll([...failed, ...errors])
  if (infos.length === 0) throw new CliError('no objects passed to scale')
}

async function scaleOne(session: Session, info: Info, replicas: number, dryRun: 'none' | 'server'): Promise<any> {
  const { flags } = session
  const wanted = flags.int('current-replicas')
  const version = flags.string('resource-version')
  if (wanted >= 0 || version) {
    const now = await getObject(session.client, info, 'scale')
    if (wanted >= 0 && now.spec?.replicas !== wanted)
      throw new CliError(`Expected replicas to be ${wanted}, was ${now.spec?.replicas ?? 0}`)
    if (version && now.metadata?.resourceVersion !== version) {
      throw new CliError(`Expected resource version to be ${version}, was ${now.metadata?.resourceVersion}`)
    }
  }
  return patchObject(session.client, info, 'merge', { spec: { replicas } }, { dryRun, subresource: 'scale' })
}

async function waitScaled(session: Session, info: Info, replicas: number, timeout: number): Promise<void> {
  const deadline = session.process.uptime() + timeout
  for (;;) {
    const now = await getObject(session.client, info, 'scale')
    if (now.status?.replicas === replicas) return
    if (session.process.uptime() >= deadline) throw new CliError('timed out waiting for the condition')
    await session.process.sleep(500)
  }
}
