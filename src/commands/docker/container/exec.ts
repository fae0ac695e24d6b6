import { attachStreams } from '../cli/attach-streams.ts'
import type { DockerCommand } from '../cli/command.ts'
import { readLines } from '../cli/container-options.ts'
import { segment } from '../cli/engine-client.ts'
import { flags } from '../cli/flag.ts'
import { CommandError } from '../cli/session.ts'

export const exec: DockerCommand = {
  paths: ['exec', 'container exec'],
  usage: '[OPTIONS] CONTAINER COMMAND [ARG...]',
  summary: 'Execute a command in a running container',
  aliases: 'docker container exec, docker exec',
  flags: flags`
  -d, --detach               Detached mode: run command in the background
      --detach-keys string   Override the key sequence for detaching a container
  -e, --env list             Set environment variables
      --env-file list        Read in a file of environment variables
  -i, --interactive          Keep STDIN open even if not attached
      --privileged           Give extended privileges to the command
  -t, --tty                  Allocate a pseudo-TTY
  -u, --user string          Username or UID (format: "<name|uid>[:<group|gid>]")
  -w, --workdir string       Working directory inside the container
`,
  args: { min: 2 },
  passesArguments: true,
  checks: {
    env: (value) => {
      if (value.startsWith('=')) throw new Error(`invalid environment variable: ${value}`)
    },
  },
  async run(session) {
    const { flags, args, client, process } = session
    const [name = '', ...command] = args
    const detach = flags.bool('detach')
    const tty = flags.bool('tty')
    const stdin = flags.bool('interactive') && !detach
    const lines = [...readLines(session, flags.list('env-file')), ...flags.list('env')]
    await client.get(`/containers/${segment(name)}/json`)
    if (!detach && stdin && tty && process.fds.get(0)?.tty === undefined)
      throw new CommandError('the input device is not a TTY')
    const env = lines.flatMap((line) =>
      line.includes('=') ? [line] : process.env.has(line) ? [`${line}=${process.env.get(line)}`] : [],
    )
    const { Id } = await client.post<{ Id: string }>(
      `/containers/${segment(name)}/exec`,
      {},
      {
        Cmd: command,
        Tty: tty,
        AttachStdin: stdin,
        AttachStdout: !detach,
        AttachStderr: !detach,
        Env: env,
        WorkingDir: flags.string('workdir') ?? '',
        User: flags.string('user') ?? '',
        Privileged: flags.bool('privileged'),
      },
    )
    if (detach) {
      await client.post(`/exec/${Id}/start`, {}, { Detach: true, Tty: tty })
      return 0
    }
    const attached = attachStreams(session, {
      stdin,
      stdout: true,
      stderr: true,
      tty,
      detachKeys: flags.string('detach-keys'),
      sizeAtOnce: true,
    })
    try {
      const started = client.call('POST', `/exec/${Id}/start`, {
        body: { Detach: false, Tty: tty },
        upgrade: attached.streams,
      })
      await Promise.race([started, attached.detached, attached.failed])
    } finally {
      attached.close()
    }
    const { ExitCode } = await client.get<{ ExitCode: number | null }>(`/exec/${Id}/json`)
    return ExitCode ?? 0
  },
}
