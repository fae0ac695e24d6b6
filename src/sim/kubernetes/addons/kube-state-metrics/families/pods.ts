import type { KubeObject } from '../../../api/object.ts'
import {
  created,
  type Family,
  families,
  type KindFamilies,
  type LabelPairs,
  labelsOf,
  oneOf,
  owner,
  resources,
  seconds,
} from '../family.ts'

type Plain = Record<string, any>

const identify = ({ metadata }: KubeObject): LabelPairs => ({
  namespace: metadata.namespace!,
  pod: metadata.name,
  uid: metadata.uid,
})
const PHASES = ['Pending', 'Succeeded', 'Failed', 'Unknown', 'Running']
const REASONS = ['NodeLost', 'Evicted', 'UnexpectedAdmissionError', 'NodeAffinity', 'Shutdown']
const condition = (type: string) => (pod: KubeObject) => {
  const found = pod.status?.conditions?.find((c: Plain) => c.type === type)
  return found ? oneOf('condition', ['true', 'false', 'unknown'], found.status.toLowerCase()) : []
}

const pod = families('kube_pod', identify, {
  info: (o) => [
    [
      {
        host_ip: o.status?.hostIP ?? '',
        pod_ip: o.status?.podIP ?? '',
        node: o.spec.nodeName ?? '',
        created_by_kind: owner(o).owner_kind!,
        created_by_name: owner(o).owner_name!,
        priority_class: o.spec.priorityClassName ?? '',
        host_network: String(o.spec.hostNetwork === true),
      },
      1,
    ],
  ],
  owner: (o) => [[owner(o), 1]],
  labels: labelsOf,
  created,
  start_time: (o) => seconds(o.status?.startTime),
  completion_time: (o) => {
    const ends = (o.status?.containerStatuses ?? []).map((s: Plain) => seconds(s.state?.terminated?.finishedAt))
    return ends.length > 0 && ends.every((e: number | undefined) => e !== undefined) ? Math.max(...ends) : undefined
  },
  restart_policy: (o) => [[{ type: o.spec.restartPolicy ?? 'Always' }, 1]],
  status_phase: (o) => oneOf('phase', PHASES, o.status?.phase),
  status_ready: condition('Ready'),
  status_scheduled: condition('PodScheduled'),
  status_scheduled_time: (o) =>
    seconds(
      o.status?.conditions?.find((c: Plain) => c.type === 'PodScheduled' && c.status === 'True')?.lastTransitionTime,
    ),
  status_unschedulable: (o) =>
    o.status?.conditions?.some((c: Plain) => c.type === 'PodScheduled' && c.reason === 'Unschedulable') ? 1 : undefined,
  status_reason: (o) => oneOf('reason', REASONS, o.status?.reason),
  deletion_timestamp: (o) => seconds(o.metadata.deletionTimestamp),
  spec_volumes_persistentvolumeclaims_info: (o) =>
    ((o.spec.volumes ?? []) as Plain[]).flatMap((v) =>
      v.persistentVolumeClaim
        ? [[{ volume: v.name, persistentvolumeclaim: v.persistentVolumeClaim.claimName }, 1] as const]
        : [],
    ),
})

type StatusValue = (status: Plain) => number | (readonly [LabelPairs, number])[] | undefined
const ofStatuses = (field: 'containerStatuses' | 'initContainerStatuses', value: StatusValue) => (o: KubeObject) =>
  ((o.status?.[field] ?? []) as Plain[]).flatMap((status) => {
    const found = value(status)
    if (found === undefined) return []
    const own = { container: status.name }
    return typeof found === 'number'
      ? [[own, found] as const]
      : found.map(([labels, n]) => [{ ...own, ...labels }, n] as const)
  })
const reasonOf = (state: Plain | undefined): (readonly [LabelPairs, number])[] | undefined =>
  state?.reason ? [[{ reason: state.reason }, 1]] : undefined

const statuses = (field: 'containerStatuses' | 'initContainerStatuses') => ({
  info: ofStatuses(field, (s) => [
    [{ image: s.image, image_id: s.imageID ?? '', container_id: s.containerID ?? '' }, 1],
  ]),
  status_ready: ofStatuses(field, (s) => Number(s.ready)),
  status_running: ofStatuses(field, (s) => Number(s.state?.running !== undefined)),
  status_waiting: ofStatuses(field, (s) => Number(s.state?.waiting !== undefined)),
  status_waiting_reason: ofStatuses(field, (s) => reasonOf(s.state?.waiting)),
  status_terminated: ofStatuses(field, (s) => Number(s.state?.terminated !== undefined)),
  status_terminated_reason: ofStatuses(field, (s) => reasonOf(s.state?.terminated)),
  status_last_terminated_reason: ofStatuses(field, (s) => reasonOf(s.lastState?.terminated)),
  'status_restarts_total counter': ofStatuses(field, (s) => s.restartCount ?? 0),
})
const needs = (which: 'requests' | 'limits') => (o: KubeObject) =>
  ((o.spec.containers ?? []) as Plain[]).flatMap((c) =>
    [...resources(c.resources?.[which])].map(
      ([labels, n]) => [{ container: c.name, node: o.spec.nodeName ?? '', ...labels }, n] as const,
    ),
  )

const container: Family[] = [
  ...families('kube_pod_container', identify, {
    ...statuses('containerStatuses'),
    state_started: ofStatuses('containerStatuses', (s) => seconds(s.state?.running?.startedAt)),
    resource_requests: needs('requests'),
    resource_limits: needs('limits'),
  }),
  ...families('kube_pod_init_container', identify, statuses('initContainerStatuses')),
]

export const pods: KindFamilies = { path: '/api/v1/pods', families: [...pod, ...container] }
