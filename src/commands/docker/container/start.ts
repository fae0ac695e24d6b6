import { attachStreams, proxySignals } from '../cli/attach-streams.ts'
import type { DockerCommand } from '../cli/command.ts'
import { DaemonError, segment } from '../cli/engine-client.ts'
import { flags } from '../cli/flag.ts'
import { CommandError } from '../cli/session.ts'

export const start: DockerCommand = {
  paths: ['start', 'container start'],
  usage: '[OPTIONS] CONTAINER [CONTAINER...]',
  summary: 'Start one or more stopped containers',
  aliases: 'docker container start, docker start',
  flags: flags`
  -a, --attach                  Attach STDOUT/STDERR and forward signals
      --checkpoint string       Restore from this checkpoint
      --checkpoint-dir string   Use a custom checkpoint storage directory
      --detach-keys string      Override the key sequence for detaching a container
  -i, --interactive             Attach container's STDIN
`,
  args: { min: 1 },
  async run(session) {
    const { flags, args, client, process } = session
    const attach = flags.bool('attach') || flags.bool('interactive')
    if (attach) {
      if (args.length > 1) throw new CommandError('you cannot start and attach multiple containers at once')
      const [name = ''] = args
      const { Id, Config } = await client.get<{ Id: string; Config: { Tty: boolean; OpenStdin: boolean } }>(
        `/containers/${segment(name)}/json`,
      )
      if (flags.bool('interactive') && Config.Tty && process.fds.get(0)?.tty === undefined)
        throw new CommandError('the input device is not a TTY')
      const attached = attachStreams(session, {
        stdin: flags.bool('interactive') && Config.OpenStdin,
        stdout: true,
        stderr: true,
        tty: Config.Tty,
        detachKeys: flags.string('detach-keys'),
      })
      if (!Config.Tty && flags.bool('sig-proxy')) proxySignals(session, Id)
      try {
        await client.call('POST', `/containers/${Id}/attach`, {
          query: { stream: 1, stdin: 1, stdout: 1, stderr: 1 },
          upgrade: attached.streams,
        })
        const ended = client.post<{ StatusCode: number }>(`/containers/${Id}/wait`, { condition: 'next-exit' })
        await client.post(`/containers/${Id}/start`)
        attached.started()
        const result = await Promise.race([ended, attached.detached, attached.failed])
        return result?.StatusCode ?? 0
      } finally {
        attached.close()
      }
    }
    const failed: string[] = []
    for (const name of args) {
      try {
        await client.post(`/containers/${segment(name)}/start`)
        await session.print(`${name}\n`)
      } catch (error) {
        if (!(error instanceof DaemonError)) throw error
        await session.printError(`${error.text}\n`)
        failed.push(name)
      }
    }
    if (failed.length > 0) throw new CommandError(`Error: failed to start containers: ${failed.join(', ')}`)
    return 0
  },
}
