import type { StreamItem } from '../../../sim/containers/api/container-streams.ts'
import type { Process } from '../../../sim/linux/process.ts'
import { build as buildCommand } from '../builder/build.ts'
import { buildImage } from '../cli/build-image.ts'
import { absolute } from '../cli/container-options.ts'
import { DaemonError, type EngineClient } from '../cli/engine-client.ts'
import { type Flag, flags } from '../cli/flag.ts'
import { FlagValues } from '../cli/flag-values.ts'
import { pullImage } from '../cli/pull.ts'
import { CommandError, type Session } from '../cli/session.ts'
import { exec as execCommand } from '../container/exec.ts'
import { type ContainerSummary, containerRow } from '../format/containers.ts'
import { alignTable } from '../format/table.ts'
import { inOrder, type Project } from './project.ts'
import { containerName, imageOf, networkName, networkNames, serviceRequest, volumeName } from './service.ts'

export interface ComposeCall {
  process: Process
  project: Project
  client: EngineClient
  flags: FlagValues
  args: readonly string[]
}

interface ComposeCommand {
  name: string
  summary: string
  flags: readonly Flag[]
  run(call: ComposeCall): Promise<number>
}

const tell = (call: ComposeCall, kind: string, name: string, state: string) =>
  call.process.printError(`${` ${kind}`.trimEnd()} ${name}${kind === '' ? ' ' : '  '}${state}\n`)

async function exists(client: EngineClient, path: string): Promise<boolean> {
  try {
    await client.get(path)
    return true
  } catch (error) {
    if (error instanceof DaemonError && error.status === 404) return false
    throw error
  }
}

async function containersOf(call: ComposeCall, all = true): Promise<ContainerSummary[]> {
  const filters = JSON.stringify({ label: [`com.docker.compose.project=${call.project.name}`] })
  const list = await call.client.get<ContainerSummary[]>('/containers/json', { filters, ...(all ? { all: 1 } : {}) })
  const wanted = call.args
  return list
    .filter((one) => wanted.length === 0 || wanted.includes(serviceOf(one)))
    .sort((a, b) => (a.Names[0]! < b.Names[0]! ? -1 : 1))
}

const serviceOf = (one: ContainerSummary) => one.Labels['com.docker.compose.service'] ?? ''
const nameOf = (one: ContainerSummary) => one.Names[0]!.replace(/^\//, '')

function session(call: ComposeCall, values: FlagValues, args: readonly string[], path: string): Session {
  const { process, client } = call
  return {
    process,
    client,
    flags: values,
    args,
    path,
    print: (text) => process.print(text),
    printError: (text) => process.printError(text),
  }
}

async function buildService(call: ComposeCall, name: string): Promise<void> {
  const { project } = call
  const { build } = project.services[name]!
  if (build === undefined) return
  const settings = typeof build === 'string' ? { context: build } : build
  const values = new FlagValues(buildCommand.flags)
  const set = (flag: string, value: string) => values.set(buildCommand.flags.find((one) => one.name === flag)!, value)
  const context = absolute(project.folder, settings.context ?? '.')
  set('tag', imageOf(project, name))
  if (settings.dockerfile) set('file', absolute(context, settings.dockerfile))
  if (settings.target) set('target', settings.target)
  for (const [key, value] of Object.entries(settings.args ?? {})) set('build-arg', `${key}=${value}`)
  const status = await buildImage(session(call, values, [context], 'build'))
  if (status !== 0) throw new CommandError(`failed to build service ${name}`, status)
}

async function create(call: ComposeCall, name: string): Promise<void> {
  const { client, project, process } = call
  const container = containerName(project, name)
  const image = imageOf(project, name)
  if (await exists(client, `/containers/${container}/json`)) return
  if (call.flags.bool('build') || !(await exists(client, `/images/${image}/json`))) {
    if (project.services[name]!.build !== undefined) await buildService(call, name)
    else {
      await tell(call, '', name, 'Pulling')
      await pullImage(session(call, call.flags, [], 'pull'), image, { quiet: true })
      await tell(call, '', name, 'Pulled')
    }
  }
  await tell(call, 'Container', container, 'Creating')
  await client.post('/containers/create', { name: container }, serviceRequest(process, project, name))
  await tell(call, 'Container', container, 'Created')
}

async function up(call: ComposeCall): Promise<number> {
  const { client, project, process } = call
  const order = inOrder(project, call.args)
  const used = new Set(order.flatMap((name) => networkNames(project, project.services[name]!)))
  for (const network of used) {
    if (await exists(client, `/networks/${network}`)) continue
    await tell(call, 'Network', network, 'Creating')
    await client.post(
      '/networks/create',
      {},
      { Name: network, Driver: 'bridge', Labels: { 'com.docker.compose.project': project.name } },
    )
    await tell(call, 'Network', network, 'Created')
  }
  for (const name of Object.keys(project.volumes)) {
    const volume = volumeName(project, name)
    if (await exists(client, `/volumes/${volume}`)) continue
    await tell(call, 'Volume', `"${volume}"`, 'Creating')
    await client.post('/volumes/create', {}, { Name: volume, Labels: { 'com.docker.compose.project': project.name } })
    await tell(call, 'Volume', `"${volume}"`, 'Created')
  }
  for (const name of order) await create(call, name)
  for (const name of order) {
    const container = containerName(project, name)
    await waitForNeeds(call, name)
    const { State } = await client.get<{ State: { Running: boolean } }>(`/containers/${container}/json`)
    if (State.Running) {
      await tell(call, 'Container', container, 'Running')
      continue
    }
    await tell(call, 'Container', container, 'Starting')
    await client.post(`/containers/${container}/start`)
    await tell(call, 'Container', container, 'Started')
  }
  if (call.flags.bool('detach')) return 0
  await process.print(`Attaching to ${order.map((name) => `${name}-1`).join(', ')}\n`)
  let stopping = false
  process.on('SIGINT', () => {
    if (stopping) return
    stopping = true
    void (async () => {
      await process.print('Gracefully stopping... (press Ctrl+C again to force)\n')
      for (const name of order.toReversed()) await client.post(`/containers/${containerName(project, name)}/stop`)
    })().catch(() => {})
  })
  await follow(call, true)
  return stopping ? 130 : 0
}

/** depends_on with conditions. */
async function waitForNeeds(call: ComposeCall, name: string): Promise<void> {
  const needs = call.project.services[name]!.depends_on
  if (!needs || Array.isArray(needs)) return
  for (const [other, { condition }] of Object.entries(needs)) {
    const container = containerName(call.project, other)
    for (let tries = 0; condition === 'service_healthy' || condition === 'service_completed_successfully'; tries++) {
      const { State } = await call.client.get<{
        State: { Status: string; ExitCode: number; Health?: { Status: string } }
      }>(`/containers/${container}/json`)
      if (condition === 'service_healthy' && State.Health?.Status === 'healthy') break
      if (condition === 'service_healthy' && State.Health?.Status === 'unhealthy')
        throw new CommandError(`dependency failed to start: container ${container} is unhealthy`)
      if (condition === 'service_completed_successfully' && State.Status === 'exited') {
        if (State.ExitCode !== 0)
          throw new CommandError(`service "${other}" didn't complete successfully: exit ${State.ExitCode}`)
        break
      }
      if (tries === 0) await tell(call, 'Container', container, 'Waiting')
      await call.process.sleep(500)
    }
  }
}

async function follow(call: ComposeCall, followed: boolean): Promise<void> {
  const list = await containersOf(call)
  const label = (one: ContainerSummary) =>
    call.project.services[serviceOf(one)]?.container_name ? nameOf(one) : `${serviceOf(one)}-1`
  const width = Math.max(0, ...list.map((one) => label(one).length))
  const show = async (one: ContainerSummary) => {
    const stream = await call.client.stream('GET', `/containers/${one.Id}/logs`, {
      query: { stdout: 1, stderr: 1, follow: followed ? 1 : undefined, tail: call.flags.string('tail') ?? 'all' },
    })
    for await (const item of stream as AsyncIterable<StreamItem>)
      await call.process.print(`${label(one).padEnd(width)}  | ${item.text.replace(/\n?$/, '\n')}`)
    if (!followed) return
    const { State } = await call.client.get<{ State: { ExitCode: number } }>(`/containers/${one.Id}/json`)
    await call.process.print(`${label(one)} exited with code ${State.ExitCode}\n`)
  }
  if (followed) await Promise.all(list.map(show))
  else for (const one of list) await show(one)
}

async function down(call: ComposeCall): Promise<number> {
  const { client, project } = call
  for (const one of await containersOf(call)) {
    if (one.State === 'running') {
      await tell(call, 'Container', nameOf(one), 'Stopping')
      await client.post(`/containers/${one.Id}/stop`, { t: call.flags.string('timeout') })
      await tell(call, 'Container', nameOf(one), 'Stopped')
    }
    await tell(call, 'Container', nameOf(one), 'Removing')
    await client.delete(`/containers/${one.Id}`, { force: 1, v: call.flags.bool('volumes') ? 1 : undefined })
    await tell(call, 'Container', nameOf(one), 'Removed')
  }
  if (call.flags.bool('volumes'))
    for (const name of Object.keys(project.volumes)) {
      const volume = volumeName(project, name)
      if (project.volumes[name]?.external || !(await exists(client, `/volumes/${volume}`))) continue
      await client.delete(`/volumes/${volume}`)
      await tell(call, 'Volume', volume, 'Removed')
    }
  for (const name of new Set(['default', ...Object.keys(project.networks)])) {
    const network = networkName(project, name)
    if (project.networks[name]?.external || !(await exists(client, `/networks/${network}`))) continue
    await tell(call, 'Network', network, 'Removing')
    await client.delete(`/networks/${network}`)
    await tell(call, 'Network', network, 'Removed')
  }
  return 0
}

async function ps(call: ComposeCall): Promise<number> {
  const list = await containersOf(call, call.flags.bool('all'))
  if (call.flags.bool('quiet')) {
    await call.process.print(list.map((one) => `${one.Id}\n`).join(''))
    return 0
  }
  const rows = list.map((one) => {
    const row = containerRow(one, true, call.process.wallClock())
    return [nameOf(one), row.Image, row.Command, serviceOf(one), row.RunningFor, row.Status, row.Ports].join('\t')
  })
  await call.process.print(alignTable(['NAME\tIMAGE\tCOMMAND\tSERVICE\tCREATED\tSTATUS\tPORTS', ...rows]))
  return 0
}

/** stop, start, restart …: one call for each container. */
function each(verb: string, doing: string, done: string): (call: ComposeCall) => Promise<number> {
  return async (call) => {
    for (const one of await containersOf(call)) {
      await tell(call, 'Container', nameOf(one), doing)
      await call.client.post(`/containers/${one.Id}/${verb}`)
      await tell(call, 'Container', nameOf(one), done)
    }
    return 0
  }
}

const NONE: readonly Flag[] = []

export const COMMANDS: readonly ComposeCommand[] = [
  {
    name: 'build',
    summary: 'Build or rebuild services',
    flags: NONE,
    run: async (call) => {
      for (const name of inOrder(call.project, call.args)) await buildService(call, name)
      return 0
    },
  },
  {
    name: 'config',
    summary: 'Parse, resolve and render compose file in canonical format',
    flags: flags`
      --services   Print the service names, one per line
  -q, --quiet      Only validate the configuration
`,
    run: async ({ project, process, flags: given }) => {
      if (given.bool('services'))
        await process.print(
          Object.keys(project.services)
            .map((name) => `${name}\n`)
            .join(''),
        )
      else if (!given.bool('quiet')) await process.print(process.files.readText(project.file))
      return 0
    },
  },
  {
    name: 'down',
    summary: 'Stop and remove containers, networks',
    flags: flags`
  -v, --volumes          Remove named volumes
  -t, --timeout int      Specify a shutdown timeout in seconds
      --remove-orphans   Remove containers for services not defined in the Compose file
      --rmi string       Remove images used by services
`,
    run: down,
  },
  {
    name: 'exec',
    summary: 'Execute a command in a running container',
    flags: execCommand.flags,
    run: async (call) => {
      const [name = '', ...command] = call.args
      if (!call.project.services[name]) throw new CommandError(`no such service: ${name}`)
      return execCommand.run(session(call, call.flags, [containerName(call.project, name), ...command], 'exec'))
    },
  },
  {
    name: 'logs',
    summary: 'View output from containers',
    flags: flags`
  -f, --follow        Follow log output
  -n, --tail string   Number of lines to show from the end of the logs for each container
`,
    run: async (call) => {
      await follow(call, call.flags.bool('follow'))
      return 0
    },
  },
  {
    name: 'ps',
    summary: 'List containers',
    flags: flags`
  -a, --all     Show all stopped containers
  -q, --quiet   Only display IDs
`,
    run: ps,
  },
  {
    name: 'pull',
    summary: 'Pull service images',
    flags: NONE,
    run: async (call) => {
      for (const name of inOrder(call.project, call.args)) {
        if (!call.project.services[name]!.image) continue
        await tell(call, '', name, 'Pulling')
        await pullImage(session(call, call.flags, [], 'pull'), imageOf(call.project, name), { quiet: true })
        await tell(call, '', name, 'Pulled')
      }
      return 0
    },
  },
  {
    name: 'restart',
    summary: 'Restart service containers',
    flags: NONE,
    run: each('restart', 'Restarting', 'Started'),
  },
  { name: 'start', summary: 'Start services', flags: NONE, run: each('start', 'Starting', 'Started') },
  { name: 'stop', summary: 'Stop services', flags: NONE, run: each('stop', 'Stopping', 'Stopped') },
  {
    name: 'up',
    summary: 'Create and start containers',
    flags: flags`
  -d, --detach           Detached mode: Run containers in the background
      --build            Build images before starting containers
      --force-recreate   Recreate containers even if their configuration and image haven't changed
      --remove-orphans   Remove containers for services not defined in the Compose file
`,
    run: up,
  },
]
