/**
 * A Pod's specification in the server's internal shape: the names and the order of its Go structs, everything present.
 * Servers print it in the errors about immutable fields.
 */
type Shape = readonly (
  | string
  | readonly [name: string, shape: Shape | 'list' | readonly ['list', Shape], from?: string]
)[]

const list = (shape: Shape) => ['list', shape] as const

const KEY_TO_PATH: Shape = ['Key', 'Path', 'Mode']
const FIELD_REF: Shape = ['APIVersion', 'FieldPath']
const RESOURCE_REF: Shape = ['ContainerName', 'Resource', 'Divisor']
const DOWNWARD_ITEMS: Shape = ['Path', ['FieldRef', FIELD_REF], ['ResourceFieldRef', RESOURCE_REF], 'Mode']
const HANDLER: Shape = [
  ['Exec', ['Command']],
  ['HTTPGet', ['Path', 'Port', 'Host', 'Scheme', ['HTTPHeaders', list(['Name', 'Value'])]]],
  ['TCPSocket', ['Port', 'Host']],
]
const PROBE: Shape = [
  ...HANDLER,
  ['GRPC', ['Port', 'Service']],
  'InitialDelaySeconds',
  'TimeoutSeconds',
  'PeriodSeconds',
  'SuccessThreshold',
  'FailureThreshold',
  'TerminationGracePeriodSeconds',
]
const SELECTOR: Shape = ['matchLabels', ['matchExpressions', list(['key', 'operator', 'values'])]]
const RESOURCES: Shape = ['Limits', 'Requests', 'Claims']
const SECURITY: Shape = [
  ['Capabilities', ['Add', 'Drop']],
  'Privileged',
  'SELinuxOptions',
  'WindowsOptions',
  'RunAsUser',
  'RunAsGroup',
  'RunAsNonRoot',
  'ReadOnlyRootFilesystem',
  'AllowPrivilegeEscalation',
  'ProcMount',
  ['SeccompProfile', ['Type', 'LocalhostProfile']],
  'AppArmorProfile',
]
const CONTAINER: Shape = [
  'Name',
  'Image',
  'Command',
  'Args',
  'WorkingDir',
  ['Ports', list(['Name', 'HostPort', 'ContainerPort', 'Protocol', 'HostIP'])],
  ['EnvFrom', list(['Prefix', ['ConfigMapRef', ['Name', 'Optional']], ['SecretRef', ['Name', 'Optional']]])],
  [
    'Env',
    list([
      'Name',
      'Value',
      [
        'ValueFrom',
        [
          ['FieldRef', FIELD_REF],
          ['ResourceFieldRef', RESOURCE_REF],
          ['ConfigMapKeyRef', ['Name', 'Key', 'Optional']],
          ['SecretKeyRef', ['Name', 'Key', 'Optional']],
          'FileKeyRef',
        ],
      ],
    ]),
  ],
  ['Resources', RESOURCES],
  'ResizePolicy',
  'RestartPolicy',
  'RestartPolicyRules',
  [
    'VolumeMounts',
    list(['Name', 'ReadOnly', 'RecursiveReadOnly', 'MountPath', 'SubPath', 'MountPropagation', 'SubPathExpr']),
  ],
  'VolumeDevices',
  ['LivenessProbe', PROBE],
  ['ReadinessProbe', PROBE],
  ['StartupProbe', PROBE],
  [
    'Lifecycle',
    [
      ['PostStart', [...HANDLER, ['Sleep', ['Seconds']]]],
      ['PreStop', [...HANDLER, ['Sleep', ['Seconds']]]],
      'StopSignal',
    ],
  ],
  'TerminationMessagePath',
  'TerminationMessagePolicy',
  'ImagePullPolicy',
  ['SecurityContext', SECURITY],
  'Stdin',
  'StdinOnce',
  'TTY',
]
const CONFIG_MAP_VOLUME: Shape = ['Name', ['Items', list(KEY_TO_PATH)], 'DefaultMode', 'Optional']
const VOLUME: Shape = [
  'Name',
  ['HostPath', ['Path', 'Type']],
  ['EmptyDir', ['Medium', 'SizeLimit']],
  'GCEPersistentDisk',
  'AWSElasticBlockStore',
  'GitRepo',
  ['Secret', ['SecretName', ['Items', list(KEY_TO_PATH)], 'DefaultMode', 'Optional']],
  ['NFS', ['Server', 'Path', 'ReadOnly']],
  'ISCSI',
  'Glusterfs',
  ['PersistentVolumeClaim', ['ClaimName', 'ReadOnly']],
  'RBD',
  'Quobyte',
  'FlexVolume',
  'Cinder',
  'CephFS',
  'Flocker',
  ['DownwardAPI', [['Items', list(DOWNWARD_ITEMS)], 'DefaultMode']],
  'FC',
  'AzureFile',
  ['ConfigMap', CONFIG_MAP_VOLUME],
  'VsphereVolume',
  'AzureDisk',
  'PhotonPersistentDisk',
  [
    'Projected',
    [
      [
        'Sources',
        list([
          ['Secret', ['Name', ['Items', list(KEY_TO_PATH)], 'Optional']],
          ['DownwardAPI', [['Items', list(DOWNWARD_ITEMS)]]],
          ['ConfigMap', ['Name', ['Items', list(KEY_TO_PATH)], 'Optional']],
          ['ServiceAccountToken', ['Audience', 'ExpirationSeconds', 'Path']],
          'ClusterTrustBundle',
          'PodCertificate',
        ]),
      ],
      'DefaultMode',
    ],
  ],
  'PortworxVolume',
  'ScaleIO',
  'StorageOS',
  'CSI',
  'Ephemeral',
  ['Image', ['Reference', 'PullPolicy']],
]
const TERM: Shape = [
  ['MatchExpressions', list(['Key', 'Operator', 'Values'])],
  ['MatchFields', list(['Key', 'Operator', 'Values'])],
]
const POD_TERM: Shape = [
  ['LabelSelector', SELECTOR],
  'Namespaces',
  'TopologyKey',
  ['NamespaceSelector', SELECTOR],
  'MatchLabelKeys',
  'MismatchLabelKeys',
]
const POD_AFFINITY: Shape = [
  ['RequiredDuringSchedulingIgnoredDuringExecution', list(POD_TERM)],
  ['PreferredDuringSchedulingIgnoredDuringExecution', list(['Weight', ['PodAffinityTerm', POD_TERM]])],
]
const AFFINITY: Shape = [
  [
    'NodeAffinity',
    [
      ['RequiredDuringSchedulingIgnoredDuringExecution', [['NodeSelectorTerms', list(TERM)]]],
      ['PreferredDuringSchedulingIgnoredDuringExecution', list(['Weight', ['Preference', TERM]])],
    ],
  ],
  ['PodAffinity', POD_AFFINITY],
  ['PodAntiAffinity', POD_AFFINITY],
]
const POD_SECURITY: Shape = [
  'HostNetwork',
  'HostPID',
  'HostIPC',
  'ShareProcessNamespace',
  'HostUsers',
  'SELinuxOptions',
  'WindowsOptions',
  'RunAsUser',
  'RunAsGroup',
  'RunAsNonRoot',
  'SupplementalGroups',
  'SupplementalGroupsPolicy',
  'FSGroup',
  'FSGroupChangePolicy',
  ['Sysctls', list(['Name', 'Value'])],
  ['SeccompProfile', ['Type', 'LocalhostProfile']],
  'AppArmorProfile',
  'SELinuxChangePolicy',
]
const POD_SPEC: Shape = [
  ['Volumes', list(VOLUME)],
  ['InitContainers', list(CONTAINER)],
  ['Containers', list(CONTAINER)],
  ['EphemeralContainers', list([...CONTAINER, 'TargetContainerName'])],
  'RestartPolicy',
  'TerminationGracePeriodSeconds',
  'ActiveDeadlineSeconds',
  'DNSPolicy',
  'NodeSelector',
  'ServiceAccountName',
  'AutomountServiceAccountToken',
  'NodeName',
  ['SecurityContext', POD_SECURITY],
  ['ImagePullSecrets', list(['Name'])],
  'Hostname',
  'Subdomain',
  'SetHostnameAsFQDN',
  ['Affinity', AFFINITY],
  'SchedulerName',
  ['Tolerations', list(['Key', 'Operator', 'Value', 'Effect', 'TolerationSeconds'])],
  ['HostAliases', list(['IP', 'Hostnames'])],
  'PriorityClassName',
  'Priority',
  'PreemptionPolicy',
  ['DNSConfig', ['Nameservers', 'Searches', ['Options', list(['Name', 'Value'])]]],
  ['ReadinessGates', list(['ConditionType'])],
  'RuntimeClassName',
  'Overhead',
  'EnableServiceLinks',
  [
    'TopologySpreadConstraints',
    list([
      'MaxSkew',
      'TopologyKey',
      'WhenUnsatisfiable',
      ['LabelSelector', SELECTOR],
      'MinDomains',
      'NodeAffinityPolicy',
      'NodeTaintsPolicy',
      'MatchLabelKeys',
    ]),
  ],
  'OS',
  ['SchedulingGates', list(['Name'])],
  'ResourceClaims',
  ['Resources', RESOURCES],
  'HostnameOverride',
  'SchedulingGroup',
]

/** Values held directly, so that absence prints as their zero. */
const ZERO: Record<string, unknown> = {
  Name: '',
  Image: '',
  WorkingDir: '',
  HostPort: 0,
  ContainerPort: 0,
  HostIP: '',
  Prefix: '',
  Value: '',
  ReadOnly: false,
  MountPath: '',
  SubPath: '',
  SubPathExpr: '',
  TerminationMessagePath: '',
  TerminationMessagePolicy: '',
  ImagePullPolicy: '',
  Stdin: false,
  StdinOnce: false,
  TTY: false,
  Host: '',
  InitialDelaySeconds: 0,
  TimeoutSeconds: 0,
  PeriodSeconds: 0,
  SuccessThreshold: 0,
  FailureThreshold: 0,
  Medium: '',
  Path: '',
  Audience: '',
  ServiceAccountName: '',
  NodeName: '',
  Hostname: '',
  Subdomain: '',
  SchedulerName: '',
  Key: '',
  Operator: '',
  Effect: '',
  PriorityClassName: '',
  HostNetwork: false,
  HostPID: false,
  HostIPC: false,
  RestartPolicy: '',
  DNSPolicy: '',
  ContainerName: '',
  Resource: '',
  Divisor: '0',
  TargetContainerName: '',
  MaxSkew: 0,
  TopologyKey: '',
  WhenUnsatisfiable: '',
  Weight: 0,
  Server: '',
  Protocol: '',
}

/** Names that are not the field's name with a capital first letter. */
const JSON_NAMES: Record<string, string> = {
  APIVersion: 'apiVersion',
  HTTPGet: 'httpGet',
  TCPSocket: 'tcpSocket',
  GRPC: 'grpc',
  HTTPHeaders: 'httpHeaders',
  GCEPersistentDisk: 'gcePersistentDisk',
  AWSElasticBlockStore: 'awsElasticBlockStore',
  NFS: 'nfs',
  ISCSI: 'iscsi',
  RBD: 'rbd',
  CephFS: 'cephfs',
  DownwardAPI: 'downwardAPI',
  FC: 'fc',
  StorageOS: 'storageos',
  CSI: 'csi',
  DNSPolicy: 'dnsPolicy',
  DNSConfig: 'dnsConfig',
  SetHostnameAsFQDN: 'setHostnameAsFQDN',
  OS: 'os',
  SELinuxOptions: 'seLinuxOptions',
  FSGroup: 'fsGroup',
  FSGroupChangePolicy: 'fsGroupChangePolicy',
  SELinuxChangePolicy: 'seLinuxChangePolicy',
  TTY: 'tty',
  IP: 'ip',
  HostIP: 'hostIP',
  HostPID: 'hostPID',
  HostIPC: 'hostIPC',
}

const jsonName = (name: string) => JSON_NAMES[name] ?? name[0]!.toLowerCase() + name.slice(1)

function convert(value: any, shape: Shape, isContainer = false): any {
  const out: Record<string, unknown> = {}
  for (const part of shape) {
    const name = typeof part === 'string' ? part : part[0]
    const given = value?.[jsonName(name)]
    if (typeof part === 'string') {
      const zero = isContainer && name === 'RestartPolicy' ? null : (ZERO[name] ?? null)
      out[name] =
        given === undefined || (typeof given === 'object' && Object.keys(given).length === 0)
          ? shape === SELECTOR
            ? undefined
            : zero
          : given
      if (out[name] === undefined) delete out[name]
      continue
    }
    const inner = part[1]
    if (inner === 'list') continue
    if (inner[0] === 'list') {
      const item = inner[1] as Shape
      out[name] = given?.length > 0 ? given.map((v: any) => convert(v, item, item === CONTAINER)) : null
      if (shape === SELECTOR && out[name] === null) delete out[name]
    } else if (name === 'Resources' && shape === CONTAINER) out[name] = convert(given ?? {}, inner as Shape)
    else out[name] = given === undefined ? null : convert(given, inner as Shape)
  }
  return out
}

export function internalPodSpec(spec: any): object {
  const { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers, securityContext, ...rest } = spec
  const context = { ...securityContext, hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers }
  return convert({ ...rest, securityContext: context }, POD_SPEC)
}

/** A template as it appears in errors: metadata's fields, then the Spec. */
export function internalTemplate(template: any): object {
  return { ...template?.metadata, Spec: internalPodSpec(template?.spec ?? {}) }
}

/** A hostPath or other source of a PersistentVolume. */
export function internalVolumeSource(spec: any): object {
  return convert(spec, [
    'GCEPersistentDisk',
    'AWSElasticBlockStore',
    ['HostPath', ['Path', 'Type']],
    'Glusterfs',
    ['NFS', ['Server', 'Path', 'ReadOnly']],
    'RBD',
    'Quobyte',
    'ISCSI',
    'FlexVolume',
    'Cinder',
    'CephFS',
    'FC',
    'Flocker',
    'AzureFile',
    'VsphereVolume',
    'AzureDisk',
    'PhotonPersistentDisk',
    'PortworxVolume',
    'ScaleIO',
    'Local',
    'StorageOS',
    'CSI',
  ])
}
