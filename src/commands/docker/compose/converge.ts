import type { CreateRequest } from '../../../sim/containers/docker/containers.ts'
import { digestOf } from '../../../sim/containers/images/sha256.ts'
import { pullImage } from '../cli/pull.ts'
import { CommandError } from '../cli/session.ts'
import { buildService } from './build.ts'
import { type ComposeCall, exists, session } from './call.ts'
import type { ComposeProgress } from './progress.ts'
import { containerName, imageOf, networkName, networkNames, serviceRequest, volumeName } from './service.ts'

interface Inspected {
  Id: string
  Image: string
  Config: { Labels: Record<string, string> }
  State: { Status: string; Running: boolean; ExitCode: number; Health?: { Status: string } }
}

const HASH = 'com.docker.compose.config-hash'
const POLL = 500

/** Makes the networks and volumes that the services use. */
export async function prepare(
  call: ComposeCall,
  services: readonly string[],
  progress: ComposeProgress,
): Promise<void> {
  const { client, project } = call
  const Labels = (key: string, name: string) => ({
    [`com.docker.compose.${key}`]: name,
    'com.docker.compose.project': project.name,
    'com.docker.compose.version': '2.36.2',
  })
  const used = new Set(services.flatMap((name) => networkNames(project, project.services[name]!)))
  for (const key of ['default', ...Object.keys(project.networks).filter((name) => name !== 'default')]) {
    const network = networkName(project, key)
    if (!used.has(network)) continue
    if (await exists(client, `/networks/${network}`)) continue
    const settings = project.networks[key]
    if (settings?.external) throw new CommandError(`network ${network} declared as external, but could not be found`)
    await progress.working(`Network ${network}`, 'Creating')
    const { subnet: Subnet, gateway: Gateway } = settings?.ipam?.config?.[0] ?? {}
    await client.post(
      '/networks/create',
      {},
      {
        Name: network,
        Driver: settings?.driver ?? 'bridge',
        Internal: settings?.internal ?? false,
        ...(Subnet ? { IPAM: { Driver: 'default', Config: [{ Subnet, ...(Gateway ? { Gateway } : {}) }] } } : {}),
        Labels: Labels('network', key),
      },
    )
    await progress.done(`Network ${network}`, 'Created')
  }
  for (const name of Object.keys(project.volumes)) {
    const volume = volumeName(project, name)
    if (await exists(client, `/volumes/${volume}`)) continue
    if (project.volumes[name]?.external) throw new CommandError(`external volume ${JSON.stringify(volume)} not found`)
    await progress.working(`Volume "${volume}"`, 'Creating')
    await client.post('/volumes/create', {}, { Name: volume, Labels: Labels('volume', name) })
    await progress.done(`Volume "${volume}"`, 'Created')
  }
}

/** Pulls or builds what a service's container is made of. */
export async function ensureImage(call: ComposeCall, name: string, progress: ComposeProgress): Promise<void> {
  const { project, flags, client } = call
  const service = project.services[name]!
  const image = imageOf(project, name)
  const policy = flags.string('pull') ?? service.pull_policy ?? 'missing'
  const there = await exists(client, `/images/${image}/json`)
  if (service.build !== undefined && (flags.bool('build') || policy === 'build' || !there)) {
    if (flags.bool('no-build')) throw new CommandError(`no such image: ${image}: No such image: ${image}`)
    return buildService(call, name, progress)
  }
  if (there && policy !== 'always') return
  if (policy === 'never') throw new CommandError(`Error response from daemon: No such image: ${image}`)
  await pullService(call, name, progress)
}

export async function pullService(call: ComposeCall, name: string, progress: ComposeProgress): Promise<void> {
  await progress.working(name, '', { text: 'Pulling' })
  try {
    await pullImage(session(call, call.flags, [], 'pull'), imageOf(call.project, name), {
      print: async (text) => {
        const [, id, status] = /^([0-9a-f]{12}): (.*)\n$/.exec(text) ?? []
        if (!id || !status) return
        const over = /^(?:Pull complete|Already exists)$/.test(status)
        await (over ? progress.done : progress.working).call(progress, id, '', { text: status, parent: name })
      },
    })
  } catch (error) {
    await progress.failed(name, error instanceof Error ? error.message : '', 'Error')
    throw error
  }
  await progress.done(name, '', { text: 'Pulled' })
}

const inspect = (call: ComposeCall, container: string) => call.client.get<Inspected>(`/containers/${container}/json`)

/** Makes a service's container, or makes it anew when its settings or image have changed. */
export async function createService(call: ComposeCall, name: string, progress: ComposeProgress): Promise<void> {
  const { client, project, process, flags } = call
  const request = serviceRequest(process, project, name)
  const hash = digestOf(JSON.stringify(request)).slice(7)
  const container = containerName(project, name)
  const label = `Container ${container}`
  const labelled: CreateRequest = { ...request, Labels: { ...request.Labels, [HASH]: hash } }
  if (await exists(client, `/containers/${container}/json`)) {
    const old = await inspect(call, container)
    const { Id } = await client.get<{ Id: string }>(`/images/${imageOf(project, name)}/json`)
    const same = old.Config.Labels[HASH] === hash && old.Image === Id
    if ((same && !flags.bool('force-recreate')) || flags.bool('no-recreate')) return
    await progress.working(label, 'Recreate')
    if (old.State.Running) await client.post(`/containers/${old.Id}/stop`)
    await client.delete(`/containers/${old.Id}`, { force: 1 })
    await client.post('/containers/create', { name: container }, labelled)
    await progress.done(label, 'Recreated')
    return
  }
  await progress.working(label, 'Creating')
  await client.post('/containers/create', { name: container }, labelled)
  await progress.done(label, 'Created')
}

/** Starts a service's container once what it depends on has come as far as it must. */
export async function startService(call: ComposeCall, name: string, progress: ComposeProgress): Promise<void> {
  if (!call.flags.bool('no-deps')) await waitForNeeds(call, name, progress)
  const container = containerName(call.project, name)
  const label = `Container ${container}`
  const { State } = await inspect(call, container)
  if (State.Running) return progress.done(label, 'Running')
  await progress.working(label, 'Starting')
  await call.client.post(`/containers/${container}/start`)
  await progress.done(label, 'Started')
}

/** depends_on with conditions. */
async function waitForNeeds(call: ComposeCall, name: string, progress: ComposeProgress): Promise<void> {
  const needs = call.project.services[name]!.depends_on
  if (!needs || Array.isArray(needs)) return
  for (const [other, { condition }] of Object.entries(needs)) {
    if (condition === 'service_healthy') await waitHealthy(call, other, progress)
    if (condition === 'service_completed_successfully') await waitCompleted(call, other, progress)
  }
}

export async function waitHealthy(call: ComposeCall, name: string, progress: ComposeProgress): Promise<void> {
  const container = containerName(call.project, name)
  const label = `Container ${container}`
  await progress.working(label, 'Waiting')
  for (;;) {
    const { State } = await inspect(call, container)
    const health = State.Health?.Status
    if (!State.Health) {
      if (State.Running) return progress.done(label, 'Healthy')
      throw new CommandError(`container ${container} exited (${State.ExitCode})`)
    }
    if (health === 'healthy') return progress.done(label, 'Healthy')
    if (health === 'unhealthy' || !State.Running) {
      await progress.failed(label, 'Error')
      const why = State.Running ? 'is unhealthy' : `exited (${State.ExitCode})`
      throw new CommandError(`dependency failed to start: container ${container} ${why}`)
    }
    await call.process.sleep(POLL)
  }
}

async function waitCompleted(call: ComposeCall, name: string, progress: ComposeProgress): Promise<void> {
  const container = containerName(call.project, name)
  const label = `Container ${container}`
  await progress.working(label, 'Waiting')
  for (;;) {
    const { State } = await inspect(call, container)
    if (State.Status === 'exited') {
      if (State.ExitCode === 0) return progress.done(label, 'Exited')
      await progress.failed(
        label,
        `service ${JSON.stringify(name)} didn't complete successfully: exit ${State.ExitCode}`,
      )
      throw new CommandError(`service ${JSON.stringify(name)} didn't complete successfully: exit ${State.ExitCode}`)
    }
    await call.process.sleep(POLL)
  }
}
