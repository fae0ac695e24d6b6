import type { KubeObject } from '../../api/object.ts'

type Plain = Record<string, any>

const TERMINATION = { terminationMessagePolicy: 'FallbackToLogsOnError' }
const RELOADER_RESOURCES = { limits: { cpu: '100m', memory: '50Mi' }, requests: { cpu: '100m', memory: '50Mi' } }
const ownerOf = (object: KubeObject): Plain => ({
  apiVersion: object.apiVersion,
  blockOwnerDeletion: true,
  controller: true,
  kind: object.kind,
  name: object.metadata.name,
  uid: object.metadata.uid,
})
const managed = (kind: string, name: string): Record<string, string> => ({
  'app.kubernetes.io/instance': name,
  'app.kubernetes.io/managed-by': 'prometheus-operator',
  'app.kubernetes.io/name': kind,
  [kind]: name,
})

interface Common {
  /** Image of prometheus-config-reloader. */
  reloader: string
}

/** What the StatefulSets of all kinds have in common, around the Pods of one. */
function managedSet(
  owner: KubeObject,
  kind: 'prometheus' | 'alertmanager',
  { labels, version, replicas }: { labels: Record<string, string>; version: string; replicas: number },
  podSpec: Plain,
): Plain {
  const { name, namespace } = owner.metadata
  const spec = owner.spec as Plain
  const set = `${kind}-${name}`
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: {
      name: set,
      namespace,
      labels: { ...labels, ...owner.metadata.labels },
      ownerReferences: [ownerOf(owner)],
    },
    spec: {
      podManagementPolicy: 'Parallel',
      replicas,
      revisionHistoryLimit: 10,
      selector: { matchLabels: labels },
      serviceName: `${kind}-operated`,
      updateStrategy: { type: 'RollingUpdate' },
      template: {
        metadata: {
          annotations: { 'kubectl.kubernetes.io/default-container': kind, ...spec.podMetadata?.annotations },
          labels: { ...spec.podMetadata?.labels, ...labels, 'app.kubernetes.io/version': version },
        },
        spec: podSpec,
      },
      ...claims(spec, `${set}-db`),
    },
  }
}

export function prometheusStatefulSet(prometheus: KubeObject, { reloader }: Common): Plain {
  const { name } = prometheus.metadata
  const spec = prometheus.spec as Plain
  const version: string = (spec.version ?? '2.32.1').replace(/^v/, '')
  const set = `prometheus-${name}`
  const labels = {
    ...managed('prometheus', name),
    'operator.prometheus.io/name': name,
    'operator.prometheus.io/shard': '0',
  }
  const reload = (init: boolean): Plain => ({
    name: init ? 'init-config-reloader' : 'config-reloader',
    image: reloader,
    command: ['/bin/prometheus-config-reloader'],
    args: [
      ...(init ? ['--watch-interval=0'] : []),
      '--listen-address=:8080',
      ...(init ? [] : ['--reload-url=http://localhost:9090/-/reload']),
      '--config-file=/etc/prometheus/config/prometheus.yaml.gz',
      '--config-envsubst-file=/etc/prometheus/config_out/prometheus.env.yaml',
      `--watched-dir=/etc/prometheus/rules/${set}-rulefiles-0`,
    ],
    env: [
      { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
      { name: 'SHARD', value: '0' },
    ],
    ports: [{ name: 'reloader-web', containerPort: 8080, protocol: 'TCP' }],
    resources: RELOADER_RESOURCES,
    ...TERMINATION,
    volumeMounts: [
      { name: 'config', mountPath: '/etc/prometheus/config' },
      { name: 'config-out', mountPath: '/etc/prometheus/config_out' },
      { name: `${set}-rulefiles-0`, mountPath: `/etc/prometheus/rules/${set}-rulefiles-0` },
    ],
  })
  const probe = (path: string, rest: Plain) => ({
    httpGet: { path, port: 'web', scheme: 'HTTP' },
    timeoutSeconds: 3,
    ...rest,
  })
  return managedSet(
    prometheus,
    'prometheus',
    { labels, version, replicas: spec.replicas ?? 1 },
    {
      automountServiceAccountToken: true,
      containers: [
        {
          name: 'prometheus',
          image: spec.image ?? `quay.io/prometheus/prometheus:v${version}`,
          args: [
            '--web.console.templates=/etc/prometheus/consoles',
            '--web.console.libraries=/etc/prometheus/console_libraries',
            '--config.file=/etc/prometheus/config_out/prometheus.env.yaml',
            '--storage.tsdb.path=/prometheus',
            `--storage.tsdb.retention.time=${spec.retention ?? '24h'}`,
            '--web.enable-lifecycle',
            '--web.route-prefix=/',
            ...(spec.externalUrl ? [`--web.external-url=${spec.externalUrl}`] : []),
          ],
          ports: [{ name: 'web', containerPort: 9090, protocol: 'TCP' }],
          livenessProbe: probe('/-/healthy', { failureThreshold: 6, periodSeconds: 5 }),
          readinessProbe: probe('/-/ready', { failureThreshold: 3, periodSeconds: 5 }),
          startupProbe: probe('/-/ready', { failureThreshold: 60, periodSeconds: 15 }),
          resources: spec.resources ?? {},
          ...TERMINATION,
          volumeMounts: [
            { name: 'config-out', mountPath: '/etc/prometheus/config_out', readOnly: true },
            { name: 'tls-assets', mountPath: '/etc/prometheus/certs', readOnly: true },
            { name: `${set}-db`, mountPath: '/prometheus' },
            { name: `${set}-rulefiles-0`, mountPath: `/etc/prometheus/rules/${set}-rulefiles-0` },
          ],
        },
        reload(false),
      ],
      initContainers: [reload(true)],
      ...(spec.nodeSelector ? { nodeSelector: spec.nodeSelector } : {}),
      ...(spec.affinity ? { affinity: spec.affinity } : {}),
      ...(spec.tolerations ? { tolerations: spec.tolerations } : {}),
      ...(spec.securityContext ? { securityContext: spec.securityContext } : {}),
      serviceAccountName: spec.serviceAccountName ?? 'default',
      terminationGracePeriodSeconds: 600,
      volumes: [
        { name: 'config', secret: { secretName: set } },
        { name: 'tls-assets', secret: { secretName: `${set}-tls-assets` } },
        { name: 'config-out', emptyDir: {} },
        { name: `${set}-rulefiles-0`, configMap: { name: `${set}-rulefiles-0` } },
        ...(spec.storage?.volumeClaimTemplate ? [] : [{ name: `${set}-db`, emptyDir: spec.storage?.emptyDir ?? {} }]),
      ],
    },
  )
}

function claims(spec: Plain, name: string): Plain {
  const template = spec.storage?.volumeClaimTemplate
  if (!template) return {}
  return {
    volumeClaimTemplates: [
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name },
        spec: { accessModes: ['ReadWriteOnce'], ...template.spec },
      },
    ],
  }
}

export function alertmanagerStatefulSet(alertmanager: KubeObject, { reloader }: Common): Plain {
  const { name } = alertmanager.metadata
  const spec = alertmanager.spec as Plain
  const version: string = (spec.version ?? '0.23.0').replace(/^v/, '')
  const set = `alertmanager-${name}`
  const replicas: number = spec.replicas ?? 1
  const labels = managed('alertmanager', name)
  const peers = Array.from({ length: replicas }, (_, i) => `--cluster.peer=${set}-${i}.alertmanager-operated:9094`)
  const probe = (path: string, rest: Plain) => ({
    httpGet: { path, port: 'web', scheme: 'HTTP' },
    timeoutSeconds: 3,
    failureThreshold: 10,
    ...rest,
  })
  const mount = [{ name: 'config-volume', mountPath: '/etc/alertmanager/config' }]
  return managedSet(
    alertmanager,
    'alertmanager',
    { labels, version, replicas },
    {
      containers: [
        {
          name: 'alertmanager',
          image: spec.image ?? `quay.io/prometheus/alertmanager:v${version}`,
          args: [
            '--config.file=/etc/alertmanager/config/alertmanager.yaml',
            '--storage.path=/alertmanager',
            `--data.retention=${spec.retention ?? '120h'}`,
            replicas > 1 ? '--cluster.listen-address=[$(POD_IP)]:9094' : '--cluster.listen-address=',
            '--web.listen-address=:9093',
            '--web.route-prefix=/',
            ...(replicas > 1 ? peers : []),
            '--cluster.reconnect-timeout=5m',
          ],
          env: [{ name: 'POD_IP', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIP' } } }],
          ports: [
            { name: 'web', containerPort: 9093, protocol: 'TCP' },
            { name: 'mesh-tcp', containerPort: 9094, protocol: 'TCP' },
            { name: 'mesh-udp', containerPort: 9094, protocol: 'UDP' },
          ],
          livenessProbe: probe('/-/healthy', {}),
          readinessProbe: probe('/-/ready', { initialDelaySeconds: 3, periodSeconds: 5 }),
          resources: spec.resources ?? { requests: { memory: '200Mi' } },
          ...TERMINATION,
          volumeMounts: [
            ...mount,
            { name: 'tls-assets', mountPath: '/etc/alertmanager/certs', readOnly: true },
            { name: `${set}-db`, mountPath: '/alertmanager' },
          ],
        },
        {
          name: 'config-reloader',
          image: reloader,
          command: ['/bin/prometheus-config-reloader'],
          args: [
            '--listen-address=:8080',
            '--reload-url=http://localhost:9093/-/reload',
            '--watched-dir=/etc/alertmanager/config',
          ],
          env: [
            { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
            { name: 'SHARD', value: '-1' },
          ],
          ports: [{ name: 'reloader-web', containerPort: 8080, protocol: 'TCP' }],
          resources: RELOADER_RESOURCES,
          ...TERMINATION,
          volumeMounts: mount.map((m) => ({ ...m, readOnly: true })),
        },
      ],
      ...(spec.nodeSelector ? { nodeSelector: spec.nodeSelector } : {}),
      ...(spec.tolerations ? { tolerations: spec.tolerations } : {}),
      ...(spec.securityContext ? { securityContext: spec.securityContext } : {}),
      serviceAccountName: spec.serviceAccountName ?? 'default',
      terminationGracePeriodSeconds: 120,
      volumes: [
        { name: 'config-volume', secret: { secretName: `${set}-generated` } },
        { name: 'tls-assets', secret: { secretName: `${set}-tls-assets` } },
        ...(spec.storage?.volumeClaimTemplate ? [] : [{ name: `${set}-db`, emptyDir: {} }]),
      ],
    },
  )
}

/** The headless Service that the Pods of a kind share. */
export function governingService(owner: KubeObject, kind: 'prometheus' | 'alertmanager'): Plain {
  const ports =
    kind === 'prometheus'
      ? [{ name: 'web', port: 9090, protocol: 'TCP', targetPort: 'web' }]
      : [
          { name: 'web', port: 9093, protocol: 'TCP', targetPort: 'web' },
          { name: 'tcp-mesh', port: 9094, protocol: 'TCP', targetPort: 9094 },
          { name: 'udp-mesh', port: 9094, protocol: 'UDP', targetPort: 9094 },
        ]
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: `${kind}-operated`,
      namespace: owner.metadata.namespace,
      labels: { [`operated-${kind}`]: 'true' },
      ownerReferences: [{ ...ownerOf(owner), blockOwnerDeletion: undefined, controller: undefined }],
    },
    spec: {
      clusterIP: 'None',
      ports,
      publishNotReadyAddresses: kind === 'alertmanager',
      selector: { 'app.kubernetes.io/name': kind },
    },
  }
}

export { ownerOf }
