import { fileInfos, hasFiles } from '../builder/files.ts'
import { filenameFlags } from '../builder/flags.ts'
import type { Info } from '../builder/info.ts'
import { findInfos } from '../builder/infos.ts'
import { containerFlags } from '../client/container-flags.ts'
import { attachablePod, chooseContainer } from '../client/pods.ts'
import { runStreams } from '../client/streams.ts'
import type { Command } from '../command.ts'
import { CliError, throwAll } from '../errors/errors.ts'
import { string } from '../flags/flag.ts'
import type { Session } from '../session.ts'

export const exec: Command = {
  name: 'exec',
  short: 'Execute a command in a container',
  long: 'Execute a command in a container.',
  examples: `
# Get output from running the 'date' command from pod mypod, using the first container by default
kubectl exec mypod -- date

# Get output from running the 'date' command in ruby-container from pod mypod
kubectl exec mypod -c ruby-container -- date

# Switch to raw terminal mode; sends stdin to 'bash' in the first container of pod mypod
kubectl exec mypod -i -t -- bash

# Get output from running 'date' command from the first pod of the deployment mydeployment
kubectl exec deploy/mydeployment -- date`,
  use: 'exec (POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]',
  flags: [
    ...filenameFlags('to use to exec into the resource').filter((flag) => flag.name === 'filename'),
    ...containerFlags,
    string('kustomize', '', { hidden: true }),
  ],
  run,
}

async function run(session: Session): Promise<void> {
  const { args, dashAt, flags } = session
  const files = hasFiles(session)
  if (args.length === 0 && !files) throw new CliError('pod, type/name or --filename must be specified')
  const target = files ? undefined : args[0]
  const rest = files ? args : args.slice(1)
  if (dashAt < 0 && (rest.length > 0 || files)) {
    throw new CliError(
      `exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead\nSee 'kubectl exec -h' for help and examples`,
    )
  }
  if (dashAt > (files ? 0 : 1))
    throw new CliError(
      `exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead\nSee 'kubectl exec -h' for help and examples`,
    )
  if (rest.length === 0) throw new CliError('you must specify at least one command for the container')
  const info = files ? await fileTarget(session) : await podTarget(session, target!)
  const pod = await attachablePod(session, info, flags.duration('pod-running-timeout'))
  if (['Succeeded', 'Failed'].includes(pod.status?.phase)) {
    throw new CliError(`cannot exec into a container in a completed pod; current phase is ${pod.status.phase}`)
  }
  const container = await chooseContainer(session, pod, flags.string('container'), flags.bool('quiet'))
  const stdin = flags.bool('stdin')
  const tty = await wantsTty(session, stdin)
  await runStreams(session, {
    path: `/api/v1/namespaces/${pod.metadata.namespace}/pods/${pod.metadata.name}/exec`,
    query: [
      ...rest.map((word) => ['command', word] as const),
      ['container', container],
      ...(stdin ? [['stdin', 'true'] as const] : []),
      ['stdout', 'true'],
      ...(tty ? [['tty', 'true'] as const] : [['stderr', 'true'] as const]),
    ],
    stdin,
    stderr: !tty,
    tty,
  })
}

/** `NAME` is a Pod; `TYPE/NAME` anything with Pods. */
export async function podTarget(session: Session, target: string): Promise<Info> {
  const { infos, errors } = await findInfos(session, [target], {
    defaultType: target.includes('/') ? undefined : 'pods',
  })
  throwAll(errors)
  return infos[0]!
}

async function fileTarget(session: Session): Promise<Info> {
  const { infos, errors } = await fileInfos(session)
  throwAll(errors)
  return infos[0]!
}

/** Whether a terminal can be passed on; says so when it was asked for and cannot. */
export async function wantsTty(session: Session, stdin: boolean): Promise<boolean> {
  if (!session.flags.bool('tty')) return false
  if (!stdin) return true
  if (session.process.stdin.tty) return true
  await session.printError('Unable to use a TTY - input is not a terminal or the right kind of file\n')
  return false
}
