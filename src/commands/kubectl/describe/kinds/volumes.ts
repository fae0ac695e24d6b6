import { parseRfc3339 } from '../../../../sim/time/date.ts'
import { humanDuration } from '../../printers/age.ts'
import { accessModes } from '../claim.ts'
import type { Describer } from '../describer.ts'
import { describeEvents } from '../events.ts'
import { writeAnnotations, writeLabels } from '../maps.ts'
import { rfc1123 } from '../time.ts'
import { writeSource } from '../volumes.ts'
import type { DescribeWriter } from '../writer.ts'

const bracketed = (items: readonly string[] | undefined) => `[${(items ?? []).join(' ')}]`

function phase(object: any, now: number): string {
  const { deletionTimestamp } = object.metadata
  if (!deletionTimestamp) return object.status?.phase ?? ''
  return `Terminating (lasts ${humanDuration(now - parseRfc3339(deletionTimestamp))})`
}

export const describePersistentVolume: Describer = async (w, context) => {
  const { object: pv, now } = context
  const { metadata, spec, status = {} } = pv
  w.line(0, `Name:\t${metadata.name}`)
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  w.line(0, `Finalizers:\t${bracketed(metadata.finalizers)}`)
  w.line(0, `StorageClass:\t${spec.storageClassName ?? ''}`)
  w.line(0, `Status:\t${phase(pv, now)}`)
  w.line(0, `Claim:\t${spec.claimRef ? `${spec.claimRef.namespace}/${spec.claimRef.name}` : ''}`)
  w.line(0, `Reclaim Policy:\t${spec.persistentVolumeReclaimPolicy ?? ''}`)
  w.line(0, `Access Modes:\t${accessModes(spec.accessModes)}`)
  if (spec.volumeMode) w.line(0, `VolumeMode:\t${spec.volumeMode}`)
  w.line(0, `Capacity:\t${spec.capacity?.storage ?? ''}`)
  writeAffinity(w, spec.nodeAffinity)
  w.line(0, `Message:\t${status.message ?? ''}`)
  w.line(0, 'Source:')
  writeSource(w, spec, 2)
  await describeEvents(w, context)
}

function writeAffinity(w: DescribeWriter, affinity: any) {
  if (!affinity?.required) return w.line(0, 'Node Affinity:\t<none>')
  w.line(0, 'Node Affinity:')
  const terms: any[] = affinity.required.nodeSelectorTerms ?? []
  if (terms.length === 0) return w.line(1, 'Required Terms:\t<none>')
  w.line(1, 'Required Terms:')
  terms.forEach((term, i) => {
    const lines = (term.matchExpressions ?? []).map((e: any) =>
      e.values?.length > 0
        ? `${e.key} ${e.operator.toLowerCase()} [${e.values.join(', ')}]`
        : `${e.key} ${e.operator.toLowerCase()}`,
    )
    w.line(2, `Term ${i}:\t${lines[0] ?? '<none>'}`)
    for (const line of lines.slice(1)) w.line(2, `\t${line}`)
  })
}

export const describePersistentVolumeClaim: Describer = async (w, context) => {
  const { object: pvc, now } = context
  const { metadata, spec, status = {} } = pvc
  w.line(0, `Name:\t${metadata.name}`)
  w.line(0, `Namespace:\t${metadata.namespace}`)
  w.line(
    0,
    `StorageClass:\t${metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec.storageClassName ?? ''}`,
  )
  w.line(0, `Status:\t${phase(pvc, now)}`)
  w.line(0, `Volume:\t${spec.volumeName ?? ''}`)
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  w.line(0, `Finalizers:\t${bracketed(metadata.finalizers)}`)
  const bound = spec.volumeName ? status : {}
  w.line(0, `Capacity:\t${bound.capacity?.storage ?? ''}`)
  w.line(0, `Access Modes:\t${accessModes(bound.accessModes)}`)
  if (spec.volumeMode) w.line(0, `VolumeMode:\t${spec.volumeMode}`)
  if (spec.dataSource) {
    w.line(0, 'DataSource:')
    if (spec.dataSource.apiGroup) w.line(1, `APIGroup:\t${spec.dataSource.apiGroup}`)
    w.line(1, `Kind:\t${spec.dataSource.kind}`)
    w.line(1, `Name:\t${spec.dataSource.name}`)
  }
  const { items = [] } = await context.get(`/api/v1/namespaces/${metadata.namespace}/pods`)
  const users: string[] = items
    .filter((pod: any) =>
      (pod.spec.volumes ?? []).some((v: any) => v.persistentVolumeClaim?.claimName === metadata.name),
    )
    .map((pod: any) => pod.metadata.name)
  if (users.length === 0) w.line(0, 'Used By:\t<none>')
  users.forEach((name, i) => {
    w.line(0, `${i === 0 ? 'Used By:' : ''}\t${name}`)
  })
  if (status.conditions?.length > 0) {
    w.line(0, 'Conditions:\n  Type\tStatus\tLastProbeTime\tLastTransitionTime\tReason\tMessage')
    w.line(1, '----\t------\t-----------------\t------------------\t------\t-------')
    for (const c of status.conditions) {
      w.line(
        1,
        `${c.type} \t${c.status} \t${rfc1123(c.lastProbeTime)} \t${rfc1123(c.lastTransitionTime)} \t${c.reason ?? ''} \t${c.message ?? ''}`,
      )
    }
  }
  await describeEvents(w, context)
}

const pairs = (values: Record<string, string> | undefined) => {
  const keys = Object.keys(values ?? {}).sort()
  return keys.length === 0 ? '<none>' : keys.map((key) => `${key}=${values![key]}`).join(',')
}

export const describeStorageClass: Describer = async (w, context) => {
  const { object: sc } = context
  const annotations: Record<string, string> = sc.metadata.annotations ?? {}
  const isDefault = annotations['storageclass.kubernetes.io/is-default-class'] === 'true'
  w.line(0, `Name:\t${sc.metadata.name}`)
  w.line(0, `IsDefaultClass:\t${isDefault ? 'Yes' : 'No'}`)
  w.line(0, `Annotations:\t${pairs(annotations)}`)
  w.line(0, `Provisioner:\t${sc.provisioner}`)
  w.line(0, `Parameters:\t${pairs(sc.parameters)}`)
  w.line(
    0,
    `AllowVolumeExpansion:\t${sc.allowVolumeExpansion === undefined ? '<unset>' : sc.allowVolumeExpansion ? 'True' : 'False'}`,
  )
  if (sc.mountOptions?.length > 0) {
    w.line(0, 'MountOptions:')
    for (const option of sc.mountOptions) w.line(1, option)
  } else w.line(0, 'MountOptions:\t<none>')
  if (sc.reclaimPolicy) w.line(0, `ReclaimPolicy:\t${sc.reclaimPolicy}`)
  if (sc.volumeBindingMode) w.line(0, `VolumeBindingMode:\t${sc.volumeBindingMode}`)
  for (const term of sc.allowedTopologies ?? []) {
    w.line(0, 'AllowedTopologies:')
    for (const e of term.matchLabelExpressions ?? []) w.line(1, `${e.key} in [${e.values.join(', ')}]`)
  }
  await describeEvents(w, context)
}

export const describeVolumeAttributesClass: Describer = async (w, context) => {
  const { metadata, driverName, parameters } = context.object
  w.line(0, `Name:\t${metadata.name}`)
  w.line(0, `Annotations:\t${pairs(metadata.annotations)}`)
  w.line(0, `DriverName:\t${driverName}`)
  w.line(0, `Parameters:\t${pairs(parameters)}`)
  await describeEvents(w, context)
}

export const describeCsiNode: Describer = async (w, context) => {
  const { metadata, spec } = context.object
  w.line(0, `Name:\t${metadata.name}`)
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  w.line(0, `CreationTimestamp:\t${rfc1123(metadata.creationTimestamp)}`)
  w.line(0, 'Spec:')
  if (spec.drivers) w.line(1, 'Drivers:')
  for (const { name, nodeID, allocatable, topologyKeys } of spec.drivers ?? []) {
    w.line(2, `${name}:`)
    w.line(3, `Node ID:\t${nodeID}`)
    if (allocatable?.count !== undefined) {
      w.line(3, 'Allocatables:')
      w.line(4, `Count:\t${allocatable.count}`)
    }
    if (topologyKeys) w.line(3, `Topology Keys:\t${bracketed(topologyKeys)}`)
  }
  await describeEvents(w, context)
}
