import { CLUSTER_DNS } from '../../kubelet/sync/pod-files.ts'

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

/** Images that a kubeadm cluster's nodes have from the start. */
export const SYSTEM_IMAGES = [
  image('kube-apiserver'),
  image('kube-controller-manager'),
  image('kube-scheduler'),
  image('kube-proxy'),
  ETCD_IMAGE,
  COREDNS_IMAGE,
  FLANNEL_IMAGE,
]

export interface ControlPlaneSettings extends ImageChoice {
  name: string
  ip: string
  /** 6443 unless told. */
  port?: number
  /** Empty: nodes are given no ranges. */
  podCIDR: string
}

/** The control plane's static Pods, as kubeadm writes them to /etc/kubernetes/manifests: file name and text. */
export function staticManifests(settings: ControlPlaneSettings): [string, string][] {
  const { podCIDR, port = 6443, registry = REGISTRY, ...node } = settings
  const manifest = (
    name: string,
    imageName: string,
    cpu: string,
    command: string[],
    path: string,
  ): [string, string] => [
    `${name}.yaml`,
    `apiVersion: v1
kind: Pod
metadata:
  labels:
    component: ${name}
    tier: control-plane
  name: ${name}
  namespace: kube-system
spec:
  containers:
  - command:
${command.map((word) => `    - ${word}`).join('\n')}
    image: ${imageName}
    imagePullPolicy: IfNotPresent
    name: ${name}
    resources:
      requests:
        cpu: ${cpu}
    volumeMounts:
    - mountPath: ${path}
      name: files
      readOnly: true
  hostNetwork: true
  priority: 2000001000
  priorityClassName: system-node-critical
  securityContext:
    seccompProfile:
      type: RuntimeDefault
  volumes:
  - hostPath:
      path: ${path}
      type: DirectoryOrCreate
    name: files
`,
  ]
  const pki = '/etc/kubernetes/pki'
  return [
    manifest(
      'etcd',
      ETCD_IMAGE.replace(REGISTRY, registry),
      '100m',
      ['etcd', `--advertise-client-urls=https://${node.ip}:2379`, '--data-dir=/var/lib/etcd', `--name=${node.name}`],
      '/var/lib/etcd',
    ),
    manifest(
      'kube-apiserver',
      image('kube-apiserver', settings),
      '250m',
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
      '200m',
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
      '100m',
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
export function addonObjects(podCIDR: string): [string, object][] {
  return [...flannelObjects(podCIDR), ...kubeadmAddons(podCIDR)]
}

function flannelObjects(podCIDR: string): [string, object][] {
  return [
    [
      'namespaces',
      {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: {
          name: 'kube-flannel',
          labels: { 'k8s-app': 'flannel', 'pod-security.kubernetes.io/enforce': 'privileged' },
        },
      },
    ],
    [
      'serviceaccounts',
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: meta('flannel', undefined, 'kube-flannel') },
    ],
    [
      'configmaps',
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: meta('kube-flannel-cfg', undefined, 'kube-flannel'),
        data: { 'net-conf.json': `{\n  "Network": "${podCIDR}",\n  "Backend": {\n    "Type": "vxlan"\n  }\n}\n` },
      },
    ],
    [
      'daemonsets.apps',
      hostDaemon(
        'kube-flannel-ds',
        'kube-flannel',
        { app: 'flannel', tier: 'node' },
        FLANNEL_IMAGE,
        ['/opt/bin/flanneld', '--ip-masq', '--kube-subnet-mgr'],
        'flannel',
      ),
    ],
  ]
}

/** What `kubeadm init` applies in the end: CoreDNS and kube-proxy. */
export function kubeadmAddons(podCIDR: string, choice: ImageChoice = {}): [string, object][] {
  const { registry = REGISTRY } = choice
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
        data: {
          'config.conf': `apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nclusterCIDR: ${podCIDR}\nmode: ""\n`,
        },
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
      hostDaemon(
        'kube-proxy',
        'kube-system',
        { 'k8s-app': 'kube-proxy' },
        image('kube-proxy', choice),
        ['/usr/local/bin/kube-proxy', '--config=/var/lib/kube-proxy/config.conf', '--hostname-override=$(NODE_NAME)'],
        'kube-proxy',
      ),
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

function hostDaemon(
  name: string,
  namespace: string,
  labels: Record<string, string>,
  image: string,
  command: string[],
  account: string,
): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: meta(name, labels, namespace),
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          hostNetwork: true,
          priorityClassName: 'system-node-critical',
          serviceAccountName: account,
          tolerations: [{ operator: 'Exists' }],
          containers: [
            {
              name: name.replace(/-ds$/, ''),
              image,
              imagePullPolicy: 'IfNotPresent',
              command,
              env: [{ name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
              securityContext: { privileged: true },
            },
          ],
        },
      },
    },
  }
}
