import type { Container, ContainerStatus, Pod } from '../pod.ts'
import { isSidecar } from '../pod.ts'

type Phase = 'Pending' | 'Running' | 'Succeeded' | 'Failed'

/** The Pod's phase, from its containers' statuses (the kubelet's getPhase). */
export function podPhase(
  pod: Pod,
  statuses: ReadonlyMap<string, ContainerStatus>,
  options: { terminal: boolean; initialized: boolean },
): Phase {
  const init = initProgress(pod.spec.initContainers ?? [], statuses)
  const main = mainProgress(pod.spec.containers, statuses)
  const policy = pod.spec.restartPolicy ?? 'Always'

  if (init.failed > 0 && policy === 'Never') return 'Failed'
  if (!options.initialized && init.pending > 0 && !options.terminal) return 'Pending'
  if (main.waiting > 0 && !options.terminal) return 'Pending'
  if (main.running > 0 && main.unknown === 0) return options.terminal ? 'Failed' : 'Running'
  if (main.running === 0 && main.stopped > 0 && main.unknown === 0) {
    if (options.terminal) return main.stopped === main.succeeded ? 'Succeeded' : 'Failed'
    if (hasRestarting(pod, statuses)) return 'Running'
    if (policy === 'Always') return 'Running'
    if (main.stopped === main.succeeded) return 'Succeeded'
    return policy === 'Never' ? 'Failed' : 'Running'
  }
  return options.terminal ? 'Failed' : 'Pending'
}

function initProgress(containers: readonly Container[], statuses: ReadonlyMap<string, ContainerStatus>) {
  let pending = 0
  let failed = 0
  for (const container of containers) {
    const status = statuses.get(container.name)
    const { running, terminated, waiting } = status?.state ?? {}
    if (isSidecar(container)) {
      if (running && !status?.started) pending++
      else if (!running && !(terminated ?? status?.lastState?.terminated)) pending++
    } else if (running || !status) pending++
    else if (terminated) {
      if (terminated.exitCode !== 0) failed++
    } else if (waiting && status.lastState?.terminated) {
      if (status.lastState.terminated.exitCode !== 0) failed++
    } else pending++
  }
  return { pending: pending + failed, failed }
}

function mainProgress(containers: readonly Container[], statuses: ReadonlyMap<string, ContainerStatus>) {
  const counts = { unknown: 0, running: 0, waiting: 0, stopped: 0, succeeded: 0 }
  for (const container of containers) {
    const status = statuses.get(container.name)
    if (!status) counts.unknown++
    else if (status.state?.running) counts.running++
    else if (status.state?.terminated) {
      counts.stopped++
      if (status.state.terminated.exitCode === 0) counts.succeeded++
    } else if (status.lastState?.terminated) counts.stopped++
    else counts.waiting++
  }
  return counts
}

/** Containers with a restart policy of their own (or rules) that will run again. */
function hasRestarting(pod: Pod, statuses: ReadonlyMap<string, ContainerStatus>): boolean {
  return pod.spec.containers.some((container) => {
    if (container.restartPolicy === undefined && !container.restartPolicyRules) return false
    const code = statuses.get(container.name)?.state?.terminated?.exitCode
    return code !== undefined && restartsAfter(pod, container, code)
  })
}

/** Whether a container that ended with this code is started again. */
export function restartsAfter(pod: Pod, container: Container, code: number, init = false): boolean {
  for (const rule of container.restartPolicyRules ?? []) {
    const { operator, values = [] } = rule.exitCodes ?? { operator: 'In' }
    const matches = values.includes(code) === (operator === 'In')
    if (matches && rule.action === 'Restart') return true
  }
  const policy = container.restartPolicy ?? pod.spec.restartPolicy ?? 'Always'
  if (init && policy === 'Always' && !isSidecar(container)) return code !== 0
  if (policy === 'Always') return true
  return policy === 'OnFailure' && code !== 0
}
