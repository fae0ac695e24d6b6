import { formatSelector } from '../../../sim/kubernetes/api/label-selector.ts'
import { writeContainers } from './containers.ts'
import { writeAnnotations, writeLabels, writeTolerations } from './maps.ts'
import { writeVolumes } from './volumes.ts'
import type { DescribeWriter } from './writer.ts'

/** The `Pod Template:` section of workloads and of rollout history. */
export function writePodTemplate(w: DescribeWriter, template: any) {
  w.line(0, 'Pod Template:')
  if (!template) return w.line(1, '<unset>')
  const { metadata = {}, spec = {} } = template
  writeLabels(w, '  Labels', metadata.labels)
  if (Object.keys(metadata.annotations ?? {}).length > 0) writeAnnotations(w, '  Annotations', metadata.annotations)
  if (spec.serviceAccountName) w.line(1, `Service Account:\t${spec.serviceAccountName}`)
  if (spec.initContainers?.length > 0) writeContainers(w, 'Init Containers', spec.initContainers, { space: '  ' })
  writeContainers(w, 'Containers', spec.containers ?? [], { space: '  ' })
  writeVolumes(w, spec.volumes, '  ')
  writeSpreadConstraints(w, spec.topologySpreadConstraints, '  ')
  if (spec.priorityClassName) w.line(1, `Priority Class Name:\t${spec.priorityClassName}`)
  writeLabels(w, '  Node-Selectors', spec.nodeSelector)
  writeTolerations(w, '  Tolerations', spec.tolerations)
}

export function writeSpreadConstraints(w: DescribeWriter, constraints: readonly any[] | undefined, space = ''): void {
  const sorted = [...(constraints ?? [])].sort((a, b) => (a.topologyKey < b.topologyKey ? -1 : 1))
  sorted.forEach((c, i) => {
    const selector = c.labelSelector ? ` for selector ${formatSelector(c.labelSelector) || '<none>'}` : ''
    const head = i === 0 ? `${space}Topology Spread Constraints:\t` : `${space}\t`
    w.line(0, `${head}${c.topologyKey}:${c.whenUnsatisfiable} when max skew ${c.maxSkew} is exceeded${selector}`)
  })
}
