import { formatSelector } from '../../../sim/kubernetes/api/label-selector.ts'
import type { Info } from '../builder/info.ts'
import { CliError } from '../errors/errors.ts'
import type { Session } from '../session.ts'

/** The label selector (text) of the Pods behind a workload or Service; undefined for kinds without one. */
export function podSelectorOf(object: any): string | undefined {
  const selector = object.spec?.selector
  switch (object.kind) {
    case 'ReplicationController':
    case 'Service':
      return selector && Object.keys(selector).length > 0 ? formatSelector({ matchLabels: selector }) : undefined
    case 'Deployment':
    case 'ReplicaSet':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'Job':
      return formatSelector(selector ?? {})
    default:
      return undefined
  }
}

export async function listPods(
  session: Session,
  namespace: string | undefined,
  selector: string,
  fieldSelector = '',
): Promise<any[]> {
  const path = namespace ? `/api/v1/namespaces/${namespace}/pods` : '/api/v1/pods'
  const query = [
    ['fieldSelector', fieldSelector],
    ['labelSelector', selector],
  ] as const
  return (await session.client.json({ path, query })).items ?? []
}

/** Running before starting, ready before not, staying before leaving, older before younger: whom `exec` and `logs` choose. */
export function byActivity(a: any, b: any): number {
  const unassigned = (pod: any) => (pod.spec?.nodeName ? 0 : 1)
  const phase = (pod: any) => ({ Running: 0, Unknown: 1, Pending: 2 })[pod.status?.phase as string] ?? 3
  const unready = (pod: any) => (isReady(pod) ? 0 : 1)
  const leaving = (pod: any) => (pod.metadata?.deletionTimestamp ? 1 : 0)
  const created = (pod: any) => pod.metadata?.creationTimestamp ?? ''
  return (
    unassigned(a) - unassigned(b) ||
    phase(a) - phase(b) ||
    unready(a) - unready(b) ||
    leaving(a) - leaving(b) ||
    (created(a) < created(b) ? -1 : created(a) > created(b) ? 1 : 0)
  )
}

export const isReady = (pod: any): boolean =>
  (pod.status?.conditions ?? []).some((c: any) => c.type === 'Ready' && c.status === 'True')

/** The Pod that stands for an object: itself, or one that its selector finds. Waits for one up to `timeout` ms. */
export async function attachablePod(session: Session, info: Info, timeout: number): Promise<any> {
  const { object } = info
  if (object.kind === 'Pod') return object
  const selector = podSelectorOf(object)
  if (selector === undefined) {
    if (object.kind === 'Service')
      throw new CliError(`invalid service '${info.name}': Service is defined without a selector`)
    throw new CliError(`cannot attach to *v1.${object.kind}: selector for *v1.${object.kind} not implemented`)
  }
  const deadline = session.process.uptime() + timeout
  for (;;) {
    const pods = (await listPods(session, info.namespace, selector)).sort(byActivity)
    if (pods[0]) return { apiVersion: 'v1', kind: 'Pod', ...pods[0] }
    if (session.process.uptime() >= deadline) throw new CliError('timed out waiting for the condition')
    await session.process.sleep(500)
  }
}

const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container'

/** Names of all containers, as messages list them. */
export function containerNames(pod: any): string {
  const names = (field: string, suffix = '') => (pod.spec?.[field] ?? []).map((c: any) => `${c.name}${suffix}`)
  return [
    ...names('containers'),
    ...names('ephemeralContainers', ' (ephem)'),
    ...names('initContainers', ' (init)'),
  ].join(', ')
}

export function hasContainer(pod: any, name: string): boolean {
  return ['containers', 'initContainers', 'ephemeralContainers'].some((field) =>
    (pod.spec?.[field] ?? []).some((c: any) => c.name === name),
  )
}

/** The container meant when none is named, and what to say about it. */
export function defaultContainer(pod: any): { name: string; hint: string } {
  const annotated = pod.metadata?.annotations?.[DEFAULT_CONTAINER]
  if (annotated && hasContainer(pod, annotated)) return { name: annotated, hint: '' }
  const name = pod.spec.containers[0].name
  const several =
    pod.spec.containers.length + (pod.spec.initContainers?.length ?? 0) + (pod.spec.ephemeralContainers?.length ?? 0) >
    1
  return { name, hint: several ? `Defaulted container "${name}" out of: ${containerNames(pod)}\n` : '' }
}

/** The named container, or the default one with its hint on standard error. */
export async function chooseContainer(session: Session, pod: any, wanted: string, quiet = false): Promise<string> {
  if (wanted) {
    if (hasContainer(pod, wanted)) return wanted
    throw new CliError(`container ${wanted} is not valid for pod ${pod.metadata.name} out of: ${containerNames(pod)}`)
  }
  const { name, hint } = defaultContainer(pod)
  if (hint && !quiet) await session.printError(hint)
  return name
}
