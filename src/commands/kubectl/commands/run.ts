import { InvalidReference, parseReference } from '../../../sim/containers/images/reference.ts'
import { type DryRun, dryRunOf, withDryRun } from '../builder/dry-run.ts'
import { dryRunFlag, fieldManagerFlag, saveConfigFlag } from '../builder/flags.ts'
import { createObject, getObject } from '../client/objects.ts'
import type { Command } from '../command.ts'
import { parseGroupVersion } from '../discovery/resource.ts'
import { CliError, ExitCode } from '../errors/errors.ts'
import { array, bool, duration, int, string } from '../flags/flag.ts'
import { withLastApplied } from '../last-applied/annotation.ts'
import { mergeOverrides, overrideFlags } from '../patch/overrides.ts'
import { printerFor, printFlags } from '../printers/print-flags.ts'
import type { Session } from '../session.ts'
import { structOrder } from '../typed/struct-order.ts'
import { attachTo, exitCodeOf, printLog, waitForPod } from './attach/attach-to.ts'
import { resourceOf } from './create/generator.ts'
import { deleteInfos } from './delete/perform.ts'

export const run: Command = {
  name: 'run',
  short: 'Run a particular image on the cluster',
  long: 'Create and run a particular image in a pod.',
  examples: `
# Start a nginx pod
kubectl run nginx --image=nginx

# Start a hazelcast pod and set environment variables in the container
kubectl run hazelcast --image=hazelcast/hazelcast --env="DNS_DOMAIN=cluster" --env="POD_NAMESPACE=default"

# Dry run; print the corresponding API objects without creating them
kubectl run nginx --image=nginx --dry-run=client

# Start a busybox pod and keep it in the foreground, don't restart it if it exits
kubectl run -i -t busybox --image=busybox --restart=Never`,
  use: 'run NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] [--command] -- [COMMAND] [args...]',
  flags: [
    ...printFlags(),
    ...overrideFlags(),
    array('annotations', 'Annotations to apply to the pod.'),
    bool(
      'attach',
      "If true, wait for the Pod to start running, and then attach to the Pod as if 'kubectl attach ...' were called.  Default false, unless '-i/--stdin' is set, in which case the default is true. With '--restart=Never' the exit code of the container process is returned.",
    ),
    string(
      'cascade',
      'Must be "background", "orphan", or "foreground". Selects the deletion cascading strategy for the dependents (e.g. Pods created by a ReplicationController). Defaults to background.',
      { default: 'background', alone: 'background' },
    ),
    bool(
      'command',
      "If true and extra arguments are present, use them as the 'command' field in the container, rather than the 'args' field which is the default.",
    ),
    dryRunFlag(),
    array('env', 'Environment variables to set in the container.'),
    bool('expose', 'If true, create a ClusterIP service associated with the pod.  Requires `--port`.'),
    fieldManagerFlag('kubectl-run'),
    bool(
      'force',
      'If true, immediately remove resources from API and bypass graceful deletion. Note that immediate deletion of some resources may result in inconsistency or data loss and requires confirmation.',
    ),
    int(
      'grace-period',
      'Period of time in seconds given to the resource to terminate gracefully. Ignored if negative. Set to 1 for immediate shutdown. Can only be set to 0 when --force is true (force deletion).',
      { default: '-1' },
    ),
    string('image', 'The image for the container to run.', { required: true }),
    string(
      'image-pull-policy',
      'The image pull policy for the container.  If left empty, this value will not be specified by the client and defaulted by the server.',
    ),
    string('labels', 'Comma separated labels to apply to the pod. Will override previous values.', { shorthand: 'l' }),
    bool(
      'leave-stdin-open',
      'If the pod is started in interactive mode or with stdin, leave stdin open after the first attach completes. By default, stdin will be closed after the first attach completes.',
    ),
    duration(
      'pod-running-timeout',
      'The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running',
      { default: '1m0s' },
    ),
    string('port', 'The port that this container exposes.'),
    bool('privileged', 'If true, run the container in privileged mode.'),
    bool('quiet', 'If true, suppress prompt messages.', { shorthand: 'q' }),
    string('restart', 'The restart policy for this Pod.  Legal values [Always, OnFailure, Never].', {
      default: 'Always',
    }),
    bool(
      'rm',
      "If true, delete the pod after it exits.  Only valid when attaching to the container, e.g. with '--attach' or with '-i/--stdin'.",
    ),
    saveConfigFlag(),
    bool('stdin', 'Keep stdin open on the container in the pod, even if nothing is attached.', { shorthand: 'i' }),
    duration(
      'timeout',
      'The length of time to wait before giving up on a delete, zero means determine a timeout from the size of the object',
    ),
    bool('tty', 'Allocate a TTY for the container in the pod.', { shorthand: 't' }),
    bool('wait', 'If true, wait for resources to be gone before returning. This waits for finalizers.', {
      default: 'true',
    }),
  ],
  run: runPod,
}

function checkImage(image: string): void {
  if (image === '') throw new CliError('--image is required')
  try {
    parseReference(image)
  } catch (error) {
    if (!(error instanceof InvalidReference)) throw error
    throw new CliError(`Invalid image name ${JSON.stringify(image)}: invalid reference format`)
  }
}

async function runPod(session: Session): Promise<void> {
  const { flags } = session
  const names = session.dashAt >= 0 ? session.args.slice(0, session.dashAt) : session.args
  if (names.length === 0 || session.dashAt === 0) throw session.usageError('NAME is required for run')
  const name = names[0]!
  const attach = flags.changed('attach') ? flags.bool('attach') : flags.bool('stdin')
  if (flags.bool('tty') && !flags.bool('stdin'))
    throw new CliError('-i/--stdin is required for containers with -t/--tty=true')
  if (flags.bool('expose') && !flags.string('port'))
    throw session.usageError('--port must be set when exposing a service')
  const dryRun = await dryRunOf(session)
  if (!['Always', 'OnFailure', 'Never'].includes(flags.string('restart'))) {
    throw session.usageError(`invalid restart policy: ${flags.string('restart')}`)
  }
  checkImage(flags.string('image'))
  if (flags.bool('rm') && !attach) throw new CliError('--rm should only be used for attached containers')
  if (attach && dryRun !== 'none')
    throw new CliError(
      "--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)",
    )
  const pod = podOf(session, name)
  const printed: string[] = []
  if (flags.bool('expose')) printed.push(await createAndPrint(session, await serviceOf(session, name, pod), dryRun))
  const overridden = await mergeOverrides(session, pod)
  const structured = ['yaml', 'json'].includes(flags.string('output'))
  const prints = !attach && !(flags.bool('quiet') && attach)
  const created = await createNow(session, overridden, dryRun)
  if (prints) printed.push(printObject(session, created, dryRun))
  if (printed.length > 0) await session.print(printed.join(structured && printed.length > 1 ? '---\n---\n' : ''))
  if (attach) await attachAndFinish(session, created)
}

async function createAndPrint(session: Session, object: any, dryRun: DryRun): Promise<string> {
  return printObject(session, await createNow(session, object, dryRun), dryRun)
}

function printObject(session: Session, object: any, dryRun: DryRun): string {
  return printerFor(session, { operation: withDryRun('created', dryRun), typed: true }).print(structOrder(object))
}

async function createNow(session: Session, object: any, dryRun: DryRun): Promise<any> {
  const full = session.flags.bool('save-config') ? withLastApplied(object) : object
  if (dryRun === 'client') return full
  const resource = await resourceOf(session, object)
  const namespace = resource.namespaced ? session.namespace : undefined
  return createObject(session.client, { resource, namespace }, full, {
    dryRun,
    fieldManager: session.flags.string('field-manager'),
  })
}

function podOf(session: Session, name: string): any {
  const { flags } = session
  const command = session.dashAt >= 0 ? session.args.slice(session.dashAt) : session.args.slice(1)
  const port = flags.string('port')
  if (port && !/^[-+]?\d+$/.test(port))
    throw new CliError(`strconv.Atoi: parsing ${JSON.stringify(port)}: invalid syntax`)
  const env = flags.list('env').map(parseEnv)
  const annotations = Object.fromEntries(
    flags.list('annotations').map((text) => [text.split('=')[0], text.slice(text.indexOf('=') + 1)]),
  )
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: {
      name,
      ...(session.config.namespaceEnforced ? { namespace: session.namespace } : {}),
      labels: flags.string('labels') ? parseLabels(flags.string('labels')) : { run: name },
      ...(flags.list('annotations').length > 0 ? { annotations } : {}),
    },
    spec: {
      containers: [
        {
          name,
          image: flags.string('image'),
          ...(command.length > 0 ? { [flags.bool('command') ? 'command' : 'args']: command } : {}),
          ...(port ? { ports: [{ containerPort: Number(port) }] } : {}),
          ...(env.length > 0 ? { env } : {}),
          resources: {},
          ...(flags.string('image-pull-policy') ? { imagePullPolicy: flags.string('image-pull-policy') } : {}),
          ...(flags.bool('privileged') ? { securityContext: { privileged: true } } : {}),
          ...(flags.bool('stdin') ? { stdin: true } : {}),
          ...(flags.bool('stdin') && !flags.bool('leave-stdin-open') ? { stdinOnce: true } : {}),
          ...(flags.bool('tty') ? { tty: true } : {}),
        },
      ],
      restartPolicy: flags.string('restart'),
      dnsPolicy: 'ClusterFirst',
    },
    status: {},
  }
}

export function parseLabels(spec: string): Record<string, string> {
  const labels: Record<string, string> = {}
  for (const part of spec.split(',')) {
    const [key, value, ...more] = part.split('=')
    if (value === undefined || more.length > 0) throw new CliError(`unexpected label spec: ${part}`)
    if (key === '') throw new CliError(`unexpected empty label key`)
    labels[key!] = value
  }
  return labels
}

function parseEnv(text: string): { name: string; value: string } {
  const eq = text.indexOf('=')
  if (eq <= 0) throw new CliError(`invalid env: ${text}`)
  return { name: text.slice(0, eq), value: text.slice(eq + 1) }
}

function serviceOf(session: Session, name: string, pod: any): object {
  const port = Number(session.flags.string('port'))
  return {
    kind: 'Service',
    apiVersion: 'v1',
    metadata: { name, ...(session.config.namespaceEnforced ? { namespace: session.namespace } : {}) },
    spec: { ports: [{ protocol: 'TCP', port, targetPort: port }], selector: pod.metadata.labels },
    status: { loadBalancer: {} },
  }
}

async function attachAndFinish(session: Session, created: any): Promise<void> {
  const { flags } = session
  const { group } = parseGroupVersion(created.apiVersion)
  const resource = (await session.mapper.kindIn(group, created.kind))!
  const info = {
    resource,
    namespace: created.metadata.namespace,
    name: created.metadata.name,
    source: '',
    object: created,
  }
  const remove = async () => {
    if (!flags.bool('rm')) return
    await deleteInfos(
      session,
      { infos: [info], errors: [] },
      {
        dryRun: 'none',
        gracePeriod: flags.int('grace-period'),
        force: flags.bool('force'),
        ignoreNotFound: true,
        wait: flags.bool('wait'),
        timeout: flags.duration('timeout'),
        propagationPolicy: 'Background',
        shortOutput: false,
        quiet: flags.bool('quiet'),
      },
    )
  }
  try {
    const pod = await waitForPod(session, created, flags.duration('pod-running-timeout'))
    const container = pod.spec.containers[0].name
    const options = { stdin: flags.bool('stdin'), tty: flags.bool('tty'), quiet: flags.bool('quiet') }
    try {
      await attachTo(session, pod, container, options)
    } catch (error) {
      if (!(error instanceof CliError)) throw error
      // A program that is quick has ended before anyone could join it.
      await session.printError(
        `warning: couldn't attach to pod/${info.name}, falling back to streaming logs: ${error.message}\n`,
      )
      await printLog(session, pod, container)
    }
    if (flags.string('restart') === 'Never') {
      const code = exitCodeOf(await untilFinished(session, info))
      if (code !== 0) throw new ExitCode(code, `pod ${info.namespace}/${info.name} terminated (Error)`)
    }
  } finally {
    await remove()
  }
}

async function untilFinished(session: Session, info: Parameters<typeof getObject>[1]): Promise<any> {
  for (;;) {
    const pod = await getObject(session.client, info)
    if (['Succeeded', 'Failed'].includes(pod.status?.phase)) return pod
    await session.process.sleep(200)
  }
}
