import { apiService } from './api-service/index.ts'
import { clusterRole } from './cluster-role/index.ts'
import { clusterRoleBinding } from './cluster-role-binding/index.ts'
import { componentStatus } from './component-status/index.ts'
import { configMap } from './config-map/index.ts'
import { controllerRevision } from './controller-revision/index.ts'
import { cronJob } from './cron-job/index.ts'
import { csiDriver } from './csi-driver/index.ts'
import { csiNode } from './csi-node/index.ts'
import { certificateSigningRequest } from './csr/index.ts'
import { customResourceDefinition } from './custom-resource-definition/index.ts'
import { daemonSet } from './daemon-set/index.ts'
import type { KindDefinition } from './definition.ts'
import { deployment } from './deployment/index.ts'
import { deviceClass } from './device-class/index.ts'
import { endpointSlice } from './endpoint-slice/index.ts'
import { endpoints } from './endpoints/index.ts'
import { event } from './event/index.ts'
import { flowSchema } from './flow-schema/index.ts'
import { horizontalPodAutoscaler } from './horizontal-pod-autoscaler/index.ts'
import { ingress } from './ingress/index.ts'
import { ingressClass } from './ingress-class/index.ts'
import { ipAddress } from './ip-address/index.ts'
import { job } from './job/index.ts'
import { lease } from './lease/index.ts'
import { limitRange } from './limit-range/index.ts'
import { mutatingAdmissionPolicy } from './mutating-admission-policy/index.ts'
import { mutatingAdmissionPolicyBinding } from './mutating-admission-policy-binding/index.ts'
import { mutatingWebhookConfiguration } from './mutating-webhook-configuration/index.ts'
import { namespace } from './namespace/index.ts'
import { networkPolicy } from './network-policy/index.ts'
import { node } from './node/index.ts'
import { persistentVolume } from './persistent-volume/index.ts'
import { persistentVolumeClaim } from './persistent-volume-claim/index.ts'
import { pod } from './pod/index.ts'
import { podDisruptionBudget } from './pod-disruption-budget/index.ts'
import { podTemplate } from './pod-template/index.ts'
import { priorityClass } from './priority-class/index.ts'
import { priorityLevelConfiguration } from './priority-level/index.ts'
import { replicaSet } from './replica-set/index.ts'
import { replicationController } from './replication-controller/index.ts'
import { resourceClaim } from './resource-claim/index.ts'
import { resourceClaimTemplate } from './resource-claim-template/index.ts'
import { resourceQuota } from './resource-quota/index.ts'
import { resourceSlice } from './resource-slice/index.ts'
import { role } from './role/index.ts'
import { roleBinding } from './role-binding/index.ts'
import { runtimeClass } from './runtime-class/index.ts'
import { secret } from './secret/index.ts'
import { service } from './service/index.ts'
import { serviceAccount } from './service-account/index.ts'
import { serviceCidr } from './service-cidr/index.ts'
import { statefulSet } from './stateful-set/index.ts'
import { storageClass } from './storage-class/index.ts'
import { validatingAdmissionPolicy } from './validating-admission-policy/index.ts'
import { validatingAdmissionPolicyBinding } from './validating-admission-policy-binding/index.ts'
import { validatingWebhookConfiguration } from './validating-webhook-configuration/index.ts'
import { volumeAttachment } from './volume-attachment/index.ts'
import { volumeAttributesClass } from './volume-attributes-class/index.ts'

/** What is particular to each kind. */
export const KIND_DEFINITIONS: readonly KindDefinition[] = [
  apiService,
  certificateSigningRequest,
  clusterRole,
  clusterRoleBinding,
  componentStatus,
  configMap,
  controllerRevision,
  cronJob,
  csiDriver,
  csiNode,
  customResourceDefinition,
  daemonSet,
  deployment,
  deviceClass,
  endpointSlice,
  endpoints,
  event,
  flowSchema,
  horizontalPodAutoscaler,
  ingress,
  ingressClass,
  ipAddress,
  job,
  lease,
  limitRange,
  mutatingAdmissionPolicy,
  mutatingAdmissionPolicyBinding,
  mutatingWebhookConfiguration,
  namespace,
  networkPolicy,
  node,
  persistentVolume,
  persistentVolumeClaim,
  pod,
  podDisruptionBudget,
  podTemplate,
  priorityClass,
  priorityLevelConfiguration,
  replicaSet,
  replicationController,
  resourceClaim,
  resourceClaimTemplate,
  resourceQuota,
  resourceSlice,
  role,
  roleBinding,
  runtimeClass,
  secret,
  service,
  serviceAccount,
  serviceCidr,
  statefulSet,
  storageClass,
  validatingAdmissionPolicy,
  validatingAdmissionPolicyBinding,
  validatingWebhookConfiguration,
  volumeAttachment,
  volumeAttributesClass,
]
