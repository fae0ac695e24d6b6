import { attachStreams, proxySignals } from '../cli/attach-streams.ts'
import type { DockerCommand } from '../cli/command.ts'
import { segment } from '../cli/engine-client.ts'
import { flags } from '../cli/flag.ts'
import { CommandError } from '../cli/session.ts'

export const attach: DockerCommand = {
  paths: ['attach', 'container attach'],
  usage: '[OPTIONS] CONTAINER',
  summary: 'Attach local standard input, output, and error streams to a running container',
  aliases: 'docker container attach, docker attach',
  flags: flags`
      --detach-keys string   Override the key sequence for detaching a container
      --no-stdin             Do not attach STDIN
      --sig-proxy            Proxy all received signals to the process (default true)
`,
  args: { min: 1, max: 1 },
  async run(session) {
    const { flags, args, client, process } = session
    const { Id, Config, State } = await client.get<{
      Id: string
      Config: { Tty: boolean; OpenStdin: boolean }
      State: { Running: boolean; Paused: boolean; Restarting: boolean }
    }>(`/containers/${segment(args[0]!)}/json`)
    if (!State.Running) throw new CommandError('You cannot attach to a stopped container, start it first')
    if (State.Paused) throw new CommandError('You cannot attach to a paused container, unpause it first')
    if (State.Restarting)
      throw new CommandError('You cannot attach to a restarting container, wait until it is running')
    const stdin = !flags.bool('no-stdin') && Config.OpenStdin
    if (stdin && Config.Tty && process.fds.get(0)?.tty === undefined)
      throw new CommandError('the input device is not a TTY')
    const attached = attachStreams(session, {
      stdin,
      stdout: true,
      stderr: true,
      tty: Config.Tty,
      detachKeys: flags.string('detach-keys'),
    })
    if (!Config.Tty && flags.bool('sig-proxy')) proxySignals(session, Id)
    try {
      const ended = client.post<{ StatusCode: number }>(`/containers/${Id}/wait`, { condition: 'next-exit' })
      await client.call('POST', `/containers/${Id}/attach`, {
        query: { stream: 1, stdin: stdin ? 1 : 0, stdout: 1, stderr: 1 },
        upgrade: attached.streams,
      })
      attached.joined()
      const result = await Promise.race([ended, attached.detached, attached.failed])
      return result?.StatusCode ?? 0
    } finally {
      attached.close()
    }
  },
}
