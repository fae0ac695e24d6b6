import type { Describer } from './describer.ts'
import { describeAutoscaler } from './kinds/autoscaler.ts'
import { describeConfigMap, describeSecret } from './kinds/config-map.ts'
import { describeDaemonSet } from './kinds/daemon-set.ts'
import { describeDeployment } from './kinds/deployment.ts'
import { describeDisruptionBudget } from './kinds/disruption-budget.ts'
import { describeEndpointSlice, describeEndpoints } from './kinds/endpoints.ts'
import { describeGeneric } from './kinds/generic.ts'
import { describeIngress, describeIngressClass } from './kinds/ingress.ts'
import { describeCronJob, describeJob } from './kinds/job.ts'
import { describeLimitRange } from './kinds/limit-range.ts'
import { describeNamespace } from './kinds/namespace.ts'
import { describeIpAddress, describeServiceCidr } from './kinds/network-addresses.ts'
import { describeNetworkPolicy } from './kinds/network-policy.ts'
import { describeNode } from './kinds/node.ts'
import { describePod } from './kinds/pod.ts'
import { describePriorityClass } from './kinds/priority-class.ts'
import { describeRole, describeRoleBinding, describeServiceAccount } from './kinds/rbac.ts'
import { describeReplicaSet, describeReplicationController } from './kinds/replica-set.ts'
import { describeResourceQuota } from './kinds/resource-quota.ts'
import { describeService } from './kinds/service.ts'
import { describeSigningRequest } from './kinds/signing-request.ts'
import { describeStatefulSet } from './kinds/stateful-set.ts'
import {
  describeCsiNode,
  describePersistentVolume,
  describePersistentVolumeClaim,
  describeStorageClass,
  describeVolumeAttributesClass,
} from './kinds/volumes.ts'

const DESCRIBERS: Readonly<Record<string, Describer>> = {
  'ConfigMap.': describeConfigMap,
  'Endpoints.': describeEndpoints,
  'LimitRange.': describeLimitRange,
  'Namespace.': describeNamespace,
  'Node.': describeNode,
  'PersistentVolume.': describePersistentVolume,
  'PersistentVolumeClaim.': describePersistentVolumeClaim,
  'Pod.': describePod,
  'ReplicationController.': describeReplicationController,
  'ResourceQuota.': describeResourceQuota,
  'Secret.': describeSecret,
  'Service.': describeService,
  'ServiceAccount.': describeServiceAccount,
  'DaemonSet.apps': describeDaemonSet,
  'Deployment.apps': describeDeployment,
  'ReplicaSet.apps': describeReplicaSet,
  'StatefulSet.apps': describeStatefulSet,
  'HorizontalPodAutoscaler.autoscaling': describeAutoscaler,
  'CronJob.batch': describeCronJob,
  'Job.batch': describeJob,
  'CertificateSigningRequest.certificates.k8s.io': describeSigningRequest,
  'EndpointSlice.discovery.k8s.io': describeEndpointSlice,
  'IPAddress.networking.k8s.io': describeIpAddress,
  'Ingress.networking.k8s.io': describeIngress,
  'IngressClass.networking.k8s.io': describeIngressClass,
  'NetworkPolicy.networking.k8s.io': describeNetworkPolicy,
  'ServiceCIDR.networking.k8s.io': describeServiceCidr,
  'PodDisruptionBudget.policy': describeDisruptionBudget,
  'ClusterRole.rbac.authorization.k8s.io': describeRole,
  'ClusterRoleBinding.rbac.authorization.k8s.io': describeRoleBinding,
  'Role.rbac.authorization.k8s.io': describeRole,
  'RoleBinding.rbac.authorization.k8s.io': describeRoleBinding,
  'PriorityClass.scheduling.k8s.io': describePriorityClass,
  'CSINode.storage.k8s.io': describeCsiNode,
  'StorageClass.storage.k8s.io': describeStorageClass,
  'VolumeAttributesClass.storage.k8s.io': describeVolumeAttributesClass,
}

/** How describe shows a kind; all others by their fields. */
export const describerOf = (kind: string, group: string): Describer => DESCRIBERS[`${kind}.${group}`] ?? describeGeneric
