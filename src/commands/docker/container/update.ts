import type { DockerCommand } from '../cli/command.ts'
import { forEach } from '../cli/each.ts'
import { segment } from '../cli/engine-client.ts'
import { flags } from '../cli/flag.ts'
import { CommandError } from '../cli/session.ts'

export const update: DockerCommand = {
  paths: ['update', 'container update'],
  usage: '[OPTIONS] CONTAINER [CONTAINER...]',
  summary: 'Update configuration of one or more containers',
  aliases: 'docker container update, docker update',
  flags: flags`
      --blkio-weight uint16        Block IO (relative weight), between 10 and 1000, or 0 to disable (default 0)
      --cpu-period int             Limit CPU CFS (Completely Fair Scheduler) period
      --cpu-quota int              Limit CPU CFS (Completely Fair Scheduler) quota
      --cpu-rt-period int          Limit the CPU real-time period in microseconds
      --cpu-rt-runtime int         Limit the CPU real-time runtime in microseconds
  -c, --cpu-shares int             CPU shares (relative weight)
      --cpus decimal               Number of CPUs
      --cpuset-cpus string         CPUs in which to allow execution (0-3, 0,1)
      --cpuset-mems string         MEMs in which to allow execution (0-3, 0,1)
  -m, --memory bytes               Memory limit
      --memory-reservation bytes   Memory soft limit
      --memory-swap bytes          Swap limit equal to memory plus swap: -1 to enable unlimited swap
      --pids-limit int             Tune container pids limit (set -1 for unlimited)
      --restart string             Restart policy to apply when a container exits
`,
  args: { min: 1 },
  run: (session) => {
    if (!update.flags.some(({ name }) => session.flags.has(name)))
      throw new CommandError('you must provide one or more flags when using this command')
    return forEach(session, session.args, async (name) => {
      const { flags } = session
      const [Name = '', count] = (flags.string('restart') ?? '').split(':')
      await session.client.post(
        `/containers/${segment(name)}/update`,
        {},
        {
          CpuShares: flags.number('cpu-shares') ?? 0,
          Memory: flags.bytes('memory') ?? 0,
          MemorySwap: flags.bytes('memory-swap') ?? 0,
          MemoryReservation: flags.bytes('memory-reservation') ?? 0,
          NanoCpus: flags.has('cpus') ? Math.round(Number(flags.string('cpus')) * 1e9) : 0,
          CpuPeriod: flags.number('cpu-period') ?? 0,
          CpuQuota: flags.number('cpu-quota') ?? 0,
          PidsLimit: flags.number('pids-limit') ?? 0,
          RestartPolicy: { Name, MaximumRetryCount: Number(count ?? 0) },
        },
      )
      return name
    })
  },
}
