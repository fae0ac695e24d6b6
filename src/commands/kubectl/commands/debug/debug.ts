import { filenameFlags } from '../../builder/flags.ts'
import type { Info } from '../../builder/info.ts'
import { fetchTargets } from '../../builder/infos.ts'
import { targetsOf } from '../../builder/targets.ts'
import { createObject, deleteObject, patchObject } from '../../client/objects.ts'
import type { Command } from '../../command.ts'
import { CliError, throwAll } from '../../errors/errors.ts'
import { array, bool, list, string } from '../../flags/flag.ts'
import { twoWayPatch } from '../../patch/three-way.ts'
import type { Session } from '../../session.ts'
import { attachTo } from '../attach/attach-to.ts'
import { hostSharing, securityContext } from './profiles.ts'

export const debug: Command = {
  name: 'debug',
  short: 'Create debugging sessions for troubleshooting workloads and nodes',
  long: `Debug cluster resources using interactive debugging containers.

 'debug' provides automation for common debugging tasks for cluster objects identified by resource and name. Pods will be used by default if no resource is specified.

 The action taken by 'debug' varies depending on what resource is specified. Supported actions include:

  *  Workload: Create a copy of an existing pod with certain attributes changed, for example changing the image tag to a new version.
  *  Workload: Add an ephemeral container to an already running pod, for example to add debugging utilities without restarting the pod.
  *  Node: Create a new pod that runs in the node's host namespaces and can access the node's filesystem.`,
  examples: `
# Create an interactive debugging session in pod mypod and immediately attach to it.
kubectl debug mypod -it --image=busybox

# Create a copy of mypod adding a debug container and attach to it
kubectl debug mypod -it --image=busybox --copy-to=my-debugger

# Create an interactive debugging session on a node and immediately attach to it.
kubectl debug node/mynode -it --image=busybox`,
  use: 'debug (POD | TYPE[[.VERSION].GROUP]/NAME) [ -- COMMAND [args...] ]',
  flags: [
    ...filenameFlags('identifying the resource to debug').filter((flag) => flag.name === 'filename'),
    string('kustomize', '', { hidden: true }),
    bool(
      'arguments-only',
      'If specified, everything after -- will be passed to the new container as Args instead of Command.',
    ),
    bool(
      'attach',
      "If true, wait for the container to start running, and then attach as if 'kubectl attach ...' were called.  Default false, unless '-i/--stdin' is set, in which case the default is true.",
    ),
    string('container', 'Container name to use for debug container.', { shorthand: 'c' }),
    string('copy-to', 'Create a copy of the target Pod with this name.'),
    string(
      'custom',
      'Path to a JSON or YAML file containing a partial container spec to customize built-in debug profiles.',
    ),
    array('env', 'Environment variables to set in the container.'),
    string('image', 'Container image to use for debug container.'),
    string(
      'image-pull-policy',
      'The image pull policy for the container. If left empty, this value will not be specified by the client and defaulted by the server.',
    ),
    bool(
      'keep-annotations',
      "If true, keep the original pod annotations.(This flag only works when used with '--copy-to')",
    ),
    bool(
      'keep-init-containers',
      "Run the init containers for the pod. Defaults to true.(This flag only works when used with '--copy-to')",
      { default: 'true' },
    ),
    bool('keep-labels', "If true, keep the original pod labels.(This flag only works when used with '--copy-to')"),
    bool(
      'keep-liveness',
      "If true, keep the original pod liveness probes.(This flag only works when used with '--copy-to')",
    ),
    bool(
      'keep-readiness',
      "If true, keep the original pod readiness probes.(This flag only works when used with '--copy-to')",
    ),
    bool('keep-startup', "If true, keep the original startup probes.(This flag only works when used with '--copy-to')"),
    string('profile', 'Options are "legacy", "general", "baseline", "netadmin", "restricted" or "sysadmin".', {
      default: 'general',
    }),
    bool('quiet', 'If true, suppress informational messages.', { shorthand: 'q' }),
    bool('replace', "When used with '--copy-to', delete the original Pod."),
    bool('same-node', "When used with '--copy-to', schedule the copy of target Pod on the same node."),
    list(
      'set-image',
      "When used with '--copy-to', a list of name=image pairs for changing container images, similar to how 'kubectl set image' works.",
      { type: 'map' },
    ),
    bool('share-processes', "When used with '--copy-to', enable process namespace sharing in the copy.", {
      default: 'true',
    }),
    bool('stdin', 'Keep stdin open on the container(s) in the pod, even if nothing is attached.', { shorthand: 'i' }),
    string('target', 'When using an ephemeral container, target processes in this container name.'),
    bool('tty', 'Allocate a TTY for the debugging container.', { shorthand: 't' }),
  ],
  run,
}

async function run(session: Session): Promise<void> {
  const { flags, args, dashAt } = session
  const names = dashAt >= 0 ? args.slice(0, dashAt) : args.slice(0, 1)
  const command = dashAt >= 0 ? args.slice(dashAt) : args.slice(1)
  if (names.length === 0) throw new CliError('NAME or filename is required for debug')
  validate(session)
  if (flags.string('profile') === 'legacy') {
    await session.printError(
      '--profile=legacy is deprecated and planned to be removed in v1.39. It is recommended to specify other profile, for example "--profile=general".\n',
    )
  }
  const [target] = names as [string]
  const { infos, errors } = await fetchTargets(
    session,
    await targetsOf(session, [target], { defaultType: target.includes('/') ? undefined : 'pods' }),
  )
  throwAll(errors)
  const info = infos[0]!
  if (securityContext(flags.string('profile'), 'pod') === undefined)
    throw new CliError(`unknown profile: ${flags.string('profile')}`)
  if (info.object.kind === 'Node') return debugNode(session, info, command)
  if (info.object.kind !== 'Pod') throw new CliError(`"${info.object.kind}" not supported by debug`)
  return flags.string('copy-to') ? debugCopy(session, info, command) : debugEphemeral(session, info, command)
}

function validate(session: Session): void {
  const { flags } = session
  const copy = flags.string('copy-to')
  if (!copy && flags.list('set-image').length > 0) throw new CliError('--set-image may only be used with --copy-to.')
  if (!copy && !flags.string('image')) throw new CliError('you must specify --image when not using --copy-to.')
  if (copy && flags.list('set-image').length === 0 && !flags.string('image') && !flags.string('container')) {
    throw new CliError('you must specify --container when --image is not specified.')
  }
  if (flags.bool('tty') && !flags.bool('stdin'))
    throw new CliError('-i/--stdin is required for containers with -t/--tty=true')
  if (flags.string('target') && copy)
    throw new CliError('--target is incompatible with --copy-to. Use --share-processes instead.')
}

function container(
  session: Session,
  name: string,
  command: readonly string[],
  target: 'pod' | 'node' | 'ephemeral',
): any {
  const { flags } = session
  const env = flags.list('env').map((text) => ({ name: text.split('=')[0], value: text.slice(text.indexOf('=') + 1) }))
  return {
    name,
    image: flags.string('image'),
    ...(command.length > 0 ? { [flags.bool('arguments-only') ? 'args' : 'command']: command } : {}),
    ...(env.length > 0 ? { env } : {}),
    ...(flags.string('image-pull-policy') ? { imagePullPolicy: flags.string('image-pull-policy') } : {}),
    terminationMessagePolicy: 'File',
    ...(flags.bool('stdin') ? { stdin: true } : {}),
    ...(flags.bool('tty') ? { tty: true } : {}),
    ...securityContext(flags.string('profile'), target),
  }
}

/** The name that was given, or one not taken yet. */
async function containerName(session: Session): Promise<string> {
  const given = session.flags.string('container')
  if (given) return given
  const name = `debugger-${session.process.random.nameSuffix()}`
  if (!session.flags.bool('quiet')) await session.print(`Defaulting debug container name to ${name}.\n`)
  return name
}

async function debugEphemeral(session: Session, info: Info, command: readonly string[]): Promise<void> {
  const pod = info.object
  const name = await containerName(session)
  const target = session.flags.string('target')
  if (target && !session.flags.bool('quiet')) {
    await session.print(
      `Targeting container ${JSON.stringify(target)}. If you don't see processes from this container it may be because the container runtime doesn't support this feature.\n`,
    )
  }
  const added = {
    ...container(session, name, command, 'ephemeral'),
    ...(target ? { targetContainerName: target } : {}),
  }
  const changed = {
    ...pod,
    spec: { ...pod.spec, ephemeralContainers: [...(pod.spec.ephemeralContainers ?? []), added] },
  }
  const { patch } = twoWayPatch(pod, changed)
  const result = await patchObject(session.client, info, 'strategic', patch, { subresource: 'ephemeralcontainers' })
  await maybeAttach(session, result, name)
}

async function debugCopy(session: Session, info: Info, command: readonly string[]): Promise<void> {
  const { flags } = session
  const copy = copyOf(session, info.object)
  const wanted = flags.string('container')
  const existing = copy.spec.containers.find((c: any) => c.name === wanted)
  let name = wanted
  if (flags.list('set-image').length > 0) setImages(copy, flags.list('set-image'))
  if (existing && !flags.string('image')) {
    if (command.length > 0) {
      existing[flags.bool('arguments-only') ? 'args' : 'command'] = command
      if (!flags.bool('arguments-only')) delete existing.args
    }
    Object.assign(existing, flags.bool('stdin') ? { stdin: true } : {}, flags.bool('tty') ? { tty: true } : {})
  } else if (existing) Object.assign(existing, { image: flags.string('image') }, command.length > 0 ? { command } : {})
  else if (flags.string('image')) {
    name = await containerName(session)
    copy.spec.containers.push(container(session, name, command, 'pod'))
    if (flags.bool('share-processes')) copy.spec.shareProcessNamespace = true
  } else if (wanted) throw new CliError(`container "${wanted}" not found`)
  const { resource, namespace } = info
  if (flags.bool('replace')) await deleteObject(session.client, info, {})
  const created = await createObject(session.client, { resource, namespace }, copy)
  await maybeAttach(session, created, name || copy.spec.containers[0].name)
}

function copyOf(session: Session, pod: any): any {
  const { flags } = session
  const copy = structuredClone({ apiVersion: 'v1', kind: 'Pod', metadata: {}, spec: pod.spec }) as any
  copy.metadata = {
    name: flags.string('copy-to'),
    namespace: pod.metadata.namespace,
    ...(flags.bool('keep-annotations') && pod.metadata.annotations ? { annotations: pod.metadata.annotations } : {}),
    ...(pod.metadata.labels ? { labels: pod.metadata.labels } : {}),
  }
  if (!flags.bool('same-node')) delete copy.spec.nodeName
  delete copy.spec.ephemeralContainers
  if (!flags.bool('keep-init-containers')) delete copy.spec.initContainers
  for (const c of copy.spec.containers) {
    if (!flags.bool('keep-liveness')) delete c.livenessProbe
    if (!flags.bool('keep-readiness')) delete c.readinessProbe
    if (!flags.bool('keep-startup')) delete c.startupProbe
  }
  return copy
}

function setImages(copy: any, pairs: readonly string[]): void {
  const images = new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]))
  for (const c of [...copy.spec.containers, ...(copy.spec.initContainers ?? [])]) {
    const image = images.get(c.name) ?? images.get('*')
    if (image) c.image = image
  }
}

async function debugNode(session: Session, info: Info, command: readonly string[]): Promise<void> {
  const { flags } = session
  const profile = flags.string('profile')
  const name = flags.string('container') || 'debugger'
  const podName = `node-debugger-${info.name}-${session.process.random.nameSuffix()}`
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: podName, labels: { 'app.kubernetes.io/managed-by': 'kubectl-debug' } },
    spec: {
      nodeName: info.name,
      ...hostSharing(profile),
      restartPolicy: 'Never',
      tolerations: [{ operator: 'Exists' }],
      ...(profile === 'restricted' ? {} : { volumes: [{ name: 'host-root', hostPath: { path: '/' } }] }),
      containers: [
        {
          ...container(session, name, command, 'node'),
          ...(profile === 'restricted' ? {} : { volumeMounts: [{ name: 'host-root', mountPath: '/host' }] }),
        },
      ],
    },
  }
  const resource = (await session.mapper.kind('v1', 'Pod'))!
  const created = await createObject(session.client, { resource, namespace: session.namespace }, pod)
  if (!flags.bool('quiet'))
    await session.print(`Creating debugging pod ${podName} with container ${name} on node ${info.name}.\n`)
  await maybeAttach(session, created, name)
}

async function maybeAttach(session: Session, pod: any, name: string): Promise<void> {
  const { flags } = session
  const attach = flags.changed('attach') ? flags.bool('attach') : flags.bool('stdin')
  if (!attach) return
  const { namespace } = pod.metadata
  const path = `/api/v1/namespaces/${namespace}/pods/${pod.metadata.name}`
  for (;;) {
    const now = await session.client.json({ path })
    const statuses = [...(now.status?.containerStatuses ?? []), ...(now.status?.ephemeralContainerStatuses ?? [])]
    const status = statuses.find((s: any) => s.name === name)
    if (status?.state?.running) {
      await attachTo(session, { ...now, status: { ...now.status, phase: 'Running' } }, name, {
        stdin: flags.bool('stdin'),
        tty: flags.bool('tty'),
        quiet: flags.bool('quiet'),
      })
      return
    }
    if (status?.state?.terminated) {
      await attachTo(session, { ...now, status: { ...now.status, phase: 'Succeeded' } }, name, {
        stdin: false,
        tty: false,
        quiet: true,
      })
      return
    }
    await session.process.sleep(200)
  }
}
