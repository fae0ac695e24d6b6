import type { ControllerDefinition } from '../api/component.ts'
import { cronJobController } from './cron-job/cron-job.ts'
import { daemonSetController } from './daemon-set/daemon-set.ts'
import { deploymentController } from './deployment/deployment.ts'
import { endpointSliceController } from './endpoint-slice.ts'
import { endpointsController } from './endpoints.ts'
import { garbageCollector } from './garbage-collector.ts'
import { jobController } from './job/job.ts'
import { namespaceController } from './namespace.ts'
import { nodeIpamController } from './node-ipam.ts'
import { nodeLifecycleController } from './node-lifecycle.ts'
import { podGarbageCollector } from './pod-gc.ts'
import { replicaSetController } from './replica-set.ts'
import { replicationController } from './replication-controller.ts'
import { rootCaPublisher } from './root-ca-publisher.ts'
import { serviceAccountController } from './service-account.ts'
import { statefulSetController } from './stateful-set/stateful-set.ts'
import { taintEvictionController } from './taint-eviction.ts'
import { ttlController } from './ttl.ts'
import { ttlAfterFinishedController } from './ttl-after-finished.ts'

/** What kube-controller-manager runs, in the order it starts them. */
export const CONTROLLERS: readonly ControllerDefinition[] = [
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
  namespaceController,
  garbageCollector,
  ttlController,
  nodeIpamController,
  podGarbageCollector,
  taintEvictionController,
  nodeLifecycleController,
]
