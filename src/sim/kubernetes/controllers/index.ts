import type { ControllerDefinition } from '../api/component.ts'
import { eventExpiry } from '../events/expiry.ts'
import { bootstrapSigner, tokenCleaner } from './bootstrap-token.ts'
import { clusterRoleAggregationController } from './cluster-role-aggregation.ts'
import { cronJobController } from './cron-job/cron-job.ts'
import { daemonSetController } from './daemon-set/daemon-set.ts'
import { deploymentController } from './deployment/deployment.ts'
import { disruptionController } from './disruption.ts'
import { endpointSliceController } from './endpoint-slice.ts'
import { endpointSliceMirroringController } from './endpoint-slice-mirroring.ts'
import { endpointsController } from './endpoints.ts'
import { flowSchemaController } from './flow-schema.ts'
import { garbageCollector } from './garbage-collector.ts'
import { horizontalPodAutoscalerController } from './hpa/horizontal-pod-autoscaler.ts'
import { jobController } from './job/job.ts'
import { leaderElection } from './leader-election.ts'
import { namespaceController } from './namespace.ts'
import { nodeIpamController } from './node-ipam.ts'
import { nodeLifecycleController } from './node-lifecycle.ts'
import { podGarbageCollector } from './pod-gc.ts'
import { replicaSetController } from './replica-set.ts'
import { replicationController } from './replication-controller.ts'
import { resourceQuotaController } from './resource-quota/resource-quota.ts'
import { rootCaPublisher } from './root-ca-publisher.ts'
import { serviceAccountController } from './service-account.ts'
import { serviceAccountTokenController } from './service-account-token.ts'
import { serviceCidrController } from './service-cidr.ts'
import { statefulSetController } from './stateful-set/stateful-set.ts'
import { taintEvictionController } from './taint-eviction.ts'
import { ttlController } from './ttl.ts'
import { ttlAfterFinishedController } from './ttl-after-finished.ts'
import { persistentVolumeBinder } from './volumes/binder.ts'
import { ephemeralVolumeController } from './volumes/ephemeral.ts'
import { volumeExpandController } from './volumes/expand.ts'
import { claimProtectionController, volumeProtectionController } from './volumes/protection.ts'

/** What kube-controller-manager runs, in the order it starts them. */
export const CONTROLLERS: readonly ControllerDefinition[] = [
  leaderElection,
  eventExpiry,
  serviceAccountController,
  rootCaPublisher,
  endpointsController,
  endpointSliceController,
  replicationController,
  replicaSetController,
  deploymentController,
  ttlAfterFinishedController,
  cronJobController,
  jobController,
  statefulSetController,
  daemonSetController,
  persistentVolumeBinder,
  claimProtectionController,
  volumeProtectionController,
  ephemeralVolumeController,
  volumeExpandController,
  disruptionController,
  resourceQuotaController,
  clusterRoleAggregationController,
  endpointSliceMirroringController,
  horizontalPodAutoscalerController,
  serviceAccountTokenController,
  serviceCidrController,
  flowSchemaController,
  namespaceController,
  garbageCollector,
  ttlController,
  nodeIpamController,
  podGarbageCollector,
  taintEvictionController,
  nodeLifecycleController,
  bootstrapSigner,
  tokenCleaner,
]
