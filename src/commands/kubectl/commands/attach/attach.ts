import { containerFlags } from '../../client/container-flags.ts'
import { attachablePod, chooseContainer } from '../../client/pods.ts'
import type { Command } from '../../command.ts'
import { CliError } from '../../errors/errors.ts'
import { podTarget, wantsTty } from '../exec.ts'
import { attachTo } from './attach-to.ts'

export const attach: Command = {
  name: 'attach',
  short: 'Attach to a running container',
  long: 'Attach to a process that is already running inside an existing container.',
  examples: `
# Get output from running pod mypod; use the default container for selection
kubectl attach mypod

# Switch to raw terminal mode; sends stdin to 'bash' in ruby-container from pod mypod
kubectl attach mypod -c ruby-container -i -t`,
  use: 'attach (POD | TYPE/NAME) -c CONTAINER',
  flags: containerFlags,
  async run(session) {
    const { args, flags } = session
    if (args.length === 0) throw session.usageError('at least 1 argument is required for attach')
    if (args.length > 2)
      throw session.usageError(
        `expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw ${args.length}: [${args.join(' ')}]`,
      )
    const info = await podTarget(session, args.length === 2 ? `${args[0]}/${args[1]}` : args[0]!)
    const pod = await attachablePod(session, info, flags.duration('pod-running-timeout'))
    if (['Succeeded', 'Failed'].includes(pod.status?.phase)) {
      throw new CliError(`cannot attach a container in a completed pod; current phase is ${pod.status.phase}`)
    }
    const container = await chooseContainer(session, pod, flags.string('container'), flags.bool('quiet'))
    const stdin = flags.bool('stdin')
    await attachTo(session, pod, container, { stdin, tty: await wantsTty(session, stdin), quiet: flags.bool('quiet') })
  },
}
