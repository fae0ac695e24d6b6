import type { StreamItem } from '../../../sim/containers/api/container-streams.ts'
import type { DockerCommand } from '../cli/command.ts'
import { segment } from '../cli/engine-client.ts'
import { flags } from '../cli/flag.ts'
import { CommandError } from '../cli/session.ts'
import { parseTimestamp } from '../cli/timestamp.ts'

export const logs: DockerCommand = {
  paths: ['logs', 'container logs'],
  usage: '[OPTIONS] CONTAINER',
  summary: 'Fetch the logs of a container',
  aliases: 'docker container logs, docker logs',
  flags: flags`
      --details        Show extra details provided to logs
  -f, --follow         Follow log output
      --since string   Show logs since timestamp (e.g. "2013-01-02T13:23:37Z") or relative (e.g. "42m" for 42 minutes)
  -n, --tail string    Number of lines to show from the end of the logs (default "all")
  -t, --timestamps     Show timestamps
      --until string   Show logs before a timestamp (e.g. "2013-01-02T13:23:37Z") or relative (e.g. "42m" for 42 minutes)
`,
  args: { min: 1, max: 1 },
  async run(session) {
    const { flags, args, client, process } = session
    await client.get(`/containers/${segment(args[0]!)}/json`)
    const now = process.wallClock()
    const time = (name: string) => {
      try {
        return parseTimestamp(flags.string(name), now)
      } catch (error) {
        throw new CommandError(`invalid value for ${JSON.stringify(name)}: ${(error as Error).message}`)
      }
    }
    const [since, until] = [time('since'), time('until')]
    const stream = await client.stream('GET', `/containers/${segment(args[0]!)}/logs`, {
      query: {
        stdout: 1,
        stderr: 1,
        follow: flags.bool('follow') ? 1 : undefined,
        timestamps: flags.bool('timestamps') ? 1 : undefined,
        tail: flags.string('tail') ?? 'all',
        since,
        until,
      },
    })
    for await (const item of stream as AsyncIterable<StreamItem>) {
      if (item.stream === 'stdout') await session.print(item.text)
      else await session.printError(item.text)
    }
    return 0
  },
}
