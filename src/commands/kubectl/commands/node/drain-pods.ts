import { isNotFound } from '../../errors/errors.ts'
import type { Session } from '../../session.ts'

export interface PodVerdict {
  pod: any
  remove: boolean
  /** Why it may not be removed. */
  error?: string
  warning?: string
}

const MIRROR = 'kubernetes.io/config.mirror'

/** What drain thinks of each Pod of a node. */
export async function judgePods(session: Session, pods: readonly any[]): Promise<PodVerdict[]> {
  const verdicts: PodVerdict[] = []
  for (const pod of pods) verdicts.push(await judge(session, pod))
  return verdicts
}

async function judge(session: Session, pod: any): Promise<PodVerdict> {
  const { flags } = session
  if (pod.metadata.annotations?.[MIRROR]) return { pod, remove: false }
  const finished = ['Succeeded', 'Failed'].includes(pod.status?.phase)
  const verdict: PodVerdict = { pod, remove: true }
  const owner = (pod.metadata.ownerReferences ?? []).find((o: any) => o.controller)
  if (owner?.kind === 'DaemonSet' && !finished) return daemon(session, pod, owner)
  if ((pod.spec.volumes ?? []).some((v: any) => v.emptyDir) && !finished) {
    if (!flags.bool('delete-emptydir-data')) {
      verdict.error = 'cannot delete Pods with local storage (use --delete-emptydir-data to override)'
    } else verdict.warning = 'deleting Pods with local storage'
  }
  if (!owner && !finished) {
    if (flags.bool('force')) verdict.warning = 'deleting Pods that declare no controller'
    else verdict.error = 'cannot delete Pods that declare no controller (use --force to override)'
  }
  // Pods with local storage are not worth a word once that has been accepted.
  if (verdict.warning === 'deleting Pods with local storage') verdict.warning = undefined
  return verdict
}

async function daemon(session: Session, pod: any, owner: any): Promise<PodVerdict> {
  try {
    await session.client.json({ path: `/apis/apps/v1/namespaces/${pod.metadata.namespace}/daemonsets/${owner.name}` })
  } catch (error) {
    if (isNotFound(error) && session.flags.bool('force')) {
      return { pod, remove: true, warning: `daemonsets.apps "${owner.name}" not found` }
    }
    return { pod, remove: false, error: (error as Error).message }
  }
  if (!session.flags.bool('ignore-daemonsets')) {
    return { pod, remove: false, error: 'cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore)' }
  }
  return { pod, remove: false, warning: 'ignoring DaemonSet-managed Pods' }
}

/** `message: ns/a, ns/b` for each message, in the order of first appearance by kind of trouble. */
export function grouped(verdicts: readonly PodVerdict[], field: 'error' | 'warning'): string[] {
  const groups = new Map<string, string[]>()
  for (const verdict of verdicts) {
    const text = verdict[field]
    if (!text) continue
    groups.set(text, [...(groups.get(text) ?? []), `${verdict.pod.metadata.namespace}/${verdict.pod.metadata.name}`])
  }
  const rank = (text: string) => ORDER.findIndex((start) => text.startsWith(start))
  return [...groups].sort(([a], [b]) => rank(a) - rank(b)).map(([text, names]) => `${text}: ${names.join(', ')}`)
}

const ORDER = [
  'cannot delete Pods that declare no controller',
  'cannot delete Pods with local storage',
  'cannot delete DaemonSet-managed',
  'ignoring DaemonSet-managed',
  'deleting Pods that declare no controller',
]
