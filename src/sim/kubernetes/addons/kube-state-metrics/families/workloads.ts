import { conditions, created, families, type KindFamilies, labelsOf, named, owner, seconds } from '../family.ts'

const metadata_generation = (o: { metadata: { generation?: number } }) => o.metadata.generation ?? 0
/** As a rolling update counts it: a number, or a share of the replicas. */
const share = (value: number | string | undefined, of: number, up: boolean) => {
  if (typeof value !== 'string') return value
  const exact = (Number.parseInt(value, 10) / 100) * of
  return up ? Math.ceil(exact) : Math.floor(exact)
}

export const workloads: readonly KindFamilies[] = [
  {
    path: '/apis/apps/v1/deployments',
    families: families('kube_deployment', named('deployment'), {
      created,
      labels: labelsOf,
      metadata_generation,
      spec_paused: (o) => Number(o.spec.paused === true),
      spec_replicas: (o) => o.spec.replicas ?? 1,
      spec_strategy_rollingupdate_max_surge: (o) =>
        share(o.spec.strategy?.rollingUpdate?.maxSurge, o.spec.replicas, true),
      spec_strategy_rollingupdate_max_unavailable: (o) =>
        share(o.spec.strategy?.rollingUpdate?.maxUnavailable, o.spec.replicas, false),
      status_replicas: (o) => o.status?.replicas ?? 0,
      status_replicas_ready: (o) => o.status?.readyReplicas ?? 0,
      status_replicas_available: (o) => o.status?.availableReplicas ?? 0,
      status_replicas_unavailable: (o) => o.status?.unavailableReplicas ?? 0,
      status_replicas_updated: (o) => o.status?.updatedReplicas ?? 0,
      status_observed_generation: (o) => o.status?.observedGeneration ?? 0,
      status_condition: conditions,
    }),
  },
  {
    path: '/apis/apps/v1/replicasets',
    families: families('kube_replicaset', named('replicaset'), {
      created,
      labels: labelsOf,
      metadata_generation,
      owner: (o) => [[owner(o), 1]],
      spec_replicas: (o) => o.spec.replicas ?? 1,
      status_replicas: (o) => o.status?.replicas ?? 0,
      status_ready_replicas: (o) => o.status?.readyReplicas ?? 0,
      status_fully_labeled_replicas: (o) => o.status?.fullyLabeledReplicas ?? 0,
      status_observed_generation: (o) => o.status?.observedGeneration ?? 0,
    }),
  },
  {
    path: '/apis/apps/v1/statefulsets',
    families: families('kube_statefulset', named('statefulset'), {
      created,
      labels: labelsOf,
      metadata_generation,
      replicas: (o) => o.spec.replicas ?? 1,
      status_replicas: (o) => o.status?.replicas ?? 0,
      status_replicas_available: (o) => o.status?.availableReplicas ?? 0,
      status_replicas_current: (o) => o.status?.currentReplicas ?? 0,
      status_replicas_ready: (o) => o.status?.readyReplicas ?? 0,
      status_replicas_updated: (o) => o.status?.updatedReplicas ?? 0,
      status_observed_generation: (o) => o.status?.observedGeneration ?? 0,
      status_current_revision: (o) => (o.status?.currentRevision ? [[{ revision: o.status.currentRevision }, 1]] : []),
      status_update_revision: (o) => (o.status?.updateRevision ? [[{ revision: o.status.updateRevision }, 1]] : []),
    }),
  },
  {
    path: '/apis/apps/v1/daemonsets',
    families: families('kube_daemonset', named('daemonset'), {
      created,
      labels: labelsOf,
      metadata_generation,
      status_current_number_scheduled: (o) => o.status?.currentNumberScheduled ?? 0,
      status_desired_number_scheduled: (o) => o.status?.desiredNumberScheduled ?? 0,
      status_number_available: (o) => o.status?.numberAvailable ?? 0,
      status_number_misscheduled: (o) => o.status?.numberMisscheduled ?? 0,
      status_number_ready: (o) => o.status?.numberReady ?? 0,
      status_number_unavailable: (o) => o.status?.numberUnavailable ?? 0,
      status_updated_number_scheduled: (o) => o.status?.updatedNumberScheduled ?? 0,
      status_observed_generation: (o) => o.status?.observedGeneration ?? 0,
    }),
  },
  {
    path: '/apis/batch/v1/jobs',
    families: families('kube_job', named('job_name'), {
      created,
      labels: labelsOf,
      owner: (o) => [[owner(o), 1]],
      complete: (o) => conditionSamples(o, 'Complete'),
      failed: (o) => conditionSamples(o, 'Failed'),
      spec_completions: (o) => o.spec.completions,
      spec_parallelism: (o) => o.spec.parallelism,
      status_active: (o) => o.status?.active ?? 0,
      status_succeeded: (o) => o.status?.succeeded ?? 0,
      status_failed: (o) => o.status?.failed ?? 0,
      status_start_time: (o) => seconds(o.status?.startTime),
      status_completion_time: (o) => seconds(o.status?.completionTime),
    }),
  },
  {
    path: '/apis/batch/v1/cronjobs',
    families: families('kube_cronjob', named('cronjob'), {
      created,
      labels: labelsOf,
      info: (o) => [[{ schedule: o.spec.schedule, concurrency_policy: o.spec.concurrencyPolicy ?? 'Allow' }, 1]],
      spec_suspend: (o) => Number(o.spec.suspend === true),
      status_active: (o) => o.status?.active?.length ?? 0,
      status_last_schedule_time: (o) => seconds(o.status?.lastScheduleTime),
    }),
  },
  {
    path: '/apis/autoscaling/v2/horizontalpodautoscalers',
    families: families('kube_horizontalpodautoscaler', named('horizontalpodautoscaler'), {
      labels: labelsOf,
      info: (o) => [
        [{ scaletargetref_kind: o.spec.scaleTargetRef.kind, scaletargetref_name: o.spec.scaleTargetRef.name }, 1],
      ],
      metadata_generation,
      spec_max_replicas: (o) => o.spec.maxReplicas,
      spec_min_replicas: (o) => o.spec.minReplicas ?? 1,
      status_current_replicas: (o) => o.status?.currentReplicas ?? 0,
      status_desired_replicas: (o) => o.status?.desiredReplicas ?? 0,
      status_condition: conditions,
    }),
  },
  {
    path: '/apis/policy/v1/poddisruptionbudgets',
    families: families('kube_poddisruptionbudget', named('poddisruptionbudget'), {
      created,
      status_current_healthy: (o) => o.status?.currentHealthy ?? 0,
      status_desired_healthy: (o) => o.status?.desiredHealthy ?? 0,
      status_expected_pods: (o) => o.status?.expectedPods ?? 0,
      status_pod_disruptions_allowed: (o) => o.status?.disruptionsAllowed ?? 0,
    }),
  },
]

function conditionSamples(o: { status?: any }, type: string) {
  const found = o.status?.conditions?.find((c: any) => c.type === type)
  if (!found) return []
  return ['true', 'false', 'unknown'].map(
    (value) => [{ condition: value }, found.status.toLowerCase() === value ? 1 : 0] as const,
  )
}
