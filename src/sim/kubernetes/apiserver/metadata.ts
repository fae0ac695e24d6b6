import type { ObjectMeta } from '../api/object.ts'
import { typeInfo } from '../api/schema.ts'

/** Metadata with its fields in the order servers print them, without empty ones. */
export function orderedMetadata(metadata: ObjectMeta): ObjectMeta {
  const source = metadata as unknown as Record<string, unknown>
  const out: Record<string, unknown> = {}
  for (const field of typeInfo('meta.v1.ObjectMeta')!.fields.keys()) {
    const value = source[field]
    if (value === undefined || value === '') continue
    if (field === 'generation' && value === 0) continue
    if (typeof value === 'object' && value !== null && Object.keys(value).length === 0) continue
    out[field] = value
  }
  return out as unknown as ObjectMeta
}

/** Kinds whose metadata.generation counts changes of the specification. */
const WITH_GENERATION = new Set([
  'pods',
  'replicationcontrollers',
  'deployments.apps',
  'replicasets.apps',
  'daemonsets.apps',
  'statefulsets.apps',
  'jobs.batch',
  'cronjobs.batch',
  'ingresses.networking.k8s.io',
  'ingressclasses.networking.k8s.io',
  'networkpolicies.networking.k8s.io',
  'poddisruptionbudgets.policy',
  'priorityclasses.scheduling.k8s.io',
  'endpointslices.discovery.k8s.io',
  'flowschemas.flowcontrol.apiserver.k8s.io',
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
  'customresourcedefinitions.apiextensions.k8s.io',
  'validatingadmissionpolicies.admissionregistration.k8s.io',
  'validatingadmissionpolicybindings.admissionregistration.k8s.io',
  'mutatingadmissionpolicies.admissionregistration.k8s.io',
  'mutatingadmissionpolicybindings.admissionregistration.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'resourceslices.resource.k8s.io',
  'deviceclasses.resource.k8s.io',
])

export const countsGenerations = (resource: string) => WITH_GENERATION.has(resource)
