import { CLUSTER_DNS } from '../../kubelet/sync/pod-files.ts'
import { FLANNEL_CONFIG } from '../../network/pod-network.ts'
import { yamlText } from './yaml-text.ts'

const REGISTRY = 'registry.k8s.io'
const VERSION = 'v1.36.2'
const COREDNS_IMAGE = `${REGISTRY}/coredns/coredns:v1.13.1`
const ETCD_IMAGE = `${REGISTRY}/etcd:3.6.5-0`
const FLANNEL_IMAGE = 'docker.io/flannel/flannel:v0.27.0'

const image = (name: string, { registry = REGISTRY, version = VERSION }: ImageChoice = {}) =>
  `${registry}/${name}:${version}`

export interface ImageChoice {
  /** `registry.k8s.io` unless told. */
  registry?: string
  /** `v1.36.2` unless told. */
  version?: string
}

/** What `kubeadm config images list` names. */
export function kubeadmImages(choice: ImageChoice = {}): string[] {
  const { registry = REGISTRY } = choice
  // Other registries have CoreDNS without a folder of its own.
  const coredns = registry === REGISTRY ? COREDNS_IMAGE : COREDNS_IMAGE.replace(`${REGISTRY}/coredns`, registry)
  return [
    ...['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy'].map((name) => image(name, choice)),
    coredns,
    `${registry}/pause:3.10.1`,
    ETCD_IMAGE.replace(REGISTRY, registry),
  ]
}

/** Images that a node of a kubeadm cluster has from the start. */
export function systemImages(isControlPlane: boolean): string[] {
  return [
    ...(isControlPlane
      ? ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map((name) => image(name))
      : []),
    image('kube-proxy'),
    ...(isControlPlane ? [ETCD_IMAGE, COREDNS_IMAGE] : []),
    FLANNEL_IMAGE,
  ]
}

export interface ControlPlaneSettings extends ImageChoice {
  name: string
  ip: string
  /** 6443 unless told. */
  port?: number
  /** Empty: nodes are given no ranges. */
  podCIDR: string
}

/** A file of /etc/kubernetes/manifests. */
export interface StaticManifest {
  file: string
  text: string
  /** What the text says. */
  pod: object
}

/** The control plane's static Pods, as kubeadm writes them to /etc/kubernetes/manifests. */
export function staticManifests(settings: ControlPlaneSettings): StaticManifest[] {
  const { podCIDR, port = 6443, registry = REGISTRY, ...node } = settings
  const manifest = (
    name: string,
    imageName: string,
    requests: Record<string, string>,
    command: string[],
    path: string,
  ): StaticManifest => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { labels: { component: name, tier: 'control-plane' }, name, namespace: 'kube-system' },
      spec: {
        containers: [
          {
            command,
            image: imageName,
            imagePullPolicy: 'IfNotPresent',
            name,
            resources: { requests },
            volumeMounts: [{ mountPath: path, name: 'files', readOnly: true }],
          },
        ],
        hostNetwork: true,
        priority: 2000001000,
        priorityClassName: 'system-node-critical',
        securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
        volumes: [{ hostPath: { path, type: 'DirectoryOrCreate' }, name: 'files' }],
      },
    }
    return { file: `${name}.yaml`, text: yamlText(pod), pod }
  }
  const pki = '/etc/kubernetes/pki'
  return [
    manifest(
      'etcd',
      ETCD_IMAGE.replace(REGISTRY, registry),
      { cpu: '100m', memory: '100Mi' },
      ['etcd', `--advertise-client-urls=https://${node.ip}:2379`, '--data-dir=/var/lib/etcd', `--name=${node.name}`],
      '/var/lib/etcd',
    ),
    manifest(
      'kube-apiserver',
      image('kube-apiserver', settings),
      { cpu: '250m' },
      [
        'kube-apiserver',
        `--advertise-address=${node.ip}`,
        '--authorization-mode=Node,RBAC',
        '--enable-admission-plugins=NodeRestriction',
        '--etcd-servers=https://127.0.0.1:2379',
        `--secure-port=${port}`,
        '--service-cluster-ip-range=10.96.0.0/12',
      ],
      pki,
    ),
    manifest(
      'kube-controller-manager',
      image('kube-controller-manager', settings),
      { cpu: '200m' },
      [
        'kube-controller-manager',
        ...(podCIDR ? ['--allocate-node-cidrs=true'] : []),
        '--bind-address=127.0.0.1',
        ...(podCIDR ? [`--cluster-cidr=${podCIDR}`] : []),
        '--leader-elect=true',
        '--service-cluster-ip-range=10.96.0.0/12',
      ],
      pki,
    ),
    manifest(
      'kube-scheduler',
      image('kube-scheduler', settings),
      { cpu: '100m' },
      [
        'kube-scheduler',
        '--bind-address=127.0.0.1',
        '--kubeconfig=/etc/kubernetes/scheduler.conf',
        '--leader-elect=true',
      ],
      '/etc/kubernetes',
    ),
  ]
}

const COREFILE = `.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30
    loop
    reload
    loadbalance
}
`

const meta = (name: string, labels?: Record<string, string>, namespace = 'kube-system') => ({
  name,
  namespace,
  ...(labels ? { labels } : {}),
})

const MASTER = { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }

/** Flannel, CoreDNS and kube-proxy, with the resource each is created as. */
export function addonObjects(podCIDR: string, endpoint: string): [string, object][] {
  return [...flannelObjects(podCIDR), ...kubeadmAddons(podCIDR, { endpoint })]
}

/** flannel as its project ships it. */
export function flannelObjects(podCIDR: string): [string, object][] {
  const namespace = 'kube-flannel'
  const labels = { app: 'flannel', 'k8s-app': 'flannel', tier: 'node' }
  return [
    [
      'namespaces',
      {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: {
          name: namespace,
          labels: { 'k8s-app': 'flannel', 'pod-security.kubernetes.io/enforce': 'privileged' },
        },
      },
    ],
    ...['flannel', 'default'].map((name): [string, object] => [
      'serviceaccounts',
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: meta(name, undefined, namespace) },
    ]),
    // Whose certificate it is, its controller knows.
    ['configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: meta('kube-root-ca.crt', undefined, namespace) }],
    [
      'configmaps',
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: meta('kube-flannel-cfg', labels, namespace),
        data: {
          'cni-conf.json': FLANNEL_CONFIG,
          'net-conf.json': `{\n  "Network": "${podCIDR}",\n  "EnableNFTables": false,\n  "Backend": {\n    "Type": "vxlan"\n  }\n}\n`,
        },
      },
    ],
    [
      'daemonsets.apps',
      hostDaemon(meta('kube-flannel-ds', labels, namespace), { app: 'flannel', tier: 'node' }, 'flannel', {
        image: FLANNEL_IMAGE,
        command: ['/opt/bin/flanneld'],
        args: ['--ip-masq', '--kube-subnet-mgr'],
        resources: { requests: { cpu: '100m', memory: '50Mi' } },
        env: [
          { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
          { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
          { name: 'EVENT_QUEUE_DEPTH', value: '5000' },
        ],
        securityContext: { privileged: false, capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } },
        mounts: [
          { name: 'run', mountPath: '/run/flannel', hostPath: { path: '/run/flannel' } },
          { name: 'flannel-cfg', mountPath: '/etc/kube-flannel/', configMap: { name: 'kube-flannel-cfg' } },
          XTABLES_LOCK,
        ],
      }),
    ],
  ]
}

/** What `kubeadm init` applies in the end: CoreDNS and kube-proxy. */
export function kubeadmAddons(podCIDR: string, choice: ImageChoice & { endpoint: string }): [string, object][] {
  const { registry = REGISTRY, endpoint } = choice
  return [
    ...['coredns', 'kube-proxy'].map((name): [string, object] => [
      'serviceaccounts',
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: meta(name) },
    ]),
    ['configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: meta('coredns'), data: { Corefile: COREFILE } }],
    [
      'configmaps',
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: meta('kube-proxy'),
        data: { 'config.conf': proxyConfig(podCIDR), 'kubeconfig.conf': proxyKubeconfig(endpoint) },
      },
    ],
    [
      'services',
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: meta('kube-dns', {
          'k8s-app': 'kube-dns',
          'kubernetes.io/cluster-service': 'true',
          'kubernetes.io/name': 'CoreDNS',
        }),
        spec: {
          clusterIP: CLUSTER_DNS,
          selector: { 'k8s-app': 'kube-dns' },
          ports: [
            { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 },
            { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 },
            { name: 'metrics', port: 9153, protocol: 'TCP', targetPort: 9153 },
          ],
        },
      },
    ],
    ['deployments.apps', corednsDeployment(kubeadmImages({ registry })[4]!)],
    [
      'daemonsets.apps',
      hostDaemon(meta('kube-proxy', { 'k8s-app': 'kube-proxy' }), { 'k8s-app': 'kube-proxy' }, 'kube-proxy', {
        image: image('kube-proxy', choice),
        command: [
          '/usr/local/bin/kube-proxy',
          '--config=/var/lib/kube-proxy/config.conf',
          '--hostname-override=$(NODE_NAME)',
        ],
        env: [{ name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
        securityContext: { privileged: true },
        mounts: [
          { name: 'kube-proxy', mountPath: '/var/lib/kube-proxy', configMap: { name: 'kube-proxy' } },
          XTABLES_LOCK,
          { name: 'lib-modules', mountPath: '/lib/modules', readOnly: true, hostPath: { path: '/lib/modules' } },
        ],
      }),
    ],
  ]
}

const corednsDeployment = (image: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: meta('coredns', { 'k8s-app': 'kube-dns' }),
  spec: {
    replicas: 2,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
    selector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    template: {
      metadata: { labels: { 'k8s-app': 'kube-dns' } },
      spec: {
        priorityClassName: 'system-cluster-critical',
        serviceAccountName: 'coredns',
        tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }, MASTER],
        nodeSelector: { 'kubernetes.io/os': 'linux' },
        dnsPolicy: 'Default',
        containers: [
          {
            name: 'coredns',
            image,
            imagePullPolicy: 'IfNotPresent',
            args: ['-conf', '/etc/coredns/Corefile'],
            resources: { limits: { memory: '170Mi' }, requests: { cpu: '100m', memory: '70Mi' } },
            volumeMounts: [{ name: 'config-volume', mountPath: '/etc/coredns', readOnly: true }],
            ports: [
              { containerPort: 53, name: 'dns', protocol: 'UDP' },
              { containerPort: 53, name: 'dns-tcp', protocol: 'TCP' },
              { containerPort: 9153, name: 'metrics', protocol: 'TCP' },
            ],
            livenessProbe: {
              httpGet: { path: '/health', port: 8080 },
              initialDelaySeconds: 60,
              timeoutSeconds: 5,
              failureThreshold: 5,
            },
            readinessProbe: { httpGet: { path: '/ready', port: 8181 } },
          },
        ],
        volumes: [
          { name: 'config-volume', configMap: { name: 'coredns', items: [{ key: 'Corefile', path: 'Corefile' }] } },
        ],
      },
    },
  },
})

/** kube-proxy's settings, as kubeadm writes those that it knows and the defaults of the others. */
const proxyConfig = (podCIDR: string) => `apiVersion: kubeproxy.config.k8s.io/v1alpha1
bindAddress: 0.0.0.0
bindAddressHardFail: false
clientConnection:
  acceptContentTypes: ""
  burst: 0
  contentType: ""
  kubeconfig: /var/lib/kube-proxy/kubeconfig.conf
  qps: 0
clusterCIDR: ${podCIDR}
configSyncPeriod: 0s
conntrack:
  maxPerCore: null
  min: null
  tcpCloseWaitTimeout: null
  tcpEstablishedTimeout: null
detectLocalMode: ""
enableProfiling: false
healthzBindAddress: ""
hostnameOverride: ""
iptables:
  localhostNodePorts: null
  masqueradeAll: false
  masqueradeBit: null
  minSyncPeriod: 0s
  syncPeriod: 0s
kind: KubeProxyConfiguration
metricsBindAddress: ""
mode: ""
nodePortAddresses: null
oomScoreAdj: null
portRange: ""
`

const proxyKubeconfig = (endpoint: string) => `apiVersion: v1
kind: Config
clusters:
- cluster:
    certificate-authority: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt
    server: https://${endpoint}
  name: default
contexts:
- context:
    cluster: default
    namespace: default
    user: default
  name: default
current-context: default
users:
- name: default
  user:
    tokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token
`

interface HostMount {
  name: string
  mountPath: string
  readOnly?: boolean
  configMap?: { name: string }
  hostPath?: { path: string; type?: string }
}

const XTABLES_LOCK: HostMount = {
  name: 'xtables-lock',
  mountPath: '/run/xtables.lock',
  hostPath: { path: '/run/xtables.lock', type: 'FileOrCreate' },
}

/** A DaemonSet of every node's own network. */
function hostDaemon(
  metadata: ReturnType<typeof meta>,
  labels: Record<string, string>,
  account: string,
  container: { image: string; mounts: readonly HostMount[]; [field: string]: unknown },
): object {
  const { mounts, ...rest } = container
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata,
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          hostNetwork: true,
          priorityClassName: 'system-node-critical',
          serviceAccountName: account,
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          tolerations: [{ operator: 'Exists' }],
          containers: [
            {
              name: metadata.name.replace(/-ds$/, ''),
              imagePullPolicy: 'IfNotPresent',
              ...rest,
              volumeMounts: mounts.map(({ name, mountPath, readOnly }) => ({
                name,
                mountPath,
                ...(readOnly ? { readOnly } : {}),
              })),
            },
          ],
          volumes: mounts.map(({ name, configMap, hostPath }) => ({
            name,
            ...(configMap ? { configMap } : { hostPath }),
          })),
        },
      },
    },
  }
}
