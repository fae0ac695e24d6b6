import type { Info } from '../../builder/info.ts'
import { watchObject } from '../../client/watch-object.ts'
import type { Command } from '../../command.ts'
import { resourcePath } from '../../discovery/resource.ts'
import { CliError, throwAll } from '../../errors/errors.ts'
import { bool, duration, int } from '../../flags/flag.ts'
import { rolloutStatus } from '../../rollout/status.ts'
import type { Session } from '../../session.ts'
import { rolloutInfos, targetFlags } from './targets.ts'

export const status: Command = {
  name: 'status',
  short: 'Show the status of the rollout',
  long: `Show the status of the rollout.

 By default 'rollout status' will watch the status of the latest rollout until it's done. If you don't want to wait for the rollout to finish then you can use --watch=false. Note that if a new rollout starts in-between, then 'rollout status' will continue watching the latest revision. If you want to pin to a specific revision and abort if it is rolled over by another revision, use --revision=N where N is the revision you need to watch for.`,
  examples: `
# Watch the rollout status of a deployment
kubectl rollout status deployment/nginx`,
  use: 'status (TYPE NAME | TYPE/NAME) [flags]',
  flags: [
    ...targetFlags(),
    int('revision', 'Pin to a specific revision for showing its status. Defaults to 0 (last revision).'),
    duration(
      'timeout',
      'The length of time to wait before ending watch, zero means never. Any other values should contain a corresponding time unit (e.g. 1s, 2m, 3h).',
    ),
    bool('watch', "Watch the status of the rollout until it's done.", { shorthand: 'w', default: 'true' }),
  ],
  run,
}

async function run(session: Session): Promise<void> {
  const { infos, errors } = await rolloutInfos(session)
  throwAll(errors)
  if (infos.length === 0) {
    await session.printError(`No resources found in ${session.namespace} namespace.\n`)
    return
  }
  for (const info of infos) await follow(session, info)
}

/** Prints the status after every change until the rollout is done. */
async function follow(session: Session, info: Info): Promise<void> {
  const { flags } = session
  const revision = flags.int('revision')
  const fieldSelector = `metadata.name=${info.name}`
  const path = resourcePath(info.resource, info.namespace)
  const timeout = flags.duration('timeout')
  const deadline = timeout > 0 ? session.process.uptime() + timeout : Number.POSITIVE_INFINITY
  const show = async (object: any): Promise<boolean> => {
    const { message, done } = rolloutStatus(
      { apiVersion: info.object.apiVersion, kind: info.object.kind, ...object },
      revision,
    )
    await session.print(message)
    return done || !flags.bool('watch')
  }
  for (;;) {
    const list = await session.client.json({
      path,
      query: [
        ['fieldSelector', fieldSelector],
        ['limit', '500'],
      ],
    })
    const [item] = list.items ?? []
    if (!item) throw new CliError(`object has been deleted`)
    if (await show(item)) return
    const end = await watchObject(
      session,
      info,
      list.metadata?.resourceVersion,
      deadline,
      async ({ type, object }) => {
        if (type === 'DELETED') throw new CliError('object has been deleted')
        return ((type === 'ADDED' || type === 'MODIFIED') && (await show(object))) || undefined
      },
      { bookmarks: true },
    )
    if (end === 'late') throw new CliError('timed out waiting for the condition')
    if (end) return
  }
}
