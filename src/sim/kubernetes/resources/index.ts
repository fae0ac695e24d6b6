import { configMap } from './config-map/index.ts'
import { cronJob } from './cron-job/index.ts'
import { daemonSet } from './daemon-set/index.ts'
import type { KindDefinition } from './definition.ts'
import { deployment } from './deployment/index.ts'
import { job } from './job/index.ts'
import { namespace } from './namespace/index.ts'
import { node } from './node/index.ts'
import { persistentVolume } from './persistent-volume/index.ts'
import { persistentVolumeClaim } from './persistent-volume-claim/index.ts'
import { pod } from './pod/index.ts'
import { replicaSet } from './replica-set/index.ts'
import { replicationController } from './replication-controller/index.ts'
import { secret } from './secret/index.ts'
import { service } from './service/index.ts'
import { statefulSet } from './stateful-set/index.ts'
import { storageClass } from './storage-class/index.ts'

/** What is particular to each kind. */
export const KIND_DEFINITIONS: readonly KindDefinition[] = [
  configMap,
  cronJob,
  daemonSet,
  deployment,
  job,
  namespace,
  node,
  persistentVolume,
  persistentVolumeClaim,
  pod,
  replicaSet,
  replicationController,
  secret,
  service,
  statefulSet,
  storageClass,
]
