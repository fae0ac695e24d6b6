import { changes } from '../../linux/fs/snapshot.ts'
import { ApiError } from '../docker/api-error.ts'
import { type CreateRequest, createContainer } from '../docker/containers.ts'
import type { DockerContainer } from '../docker/docker-container.ts'
import type { HostConfig } from '../docker/host-config.ts'
import { inspectContainer, sizes } from '../docker/inspect.ts'
import { validateResources, validateRestartPolicy } from '../docker/validate.ts'
import { pruneFilter } from './prune-filter.ts'
import { type Call, empty, json, type Route } from './router.ts'

const route = (method: Route['method'], path: string, handle: Route['handle']): Route => ({ method, path, handle })
const wanted = (call: Call): DockerContainer => call.daemon.get(call.params.id!)
const grace = (call: Call) => (call.query('t') === undefined ? undefined : Number(call.query('t')) * 1000)

export const containers: readonly Route[] = [
  route('POST', '/containers/create', (call) => {
    const container = createContainer(call.daemon, call.query('name') || undefined, call.request.body as CreateRequest)
    return json({ Id: container.id, Warnings: [] }, 201)
  }),
  route('GET', '/containers/:id/json', (call) =>
    json(inspectContainer(call.daemon, wanted(call), { size: call.flag('size') })),
  ),
  route('POST', '/containers/:id/start', async (call) => empty((await call.daemon.start(wanted(call))) ? 204 : 304)),
  route('POST', '/containers/:id/stop', async (call) =>
    empty((await call.daemon.stop(wanted(call), grace(call))) ? 204 : 304),
  ),
  route('POST', '/containers/:id/restart', async (call) => {
    await call.daemon.restart(wanted(call), grace(call))
    return empty()
  }),
  route('POST', '/containers/:id/kill', (call) => {
    const container = call.daemon.find(call.params.id!)
    const cannot = `Cannot kill container: ${call.params.id}: `
    if (!container) throw new ApiError(404, `${cannot}No such container: ${call.params.id}`)
    try {
      call.daemon.kill(container, call.query('signal') ?? 'SIGKILL')
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) throw new ApiError(409, cannot + error.message)
      throw error
    }
    return empty()
  }),
  route('POST', '/containers/:id/pause', (call) => {
    call.daemon.pause(wanted(call))
    return empty()
  }),
  route('POST', '/containers/:id/unpause', (call) => {
    call.daemon.unpause(wanted(call))
    return empty()
  }),
  route('POST', '/containers/:id/rename', (call) => {
    call.daemon.rename(wanted(call), call.query('name') ?? '')
    return empty()
  }),
  route('POST', '/containers/:id/resize', (call) => {
    wanted(call).runtime.resize({ columns: Number(call.query('w')), rows: Number(call.query('h')) })
    return empty(200)
  }),
  route('POST', '/containers/:id/update', (call) => json(update(call))),
  route('DELETE', '/containers/:id', async (call) => {
    const container = wanted(call)
    const ended = container.running
      ? new Promise<void>((resolve) => container.runtime.onExit(() => resolve()))
      : undefined
    call.daemon.remove(container, { force: call.flag('force'), volumes: call.flag('v') })
    await ended
    return empty()
  }),
  route('GET', '/containers/:id/changes', (call) => {
    const { root } = wanted(call).runtime
    const kinds = { C: 0, A: 1, D: 2 }
    const found = changes(root.upper, root.lowers).map(({ path, kind }) => ({ Path: path, Kind: kinds[kind] }))
    return json(found.length > 0 ? found : null)
  }),
  route('POST', '/containers/:id/wait', async (call) => {
    const container = wanted(call)
    const condition = call.query('condition') ?? 'not-running'
    if (condition !== 'next-exit' && condition !== 'removed' && !container.running && !container.restarting)
      return json({ StatusCode: container.runtime.exitCode ?? 0 })
    const code = await new Promise<number>((resolve) => {
      const off = container.runtime.onExit((exitCode) => {
        off()
        resolve(exitCode)
      })
      container.onStartFailure.add(() => {
        if (condition !== 'not-running') resolve(container.runtime.exitCode ?? 0)
      })
      // A container that could not be started and was to be removed never exits.
      if (container.removing && !container.running) resolve(container.runtime.exitCode ?? 0)
    })
    return json({ StatusCode: code })
  }),
  route('POST', '/containers/prune', (call) => {
    const wanted = pruneFilter(call)
    const gone = call.daemon
      .list()
      .filter((container) => !container.running && !container.restarting)
      .filter(({ runtime, config }) => wanted({ created: runtime.createdAt, labels: config.Labels }))
    const space = gone.reduce((sum, container) => sum + sizes(call.daemon, container).SizeRw, 0)
    for (const container of gone) call.daemon.remove(container)
    return json({
      ContainersDeleted: gone.length > 0 ? gone.map((container) => container.id) : null,
      SpaceReclaimed: space,
    })
  }),
]

function update(call: Call) {
  const container = wanted(call)
  const { hostConfig, runtime } = container
  const given = call.request.body as Partial<HostConfig>
  const next: HostConfig = { ...hostConfig }
  const fields = [
    'CpuShares',
    'Memory',
    'NanoCpus',
    'CpuPeriod',
    'CpuQuota',
    'CpusetCpus',
    'CpusetMems',
    'MemoryReservation',
    'MemorySwap',
    'PidsLimit',
  ] as const
  for (const field of fields) if (given[field]) Object.assign(next, { [field]: given[field] })
  if (given.RestartPolicy?.Name) {
    validateRestartPolicy(given.RestartPolicy)
    next.RestartPolicy = given.RestartPolicy
  }
  validateResources({ ...next, MemorySwap: given.MemorySwap ? next.MemorySwap : 0 }, call.daemon.kernel.cores)
  const cannot = `Cannot update container ${container.id}: `
  if (given.Memory && !given.MemorySwap && given.Memory > (hostConfig.MemorySwap || 0) && hostConfig.MemorySwap !== -1)
    throw new ApiError(
      500,
      `${cannot}Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time`,
    )
  if (hostConfig.NanoCpus > 0 && (given.CpuQuota || given.CpuPeriod))
    throw new ApiError(
      409,
      `${cannot}Conflicting options: CPU Quota cannot be updated as NanoCPUs has already been set`,
    )
  Object.assign(hostConfig, next)
  const period = next.CpuPeriod || (next.NanoCpus > 0 ? 100_000 : undefined)
  const quota = next.CpuQuota || (next.NanoCpus > 0 ? Math.round(next.NanoCpus / 10_000) : undefined)
  runtime.resources = {
    ...runtime.resources,
    ...(next.CpuShares ? { cpuShares: next.CpuShares } : {}),
    ...(quota ? { cpuQuota: quota } : {}),
    ...(period ? { cpuPeriod: period } : {}),
    ...(next.Memory ? { memory: next.Memory, memorySwap: next.MemorySwap } : {}),
    ...(next.PidsLimit ? { pids: next.PidsLimit } : {}),
  }
  runtime.applyResources()
  call.daemon.emit(container, 'update')
  return { Warnings: null }
}
