import { flags } from '../cli/flag.ts'
import { CommandError } from '../cli/session.ts'
import { type ComposeCall, type ComposeCommand, containersOf, nameOf, serviceOf } from './call.ts'
import { createService, ensureImage, prepare, startService, waitHealthy } from './converge.ts'
import { follow } from './logs.ts'
import { ComposeProgress } from './progress.ts'
import { inOrder } from './project.ts'
import { containerName } from './service.ts'

const CREATE_FLAGS = flags`
      --build              Build images before starting containers
      --force-recreate     Recreate containers even if their configuration and image haven't changed
      --no-build           Don't build an image, even if it's policy
      --no-recreate        If containers already exist, don't recreate them. Incompatible with --force-recreate.
      --pull string        Pull image before running ("always"|"missing"|"never") (default "policy")
      --quiet-pull         Pull without printing progress information
      --remove-orphans     Remove containers for services not defined in the Compose file
`

async function converge(call: ComposeCall, progress: ComposeProgress): Promise<string[]> {
  const order = call.flags.bool('no-deps') && call.args.length > 0 ? [...call.args] : inOrder(call.project, call.args)
  for (const name of order) if (!call.project.services[name]) throw new CommandError(`no such service: ${name}`)
  for (const name of order) await ensureImage(call, name, progress)
  await prepare(call, order, progress)
  for (const name of order) await createService(call, name, progress)
  await orphans(call, progress)
  return order
}

/** Containers of services that the file no longer has. */
async function orphans(call: ComposeCall, progress: ComposeProgress): Promise<void> {
  const list = await containersOf({ ...call, args: [] }, { oneOff: false })
  const lost = list.filter((one) => !call.project.services[serviceOf(one)])
  if (lost.length === 0) return
  if (!call.flags.bool('remove-orphans')) {
    call.project.warnings.push(
      `Found orphan containers ([${lost.map(nameOf).join(' ')}]) for this project. If you removed or renamed this service in your compose file, you can run this command with the --remove-orphans flag to clean it up.`,
    )
    return
  }
  for (const one of lost) {
    await progress.working(`Container ${nameOf(one)}`, 'Stopping')
    await call.client.post(`/containers/${one.Id}/stop`)
    await progress.working(`Container ${nameOf(one)}`, 'Removing')
    await call.client.delete(`/containers/${one.Id}`, { force: 1 })
    await progress.done(`Container ${nameOf(one)}`, 'Removed')
  }
}

export const up: ComposeCommand = {
  name: 'up',
  usage: '[OPTIONS] [SERVICE...]',
  summary: 'Create and start containers',
  flags: [
    ...flags`
  -d, --detach               Detached mode: Run containers in the background
      --no-deps              Don't start linked services
      --no-start             Don't start the services after creating them
      --scale stringArray    Scale SERVICE to NUM instances. Overrides the scale setting in the Compose file if present.
  -t, --timeout int          Use this timeout in seconds for container shutdown when attached or when containers are already running
      --wait                 Wait for services to be running|healthy. Implies detached mode.
`,
    ...CREATE_FLAGS,
  ],
  async run(call) {
    const { process, project, client } = call
    if (call.flags.has('scale')) throw new CommandError('not simulated: docker compose up --scale')
    const progress = new ComposeProgress(process)
    const order = await converge(call, progress)
    if (call.flags.bool('no-start')) return 0
    if (call.flags.bool('detach') || call.flags.bool('wait')) {
      for (const name of order) await startService(call, name, progress)
      for (const name of call.flags.bool('wait') ? order : []) await waitHealthy(call, name, progress)
      return 0
    }
    await process.print(`Attaching to ${order.map((name) => `${name}-1`).join(', ')}\n`)
    let stopping: Promise<void> | undefined
    process.on('SIGINT', () => {
      stopping ??= (async () => {
        await process.print('Gracefully stopping... (press Ctrl+C again to force)\n')
        const stops = new ComposeProgress(process, 'Stopping')
        for (const name of order.toReversed()) {
          const label = `Container ${containerName(project, name)}`
          await stops.working(label, 'Stopping')
          await client.post(`/containers/${containerName(project, name)}/stop`)
          await stops.done(label, 'Stopped')
        }
      })().catch(() => {})
    })
    const quiet = new ComposeProgress(process, 'Running', { quiet: true })
    for (const name of order) await startService(call, name, quiet)
    await follow(call, { follow: true, exits: true })
    await stopping
    return stopping ? 130 : 0
  },
}

export const create: ComposeCommand = {
  name: 'create',
  usage: '[OPTIONS] [SERVICE...]',
  summary: 'Creates containers for a service',
  flags: CREATE_FLAGS,
  async run(call) {
    await converge(call, new ComposeProgress(call.process, 'Creating'))
    return 0
  },
}
