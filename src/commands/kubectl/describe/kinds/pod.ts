import { parseRfc3339 } from '../../../../sim/time/date.ts'
import { humanDuration } from '../../printers/age.ts'
import { writeContainers, writeResources } from '../containers.ts'
import type { Describer } from '../describer.ts'
import { describeEvents } from '../events.ts'
import { controllerOf, writeAnnotations, writeLabels, writeTolerations } from '../maps.ts'
import { writeSpreadConstraints } from '../pod-template.ts'
import { rfc1123 } from '../time.ts'
import { writeVolumes } from '../volumes.ts'
import type { DescribeWriter } from '../writer.ts'

export const describePod: Describer = async (w, context) => {
  const { object: pod, now } = context
  const { metadata, spec, status = {} } = pod
  w.line(0, `Name:\t${metadata.name}`)
  w.line(0, `Namespace:\t${metadata.namespace}`)
  if (spec.priority !== undefined) w.line(0, `Priority:\t${spec.priority}`)
  if (spec.priorityClassName) w.line(0, `Priority Class Name:\t${spec.priorityClassName}`)
  if (spec.runtimeClassName) w.line(0, `Runtime Class Name:\t${spec.runtimeClassName}`)
  if (spec.serviceAccountName) w.line(0, `Service Account:\t${spec.serviceAccountName}`)
  w.line(0, `Node:\t${spec.nodeName ? `${spec.nodeName}/${status.hostIP ?? ''}` : '<none>'}`)
  if (status.startTime) w.line(0, `Start Time:\t${rfc1123(status.startTime)}`)
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  writePhase(w, pod, now)
  writeAddresses(w, status)
  const controller = controllerOf(pod)
  if (controller) w.line(0, `Controlled By:\t${controller}`)
  if (status.nominatedNodeName) w.line(0, `NominatedNodeName:\t${status.nominatedNodeName}`)
  if (spec.resources && Object.keys(spec.resources).length > 0) {
    w.line(0, 'Resources:')
    writeResources(w, spec.resources, 1)
  }
  if (spec.initContainers?.length > 0) {
    writeContainers(w, 'Init Containers', spec.initContainers, { statuses: status.initContainerStatuses, pod })
  }
  writeContainers(w, 'Containers', spec.containers ?? [], { statuses: status.containerStatuses, pod })
  if (spec.ephemeralContainers?.length > 0) {
    writeContainers(w, 'Ephemeral Containers', spec.ephemeralContainers, {
      statuses: status.ephemeralContainerStatuses,
      pod,
    })
  }
  writeConditions(w, pod)
  writeVolumes(w, spec.volumes)
  w.line(0, `QoS Class:\t${status.qosClass ?? ''}`)
  writeLabels(w, 'Node-Selectors', spec.nodeSelector)
  writeTolerations(w, 'Tolerations', spec.tolerations)
  writeSpreadConstraints(w, spec.topologySpreadConstraints)
  await describeEvents(w, context)
}

function writePhase(w: DescribeWriter, { metadata, spec, status = {} }: any, now: number): void {
  if (metadata.deletionTimestamp && status.phase !== 'Failed' && status.phase !== 'Succeeded') {
    w.line(0, `Status:\tTerminating (lasts ${humanDuration(now - parseRfc3339(metadata.deletionTimestamp))})`)
    w.line(0, `Termination Grace Period:\t${metadata.deletionGracePeriodSeconds}s`)
  } else w.line(0, `Status:\t${status.phase ?? ''}`)
  if (status.reason) w.line(0, `Reason:\t${status.reason}`)
  if (status.message) w.line(0, `Message:\t${status.message}`)
  const profile = spec.securityContext?.seccompProfile
  if (profile) {
    w.line(0, `SeccompProfile:\t${profile.type}`)
    if (profile.type === 'Localhost') w.line(0, `LocalhostProfile:\t${profile.localhostProfile}`)
  }
}

function writeAddresses(w: DescribeWriter, status: any) {
  w.line(0, `IP:\t${status.podIP ?? ''}`)
  const ips: any[] = status.podIPs ?? []
  if (ips.length === 0) return w.line(0, 'IPs:\t<none>')
  w.line(0, 'IPs:')
  for (const { ip } of ips) w.line(1, `IP:\t${ip}`)
}

function writeConditions(w: DescribeWriter, { spec, status = {} }: any): void {
  const conditions: any[] = status.conditions ?? []
  if (spec.readinessGates?.length > 0) {
    w.line(0, 'Readiness Gates:\n  Type\tStatus')
    for (const gate of spec.readinessGates) {
      const found = conditions.find((c) => c.type === gate.conditionType)
      w.line(1, `${gate.conditionType} \t${found?.status ?? '<none>'} `)
    }
  }
  if (conditions.length === 0) return
  w.line(0, 'Conditions:\n  Type\tStatus')
  for (const c of conditions) w.line(1, `${c.type} \t${c.status} `)
}
