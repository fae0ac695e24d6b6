import { writeClaimSpec } from './claim.ts'
import type { DescribeWriter } from './writer.ts'

export function writeVolumes(w: DescribeWriter, volumes: readonly any[] | undefined, space = '') {
  if (!volumes || volumes.length === 0) return w.line(0, `${space}Volumes:\t<none>`)
  w.line(0, `${space}Volumes:`)
  for (const volume of volumes) {
    w.line(1, `${space ? ' ' : ''}${volume.name}:`)
    writeSource(w, volume, 2)
  }
}

type Fields = [label: string, value: unknown][]

const unset = (value: unknown) => value ?? '<unset>'
const list = (items: readonly string[] | undefined) => `[${(items ?? []).join(' ')}]`
/** As Go prints a pointer to a reference; a volume's own has a namespace. */
const reference = (ref: { name?: string; namespace?: string } | undefined) => {
  if (!ref) return 'nil'
  return ref.namespace === undefined
    ? `&LocalObjectReference{Name:${ref.name},}`
    : `&SecretReference{Name:${ref.name},Namespace:${ref.namespace},}`
}
const no = (value: unknown) => value ?? false

/** What each kind of source says of itself: its type, then its fields. */
const SOURCES: Record<string, { type: string; fields(source: any): Fields }> = {
  hostPath: {
    type: 'HostPath (bare host directory volume)',
    fields: (s) => [
      ['Path', s.path],
      ['HostPathType', s.type ?? ''],
    ],
  },
  emptyDir: {
    type: "EmptyDir (a temporary directory that shares a pod's lifetime)",
    fields: (s) => [
      ['Medium', s.medium ?? ''],
      ['SizeLimit', unset(s.sizeLimit)],
    ],
  },
  secret: {
    type: 'Secret (a volume populated by a Secret)',
    fields: (s) => [
      ['SecretName', s.secretName],
      ['Optional', no(s.optional)],
    ],
  },
  configMap: {
    type: 'ConfigMap (a volume populated by a ConfigMap)',
    fields: (s) => [
      ['Name', s.name],
      ['Optional', no(s.optional)],
    ],
  },
  nfs: {
    type: 'NFS (an NFS mount that lasts the lifetime of a pod)',
    fields: (s) => [
      ['Server', s.server],
      ['Path', s.path],
      ['ReadOnly', no(s.readOnly)],
    ],
  },
  persistentVolumeClaim: {
    type: 'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)',
    fields: (s) => [
      ['ClaimName', s.claimName],
      ['ReadOnly', no(s.readOnly)],
    ],
  },
  rbd: {
    type: "RBD (a Rados Block Device mount on the host that shares a pod's lifetime)",
    fields: (s) => [
      ['CephMonitors', list(s.monitors)],
      ['RBDImage', s.image ?? ''],
      ['FSType', s.fsType ?? ''],
      ['RBDPool', s.pool ?? ''],
      ['RadosUser', s.user ?? ''],
      ['Keyring', s.keyring ?? ''],
      ['SecretRef', reference(s.secretRef)],
      ['ReadOnly', no(s.readOnly)],
    ],
  },
  cephfs: {
    type: "CephFS (a CephFS mount on the host that shares a pod's lifetime)",
    fields: (s) => [
      ['Monitors', list(s.monitors)],
      ['Path', s.path ?? ''],
      ['User', s.user ?? ''],
      ['SecretFile', s.secretFile ?? ''],
      ['SecretRef', reference(s.secretRef)],
      ['ReadOnly', no(s.readOnly)],
    ],
  },
  glusterfs: {
    type: "Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)",
    fields: (s) => [
      ['EndpointsName', s.endpoints],
      ['Path', s.path],
      ['ReadOnly', no(s.readOnly)],
    ],
  },
  gitRepo: {
    type: 'GitRepo (a volume that is pulled from git when the pod is created)',
    fields: (s) => [
      ['Repository', s.repository],
      ['Revision', s.revision ?? ''],
    ],
  },
  gcePersistentDisk: {
    type: 'GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)',
    fields: (s) => [
      ['PDName', s.pdName],
      ['FSType', s.fsType ?? ''],
      ['Partition', s.partition ?? 0],
      ['ReadOnly', no(s.readOnly)],
    ],
  },
  awsElasticBlockStore: {
    type: 'AWSElasticBlockStore (a Persistent Disk resource in AWS)',
    fields: (s) => [
      ['VolumeID', s.volumeID],
      ['FSType', s.fsType ?? ''],
      ['Partition', s.partition ?? 0],
      ['ReadOnly', no(s.readOnly)],
    ],
  },
  iscsi: {
    type: "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod)",
    fields: (s) => [
      ['TargetPortal', s.targetPortal],
      ['IQN', s.iqn],
      ['Lun', s.lun ?? 0],
      ['ISCSIInterface', s.iscsiInterface ?? 'default'],
      ['FSType', s.fsType ?? ''],
      ['ReadOnly', no(s.readOnly)],
      ['Portals', list(s.portals)],
      ['DiscoveryCHAPAuth', no(s.chapAuthDiscovery)],
      ['SessionCHAPAuth', no(s.chapAuthSession)],
      ['SecretRef', reference(s.secretRef)],
      ['InitiatorName', s.initiatorName ?? '<none>'],
    ],
  },
  local: {
    type: 'LocalVolume (a persistent volume backed by local storage on a node)',
    fields: (s) => [['Path', s.path]],
  },
  csi: {
    type: 'CSI (a Container Storage Interface (CSI) volume source)',
    fields: (s) => [
      ['Driver', s.driver],
      ['FSType', s.fsType ?? ''],
      ...(s.volumeHandle !== undefined ? ([['VolumeHandle', s.volumeHandle]] as Fields) : []),
      ['ReadOnly', no(s.readOnly)],
    ],
  },
  image: {
    type: 'Image (a container image or OCI artifact)',
    fields: (s) => [
      ['Reference', s.reference],
      ['PullPolicy', s.pullPolicy ?? ''],
    ],
  },
}

export function writeSource(w: DescribeWriter, volume: any, level: number) {
  for (const [name, { type, fields }] of Object.entries(SOURCES)) {
    if (!volume[name]) continue
    w.line(level, `Type:\t${type}`)
    for (const [label, value] of fields(volume[name])) w.line(level, `${label}:\t${value}`)
    return
  }
  if (volume.downwardAPI) return writeDownward(w, volume.downwardAPI, level)
  if (volume.projected) return writeProjected(w, volume.projected, level)
  if (volume.ephemeral) {
    w.line(
      level,
      'Type:\tEphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)',
    )
    writeClaimSpec(w, volume.ephemeral.volumeClaimTemplate, level)
    return
  }
  w.line(level - 1, '<unknown>')
}

function writeDownward(w: DescribeWriter, source: any, level: number): void {
  w.line(level, 'Type:\tDownwardAPI (a volume populated by information about the pod)')
  w.line(level, 'Items:')
  for (const item of source.items ?? []) {
    if (item.fieldRef) w.line(level + 1, `${item.fieldRef.fieldPath} -> ${item.path}`)
    if (item.resourceFieldRef) w.line(level + 1, `${item.resourceFieldRef.resource} -> ${item.path}`)
  }
}

function writeProjected(w: DescribeWriter, projected: any, level: number): void {
  w.line(level, 'Type:\tProjected (a volume that contains injected data from multiple sources)')
  for (const source of projected.sources ?? []) {
    if (source.secret) {
      w.line(level, `SecretName:\t${source.secret.name}`)
      w.line(level, `Optional:\t${no(source.secret.optional)}`)
    } else if (source.downwardAPI) w.line(level, 'DownwardAPI:\ttrue')
    else if (source.configMap) {
      w.line(level, `ConfigMapName:\t${source.configMap.name}`)
      w.line(level, `Optional:\t${no(source.configMap.optional)}`)
    } else if (source.serviceAccountToken) {
      w.line(level, `TokenExpirationSeconds:\t${source.serviceAccountToken.expirationSeconds}`)
    }
  }
}
