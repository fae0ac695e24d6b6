import { type DryRun, dryRunOf, withDryRun } from '../../builder/dry-run.ts'
import { chunkSizeFlag, dryRunFlag, selectorFlag } from '../../builder/flags.ts'
import type { Info } from '../../builder/info.ts'
import type { Command } from '../../command.ts'
import { CliError, Failures, isNotFound, StatusError, throwAll } from '../../errors/errors.ts'
import { formatDuration } from '../../flags/duration.ts'
import { bool, duration, int, string } from '../../flags/flag.ts'
import type { Session } from '../../session.ts'
import { nodesOf, setUnschedulable } from './cordon.ts'
import { grouped, judgePods } from './drain-pods.ts'

export const drain: Command = {
  name: 'drain',
  short: 'Drain node in preparation for maintenance',
  long: `Drain node in preparation for maintenance.

 The given node will be marked unschedulable to prevent new pods from arriving. 'drain' evicts the pods if the API server supports eviction. Otherwise, it will use normal DELETE to delete the pods. The 'drain' evicts or deletes all pods except mirror pods (which cannot be deleted through the API server). If there are daemon set-managed pods, drain will not proceed without --ignore-daemonsets, and regardless it will not delete any daemon set-managed pods, because those pods would be immediately replaced by the daemon set controller, which ignores unschedulable markings. If there are any pods that are neither mirror pods nor managed by a replication controller, replica set, daemon set, stateful set, or job, then drain will not delete any pods unless you use --force.`,
  examples: `
# Drain node "foo", even if there are pods not managed by a replication controller, replica set, job, daemon set, or stateful set on it
kubectl drain foo --force

# As above, but abort if there are pods not managed by a controller, and use a grace period of 15 minutes
kubectl drain foo --grace-period=900`,
  use: 'drain NODE',
  flags: [
    chunkSizeFlag(),
    bool(
      'delete-emptydir-data',
      'Continue even if there are pods using emptyDir (local data that will be deleted when the node is drained).',
    ),
    bool(
      'disable-eviction',
      'Force drain to use delete, even if eviction is supported. This will bypass checking PodDisruptionBudgets, use with caution.',
    ),
    dryRunFlag(),
    bool('force', 'Continue even if there are pods that do not declare a controller.'),
    int(
      'grace-period',
      'Period of time in seconds given to each pod to terminate gracefully. If negative, the default value specified in the pod will be used.',
      { default: '-1' },
    ),
    bool('ignore-daemonsets', 'Ignore DaemonSet-managed pods.'),
    string('pod-selector', 'Label selector to filter pods on the node'),
    selectorFlag(),
    int(
      'skip-wait-for-delete-timeout',
      'If pod DeletionTimestamp older than N seconds, skip waiting for the pod.  Seconds must be greater than 0 to skip.',
    ),
    duration('timeout', 'The length of time to wait before giving up, zero means infinite'),
  ],
  run,
}

async function run(session: Session): Promise<void> {
  const dryRun = await dryRunOf(session)
  const { infos, errors } = await nodesOf(session, 'drain')
  throwAll(errors)
  for (const info of infos) await setUnschedulable(session, info, true, dryRun)
  const failed: Error[] = []
  const pending: string[] = []
  for (const info of infos) {
    try {
      await drainNode(session, info, dryRun)
      await session.print(`node/${info.name} ${withDryRun('drained', dryRun)}\n`)
    } catch (error) {
      await session.printError(
        `error: unable to drain node ${JSON.stringify(info.name)} due to error: ${(error as Error).message}, continuing command...\n`,
      )
      failed.push(error as Error)
      pending.push(info.name)
    }
  }
  if (pending.length === 0) return
  await session.printError(`There are pending nodes to be drained:\n${pending.map((name) => ` ${name}\n`).join('')}`)
  throw new Failures(failed.flatMap((error) => (error instanceof Failures ? error.errors : [error])).map(bare))
}

/** Printed without `error: ` before it. */
function bare(error: Error): Error {
  return error instanceof StatusError ? error : new Bare(error.message)
}

class Bare extends Failures {
  constructor(message: string) {
    super([new Error(message), new Error('')])
    this.message = message
  }
}

async function drainNode(session: Session, info: Info, dryRun: DryRun): Promise<void> {
  const { flags } = session
  const list = await session.client.json({
    path: '/api/v1/pods',
    query: [
      ['fieldSelector', `spec.nodeName=${info.name}`],
      ['labelSelector', flags.string('pod-selector')],
      ['limit', flags.int('chunk-size') || undefined],
    ],
  })
  const verdicts = await judgePods(session, list.items ?? [])
  const problems = grouped(verdicts, 'error')
  if (problems.length > 0)
    throw problems.length === 1 ? new CliError(problems[0]!) : new Failures(problems.map((text) => new CliError(text)))
  const warnings = grouped(verdicts, 'warning')
  if (warnings.length > 0) await session.printError(`Warning: ${warnings.join('; ')}\n`)
  const pods = verdicts.filter((verdict) => verdict.remove).map((verdict) => verdict.pod)
  if (dryRun === 'client') {
    for (const pod of pods)
      await session.print(`evicting pod ${pod.metadata.namespace}/${pod.metadata.name} (dry run)\n`)
    return
  }
  await evictAll(session, info, pods, dryRun)
}

async function evictAll(session: Session, info: Info, pods: readonly any[], dryRun: DryRun): Promise<void> {
  const timeout = session.flags.duration('timeout')
  const deadline = timeout > 0 ? session.process.uptime() + timeout : Number.POSITIVE_INFINITY
  const results = await Promise.allSettled(pods.map((pod) => evict(session, pod, deadline, timeout, dryRun)))
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []))
  const [killed] = errors.filter((error) => error.name === 'Killed')
  if (killed) throw killed
  if (errors.length === 0) return
  const text = errors.length === 1 ? errors[0]!.message : `[${errors.map((error) => error.message).join(', ')}]`
  const remaining = await session.client.json({
    path: '/api/v1/pods',
    query: [['fieldSelector', `spec.nodeName=${info.name}`]],
  })
  await session.printError(
    `There are pending pods in node ${JSON.stringify(info.name)} when an error occurred: ${text}\n`,
  )
  for (const pod of remaining.items ?? []) {
    if (pods.some((p) => p.metadata.uid === pod.metadata.uid)) await session.printError(`pod/${pod.metadata.name}\n`)
  }
  throwAll(errors)
}

async function evict(session: Session, pod: any, deadline: number, timeout: number, dryRun: DryRun): Promise<void> {
  const { namespace, name, uid } = pod.metadata
  const path = `/api/v1/namespaces/${namespace}/pods/${name}`
  const grace = session.flags.int('grace-period')
  const deleteOptions = grace >= 0 ? { gracePeriodSeconds: grace } : {}
  const failing = `error when evicting pods/"${name}" -n "${namespace}"`
  for (;;) {
    await session.print(`evicting pod ${namespace}/${name}${dryRun === 'server' ? ' (server dry run)' : ''}\n`)
    try {
      if (session.flags.bool('disable-eviction'))
        await session.client.json({ method: 'DELETE', path, body: deleteOptions })
      else {
        const options = { ...deleteOptions, ...(dryRun === 'server' ? { dryRun: ['All'] } : {}) }
        const body = {
          apiVersion: 'policy/v1',
          kind: 'Eviction',
          metadata: { name, namespace },
          deleteOptions: options,
        }
        await session.client.json({ method: 'POST', path: `${path}/eviction`, body })
      }
      break
    } catch (error) {
      if (isNotFound(error)) break
      if (!(error instanceof StatusError) || error.reason !== 'TooManyRequests')
        throw new CliError(`${failing}: ${(error as Error).message}`)
      await session.printError(`${failing} (will retry after 5s): ${error.message}\n`)
      if (!(await pause(session, 5000, deadline)))
        throw new CliError(`${failing}: global timeout reached: ${formatDuration(timeout)}`)
    }
  }
  if (dryRun === 'server') return
  while (!(await gone(session, path, uid))) {
    if (!(await pause(session, 1000, deadline)))
      throw new CliError(
        `error when waiting for pod "${name}" in namespace "${namespace}" to terminate: global timeout reached: ${formatDuration(timeout)}`,
      )
  }
  await session.print(`pod/${name} ${session.flags.bool('disable-eviction') ? 'deleted' : 'evicted'}\n`)
}

async function gone(session: Session, path: string, uid: string): Promise<boolean> {
  try {
    return (await session.client.json({ path })).metadata.uid !== uid
  } catch (error) {
    if (isNotFound(error)) return true
    throw error
  }
}

/** False when the deadline comes first. */
async function pause(session: Session, ms: number, deadline: number): Promise<boolean> {
  const left = deadline - session.process.uptime()
  await session.process.sleep(Math.min(ms, Math.max(0, left)))
  return left > ms
}
