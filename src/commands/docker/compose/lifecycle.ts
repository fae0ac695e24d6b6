import { type Flag, flags } from '../cli/flag.ts'
import { FlagValues } from '../cli/flag-values.ts'
import { CommandError } from '../cli/session.ts'
import { exec as dockerExec } from '../container/exec.ts'
import { top as dockerTop } from '../container/top.ts'
import { buildService } from './build.ts'
import { type ComposeCall, type ComposeCommand, containersOf, nameOf, serviceOf, session } from './call.ts'
import { pullService, startService } from './converge.ts'
import { ComposeProgress } from './progress.ts'
import { inOrder, type ServiceFile } from './project.ts'
import { containerName } from './service.ts'

const TIMEOUT = flags`
  -t, --timeout int   Specify a shutdown timeout in seconds
`

/** One call of the engine for each container. */
function forEach(
  name: string,
  summary: string,
  words: { title: string; doing: string; done: string },
  options: { flags?: readonly Flag[]; states?: readonly string[]; query?: (values: FlagValues) => object } = {},
): ComposeCommand {
  return {
    name,
    usage: '[OPTIONS] [SERVICE...]',
    summary,
    flags: options.flags ?? [],
    async run(call) {
      const progress = new ComposeProgress(call.process, words.title)
      const order = inOrder(call.project, [])
      const list = (await containersOf(call)).sort((a, b) => order.indexOf(serviceOf(b)) - order.indexOf(serviceOf(a)))
      for (const one of list) {
        if (options.states && !options.states.includes(one.State)) continue
        const label = `Container ${nameOf(one)}`
        await progress.working(label, words.doing)
        await call.client.post(`/containers/${one.Id}/${name}`, options.query?.(call.flags) as never)
        await progress.done(label, words.done)
      }
      return 0
    },
  }
}

const seconds = (values: FlagValues) => ({ t: values.string('timeout') })

export const stop = forEach(
  'stop',
  'Stop services',
  { title: 'Stopping', doing: 'Stopping', done: 'Stopped' },
  { flags: TIMEOUT, states: ['running', 'paused', 'restarting'], query: seconds },
)
export const restart = forEach(
  'restart',
  'Restart service containers',
  { title: 'Restarting', doing: 'Restarting', done: 'Started' },
  { flags: TIMEOUT, query: seconds },
)
export const pause = forEach(
  'pause',
  'Pause services',
  { title: 'Pausing', doing: 'Pausing', done: 'Paused' },
  { states: ['running'] },
)
export const unpause = forEach(
  'unpause',
  'Unpause services',
  { title: 'Unpausing', doing: 'Unpausing', done: 'Unpaused' },
  { states: ['paused'] },
)
export const kill = forEach(
  'kill',
  'Force stop service containers',
  { title: 'Killing', doing: 'Killing', done: 'Killed' },
  {
    flags: flags`
  -s, --signal string   SIGNAL to send to the container (default "SIGKILL")
`,
    states: ['running'],
    query: (values) => ({ signal: values.string('signal') ?? 'SIGKILL' }),
  },
)

export const start: ComposeCommand = {
  name: 'start',
  usage: '[SERVICE...]',
  summary: 'Start services',
  flags: [],
  async run(call) {
    const progress = new ComposeProgress(call.process, 'Starting')
    const there = new Set((await containersOf({ ...call, args: [] })).map(serviceOf))
    for (const name of inOrder(call.project, call.args)) {
      if (!there.has(name)) throw new CommandError(`service ${JSON.stringify(name)} has no container to start`)
      await startService(call, name, progress)
    }
    return 0
  },
}

export const rm: ComposeCommand = {
  name: 'rm',
  usage: '[OPTIONS] [SERVICE...]',
  summary: 'Removes stopped service containers',
  flags: flags`
  -f, --force     Don't ask to confirm removal
  -s, --stop      Stop the containers, if required, before removing
  -v, --volumes   Remove any anonymous volumes attached to containers
`,
  async run(call) {
    const { process, client, flags: given } = call
    if (given.bool('stop')) await stop.run({ ...call, flags: new FlagValues(TIMEOUT) })
    const list = (await containersOf(call)).filter((one) => one.State !== 'running')
    if (list.length === 0) {
      await process.printError('No stopped containers\n')
      return 0
    }
    if (!given.bool('force')) {
      await process.print(`? Going to remove ${list.map(nameOf).join(', ')} (y/N) `)
      const answer = new TextDecoder().decode(await process.stdin.read()).trim()
      if (!/^y(?:es)?$/i.test(answer)) return 0
    } else await process.printError(`Going to remove ${list.map(nameOf).join(', ')}\n`)
    const progress = new ComposeProgress(process, 'Removing')
    for (const one of list) {
      await progress.working(`Container ${nameOf(one)}`, 'Removing')
      await client.delete(`/containers/${one.Id}`, { v: given.bool('volumes') ? 1 : undefined })
      await progress.done(`Container ${nameOf(one)}`, 'Removed')
    }
    return 0
  },
}

/** The services a call names, in its order; all of them when it names none. Throws at one the file doesn't have. */
function* namedServices({ project, args }: ComposeCall): Generator<[string, ServiceFile]> {
  for (const name of args.length > 0 ? args : inOrder(project, [])) {
    const service = project.services[name]
    if (!service) throw new CommandError(`no such service: ${name}`)
    yield [name, service]
  }
}

export const build: ComposeCommand = {
  name: 'build',
  usage: '[OPTIONS] [SERVICE...]',
  summary: 'Build or rebuild services',
  flags: flags`
      --build-arg stringArray   Set build-time variables for services
      --no-cache                Do not use cache when building the image
      --progress string         Set type of ui output (auto, tty, plain, json, quiet)
      --pull                    Always attempt to pull a newer version of the image
`,
  async run(call) {
    const progress = new ComposeProgress(call.process, 'Building')
    for (const [name] of namedServices(call)) {
      await buildService(call, name, progress)
    }
    return 0
  },
}

export const pull: ComposeCommand = {
  name: 'pull',
  usage: '[OPTIONS] [SERVICE...]',
  summary: 'Pull service images',
  flags: flags`
      --ignore-buildable       Ignore images that can be built
      --ignore-pull-failures   Pull what it can and ignores images with pull failures
  -q, --quiet                  Pull without printing progress information
`,
  async run(call) {
    const progress = new ComposeProgress(call.process, 'Pulling')
    for (const [name, service] of namedServices(call)) {
      if (service.image) await pullService(call, name, progress)
      else await progress.done(name, 'Skipped - No image to be pulled')
    }
    return 0
  },
}

export const exec: ComposeCommand = {
  name: 'exec',
  usage: '[OPTIONS] SERVICE COMMAND [ARGS...]',
  summary: 'Execute a command in a running container',
  passesArguments: true,
  flags: flags`
  -d, --detach            Detached mode: Run command in the background
  -e, --env stringArray   Set environment variables
      --index int         Index of the container if service has multiple replicas
     !--interactive       Keep STDIN open even if not attached (default true)
  -T, --no-TTY            Disable pseudo-TTY allocation. By default docker compose exec allocates a TTY.
      --privileged        Give extended privileges to the process
  -u, --user string       Run the command as this user
  -w, --workdir string    Path to workdir directory for this command
`,
  async run(call) {
    const { project, process, flags: given } = call
    const [name = '', ...command] = call.args
    if (command.length === 0) throw new CommandError(`requires at least 2 arg(s), only received ${call.args.length}`)
    if (!project.services[name]) throw new CommandError(`no such service: ${name}`)
    const running = await containersOf({ ...call, args: [name] }, { all: false })
    if (running.length === 0) throw new CommandError(`service ${JSON.stringify(name)} is not running`)
    const values = new FlagValues(dockerExec.flags)
    const set = (flag: string, value: string) => values.set(dockerExec.flags.find((one) => one.name === flag)!, value)
    const terminal = process.fds.get(0)?.tty !== undefined && process.fds.get(1)?.tty !== undefined
    if (terminal && !given.bool('no-TTY')) set('tty', 'true')
    set('interactive', 'true')
    for (const flag of ['detach', 'privileged']) if (given.bool(flag)) set(flag, 'true')
    for (const flag of ['user', 'workdir']) if (given.string(flag)) set(flag, given.string(flag)!)
    for (const pair of given.list('env')) set('env', pair)
    return dockerExec.run(session(call, values, [containerName(project, name), ...command], 'exec'))
  },
}

export const top: ComposeCommand = {
  name: 'top',
  usage: '[SERVICES...]',
  summary: 'Display the running processes',
  flags: [],
  async run(call) {
    for (const one of await containersOf(call, { all: false })) {
      await call.process.print(`${nameOf(one)}\n`)
      await dockerTop.run(session(call, new FlagValues(dockerTop.flags), [nameOf(one)], 'top'))
      await call.process.print('\n')
    }
    return 0
  },
}

export const port: ComposeCommand = {
  name: 'port',
  usage: '[OPTIONS] SERVICE PRIVATE_PORT',
  summary: 'Print the public port for a port binding',
  flags: flags`
      --protocol string   tcp or udp (default "tcp")
`,
  async run(call) {
    const [name = '', wanted = ''] = call.args
    const [one] = await containersOf({ ...call, args: [name] }, { all: false })
    if (!one) throw new CommandError(`service ${JSON.stringify(name)} is not running`)
    const protocol = call.flags.string('protocol') ?? 'tcp'
    const found = one.Ports.find((each) => each.PrivatePort === Number(wanted) && each.Type === protocol)
    if (!found?.PublicPort) throw new CommandError(`no port ${wanted}/${protocol} for container ${nameOf(one)}`)
    await call.process.print(`${found.IP}:${found.PublicPort}\n`)
    return 0
  },
}
