import { writeAnnotations, writeLabels } from './maps.ts'
import type { DescribeWriter } from './writer.ts'

const SHORT: Record<string, string> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
}

export function accessModes(modes: readonly string[] | undefined): string {
  return Object.keys(SHORT)
    .filter((mode) => modes?.includes(mode))
    .map((mode) => SHORT[mode])
    .join(',')
}

/** A claim template inside a Pod. */
export function writeClaimSpec(w: DescribeWriter, template: any, level: number): void {
  const { spec = {}, metadata = {} } = template ?? {}
  const pad = '  '.repeat(level)
  w.line(level, `StorageClass:\t${spec.storageClassName ?? ''}`)
  w.line(level, 'Volume:\t')
  writeLabels(w, `${pad}Labels`, metadata.labels)
  writeAnnotations(w, `${pad}Annotations`, metadata.annotations)
  w.line(level, 'Capacity:\t')
  w.line(level, 'Access Modes:\t')
  w.line(level, `VolumeMode:\t${spec.volumeMode ?? 'Filesystem'}`)
}

/** volumeClaimTemplates of a StatefulSet. */
export function writeClaimTemplates(w: DescribeWriter, templates: readonly any[] | undefined) {
  if (!templates || templates.length === 0) return w.line(0, 'Volume Claims:\t<none>')
  w.line(0, 'Volume Claims:')
  for (const { metadata, spec } of templates) {
    w.line(1, `Name:\t${metadata.name}`)
    w.line(
      1,
      `StorageClass:\t${spec.storageClassName ?? metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? ''}`,
    )
    writeLabels(w, '  Labels', metadata.labels)
    writeAnnotations(w, '  Annotations', metadata.annotations)
    w.line(1, `Capacity:\t${spec.resources?.requests?.storage ?? '<default>'}`)
    w.line(1, `Access Modes:\t[${(spec.accessModes ?? []).join(' ')}]`)
  }
}
