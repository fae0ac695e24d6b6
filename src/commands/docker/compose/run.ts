import { flags } from '../cli/flag.ts'
import { parsePorts } from '../cli/ports.ts'
import { runAttached } from '../cli/run-container.ts'
import { CommandError } from '../cli/session.ts'
import { type ComposeCommand, session } from './call.ts'
import { createService, ensureImage, prepare, startService } from './converge.ts'
import { ComposeProgress } from './progress.ts'
import { inOrder } from './project.ts'
import { serviceRequest } from './service.ts'

export const run: ComposeCommand = {
  name: 'run',
  usage: '[OPTIONS] SERVICE [COMMAND] [ARGS...]',
  summary: 'Run a one-off command on a service',
  passesArguments: true,
  flags: flags`
      --build                 Build image before starting container
  -d, --detach                Run container in background and print container ID
      --entrypoint string     Override the entrypoint of the image
  -e, --env stringArray       Set environment variables
  -i, --interactive           Keep STDIN open even if not attached (default true)
      --name string           Assign a name to the container
  -T, --no-TTY                Disable pseudo-TTY allocation (default: auto-detected)
      --no-deps               Don't start linked services
  -p, --publish stringArray   Publish a container's port(s) to the host
      --rm                    Automatically remove the container when it exits
  -P, --service-ports         Run command with all service's ports enabled and mapped to the host
  -u, --user string           Run as specified username or uid
  -w, --workdir string        Working directory inside the container
`,
  async run(call) {
    const { project, process, client, flags: given } = call
    const [name = '', ...command] = call.args
    if (name === '') throw new CommandError('requires at least 1 arg(s), only received 0')
    if (!project.services[name]) throw new CommandError(`no such service: ${name}`)
    const progress = new ComposeProgress(process, 'Creating')
    const order = given.bool('no-deps') ? [name] : inOrder(project, [name])
    for (const each of order) await ensureImage(call, each, progress)
    await prepare(call, order, progress)
    for (const other of order) if (other !== name) await createService(call, other, progress)
    for (const other of order) if (other !== name) await startService(call, other, progress)
    const request = serviceRequest(process, project, name)
    const tty = !given.bool('no-TTY') && process.fds.get(0)?.tty !== undefined && process.fds.get(1)?.tty !== undefined
    const detach = given.bool('detach')
    const own = parsePorts(given.list('publish'), [])
    const entrypoint = given.string('entrypoint')
    const remove = given.bool('rm')
    const { Id } = await client.post<{ Id: string }>(
      '/containers/create',
      { name: given.string('name') ?? `${project.name}-${name}-run-${process.random.hex(12)}` },
      {
        ...request,
        Tty: tty,
        OpenStdin: !detach,
        StdinOnce: !detach,
        AttachStdin: !detach,
        User: given.string('user') ?? request.User,
        WorkingDir: given.string('workdir') ?? request.WorkingDir,
        Env: [...(request.Env ?? []), ...given.list('env')],
        ...(command.length > 0 ? { Cmd: command } : {}),
        ...(entrypoint === undefined ? {} : { Entrypoint: entrypoint.split(/\s+/) }),
        Labels: { ...request.Labels, 'com.docker.compose.oneoff': 'True' },
        HostConfig: {
          ...request.HostConfig,
          RestartPolicy: { Name: 'no', MaximumRetryCount: 0 },
          AutoRemove: remove,
          PortBindings: given.bool('service-ports') ? (request.HostConfig?.PortBindings ?? {}) : own.bindings,
        },
      },
    )
    if (detach) {
      await client.post(`/containers/${Id}/start`)
      await process.print(`${Id}\n`)
      return 0
    }
    return runAttached(session(call, given, [], 'run'), Id, {
      stdin: given.bool('interactive'),
      stdout: true,
      stderr: true,
      tty,
      remove,
      proxySignals: true,
      detachKeys: undefined,
    })
  },
}
