import type { RestStream } from '../../../sim/rest/port.ts'
import { selectorFlag } from '../builder/flags.ts'
import { fetchTargets } from '../builder/infos.ts'
import { targetsOf } from '../builder/targets.ts'
import { bodyText } from '../client/body.ts'
import { byActivity, chooseContainer, containerNames, hasContainer, listPods, podSelectorOf } from '../client/pods.ts'
import type { Command } from '../command.ts'
import { CliError, isNotFound, StatusError, throwAll } from '../errors/errors.ts'
import { bool, duration, int, string } from '../flags/flag.ts'
import type { Session } from '../session.ts'

export const logs: Command = {
  name: 'logs',
  short: 'Print the logs for a container in a pod',
  long: 'Print the logs for a container in a pod or specified resource. If the pod has only one container, the container name is optional.',
  examples: `
# Return snapshot logs from pod nginx with only one container
kubectl logs nginx

# Return snapshot logs from all containers in pods defined by label app=nginx
kubectl logs -l app=nginx --all-containers=true

# Begin streaming the logs of the ruby container in pod web-1
kubectl logs -f -c ruby web-1

# Display only the most recent 20 lines of output in pod nginx
kubectl logs --tail=20 nginx`,
  use: 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]',
  flags: [
    bool('all-containers', "Get all containers' logs in the pod(s)."),
    bool('all-pods', 'Get logs from all pod(s). Sets prefix to true.'),
    string('container', 'Print the logs of this container', { shorthand: 'c' }),
    bool('follow', 'Specify if the logs should be streamed.', { shorthand: 'f' }),
    bool('ignore-errors', 'If watching / following pod logs, allow for any errors that occur to be non-fatal'),
    bool(
      'insecure-skip-tls-verify-backend',
      'Skip verifying the identity of the kubelet that logs are requested from.  In theory, an attacker could provide invalid log content back. You might want to use this if your kubelet serving certificates have expired.',
    ),
    int('limit-bytes', 'Maximum bytes of logs to return. Defaults to no limit.', { type: 'int64' }),
    int(
      'max-log-requests',
      'Specify maximum number of concurrent logs to follow when using by a selector. Defaults to 5.',
      { default: '5' },
    ),
    duration(
      'pod-running-timeout',
      'The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running',
      { default: '20s' },
    ),
    bool('prefix', 'Prefix each log line with the log source (pod name and container name)'),
    bool('previous', 'If true, print the logs for the previous instance of the container in a pod if it exists.', {
      shorthand: 'p',
    }),
    selectorFlag(),
    duration(
      'since',
      'Only return logs newer than a relative duration like 5s, 2m, or 3h. Defaults to all logs. Only one of since-time / since may be used.',
    ),
    string(
      'since-time',
      'Only return logs after a specific date (RFC3339). Defaults to all logs. Only one of since-time / since may be used.',
    ),
    int(
      'tail',
      'Lines of recent log file to display. Defaults to -1 with no selector, showing all log lines otherwise 10, if a selector is provided.',
      { default: '-1', type: 'int64' },
    ),
    bool('timestamps', 'Include timestamps on each line in the log output'),
  ],
  run,
}

interface Source {
  pod: any
  container: string
}

async function run(session: Session): Promise<void> {
  const { flags } = session
  const sources = await sourcesOf(session)
  if (sources.length === 0) return
  const limit = flags.int('max-log-requests')
  if (flags.bool('follow') && sources.length > 1) {
    if (sources.length > limit) {
      throw new CliError(
        `you are attempting to follow ${sources.length} log streams, but maximum allowed concurrency is ${limit}, use --max-log-requests to increase the limit`,
      )
    }
    await Promise.all(sources.map((source) => print(session, source)))
    return
  }
  for (const source of sources) await print(session, source)
}

const USAGE =
  "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command"

async function sourcesOf(session: Session): Promise<Source[]> {
  const { args, flags } = session
  const selector = flags.string('selector')
  if (args.length === 0 && !selector) throw session.usageError(USAGE)
  if (args.length > 2) throw session.usageError(USAGE)
  if (args.length > 0 && selector) throw new CliError('only a selector (-l) or a POD name is allowed')
  validate(session)
  if (selector) {
    const pods = await listPods(session, session.namespace, selector)
    if (pods.length === 0) await session.printError(`No resources found in ${session.namespace} namespace.\n`)
    return (await Promise.all(pods.map((pod) => containersOf(session, pod, '')))).flat()
  }
  if (args.length === 2 && flags.string('container'))
    throw new CliError('only one of -c or an inline [CONTAINER] arg is allowed')
  const object = await targetObject(session, args[0]!)
  const wanted = args[1] ?? flags.string('container')
  if (object.kind === 'Pod') return containersOf(session, object, wanted)
  const pods = await podsOf(session, object)
  return (await Promise.all(pods.map((pod) => containersOf(session, pod, wanted)))).flat()
}

function validate(session: Session): void {
  const { flags } = session
  if (flags.int('tail') < -1) throw new CliError('--tail must be greater than or equal to -1')
  if (flags.string('since-time') && flags.changed('since'))
    throw new CliError('at most one of `sinceTime` or `sinceSeconds` may be specified')
  if (flags.changed('limit-bytes') && flags.int('limit-bytes') < 1)
    throw new CliError('--limit-bytes must be greater than 0')
  if (flags.changed('since') && flags.duration('since') <= 0) throw new CliError('--since must be greater than 0')
}

async function targetObject(session: Session, target: string): Promise<any> {
  const targets = await targetsOf(session, [target], { defaultType: target.includes('/') ? undefined : 'pods' })
  const { infos, errors } = await fetchTargets(session, targets)
  const [error] = errors
  if (isNotFound(error)) {
    throw new CliError(
      `error from server (NotFound): ${error!.message} in namespace ${JSON.stringify(session.namespace)}`,
    )
  }
  throwAll(errors)
  return infos[0]!.object
}

/** One Pod of a workload, with a word when there are several; all of them with `--all-pods`. */
async function podsOf(session: Session, object: any): Promise<any[]> {
  const selector = podSelectorOf(object)
  if (selector === undefined)
    throw new CliError(`cannot get the logs from *v1.${object.kind}: selector for *v1.${object.kind} not implemented`)
  const deadline = session.process.uptime() + session.flags.duration('pod-running-timeout')
  for (;;) {
    const pods = (await listPods(session, object.metadata.namespace, selector)).sort(byActivity)
    if (pods.length > 0) {
      if (session.flags.bool('all-pods')) return pods
      if (pods.length > 1) await session.printError(`Found ${pods.length} pods, using pod/${pods[0].metadata.name}\n`)
      return [pods[0]]
    }
    if (session.process.uptime() >= deadline) throw new CliError('timed out waiting for the condition')
    await session.process.sleep(500)
  }
}

async function containersOf(session: Session, pod: any, wanted: string): Promise<Source[]> {
  const { flags } = session
  if (flags.bool('all-containers')) {
    const all = ['initContainers', 'containers', 'ephemeralContainers'].flatMap((field) => pod.spec[field] ?? [])
    return all.map((c: any) => ({ pod, container: c.name }))
  }
  const name = wanted || flags.string('container')
  if (name && !hasContainer(pod, name)) {
    throw new CliError(`container ${name} is not valid for pod ${pod.metadata.name} out of: ${containerNames(pod)}`)
  }
  return [{ pod, container: await chooseContainer(session, pod, name) }]
}

async function print(session: Session, source: Source): Promise<void> {
  const { flags } = session
  const { namespace, name } = source.pod.metadata
  const tail = flags.string('selector') && !flags.changed('tail') && !flags.bool('follow') ? 10 : flags.int('tail')
  const selectorFollow = flags.string('selector') && !flags.changed('tail') ? 10 : tail
  const query = [
    ['container', source.container],
    ['follow', flags.bool('follow') ? 'true' : undefined],
    ['limitBytes', flags.int('limit-bytes') || undefined],
    ['previous', flags.bool('previous') ? 'true' : undefined],
    ['sinceSeconds', flags.duration('since') > 0 ? Math.ceil(flags.duration('since') / 1000) : undefined],
    ['sinceTime', flags.string('since-time')],
    ['tailLines', selectorFollow >= 0 ? selectorFollow : undefined],
    ['timestamps', flags.bool('timestamps') ? 'true' : undefined],
  ] as const
  const prefix = flags.bool('prefix') || flags.bool('all-pods') ? `[pod/${name}/${source.container}] ` : ''
  try {
    const response = await session.client.send({ path: `/api/v1/namespaces/${namespace}/pods/${name}/log`, query })
    if (response.stream) await follow(session, response.stream, prefix)
    else await session.print(prefixed(bodyText(response.body), prefix))
  } catch (error) {
    if (!flags.bool('ignore-errors') || !(error instanceof StatusError)) throw error
    await session.print(`error: ${error.message}\n`)
  }
}

async function follow(session: Session, stream: RestStream, prefix: string): Promise<void> {
  const decoder = new TextDecoder()
  for await (const chunk of stream) {
    const text = chunk instanceof Uint8Array ? decoder.decode(chunk, { stream: true }) : bodyText(chunk)
    await session.print(prefixed(text, prefix))
  }
}

function prefixed(text: string, prefix: string): string {
  return prefix === ''
    ? text
    : text.replace(/^(?=[\s\S])(?!$)/gm, prefix).replace(new RegExp(`${prefix.replace(/[[\]/.]/g, '\\$&')}$`), '')
}
