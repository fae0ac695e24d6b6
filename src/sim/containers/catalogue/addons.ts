import type { CatalogueImage } from '../images/catalogue-registry.ts'
import { alpineBase } from './alpine.ts'
import { MIME_TYPES } from './nginx/configuration.ts'
import { published, serverImage } from './server.ts'

const MIRRORS = ['registry.aliyuncs.com/google_containers', 'registry.cn-hangzhou.aliyuncs.com/google_containers']
const INGRESS_FOLDERS = [
  'etc/nginx',
  'etc/nginx/conf.d',
  'etc/nginx/secrets',
  'var/lib/nginx',
  'var/cache/nginx',
  'var/log/nginx',
]
/** Each release of the controller brings an nginx. */
const ingress = (nginx: string) =>
  serverImage('nginx-ingress', 190_000_000, {
    alpine: true,
    ports: ['80', '443'],
    user: '101',
    others: { '/usr/sbin/nginx': 'nginx' },
  })
    .env('NGINX_VERSION', nginx)
    .layer('nginx-ingress folders', 20_000, '/bin/sh -c mkdir -p /etc/nginx/conf.d /etc/nginx/secrets', () => [
      ...INGRESS_FOLDERS.map((path) => [path, { directory: true, uid: 101, gid: 101 }] as const),
      ['etc/nginx/mime.types', { content: MIME_TYPES, uid: 101, gid: 101 }] as const,
    ])
const INGRESS_NGINX_FOLDERS = [
  'etc/ingress-controller',
  'etc/ingress-controller/ssl',
  'etc/nginx',
  'tmp/nginx',
  'var/log/nginx',
]
/** The Kubernetes project's own; what a Pod's arguments name first is what runs. */
const ingressNginx = (nginx: string) =>
  alpineBase
    .copy(
      `ingress-nginx ${nginx}`,
      310_000_000,
      '/nginx-ingress-controller',
      ({ executable }) => [
        ['nginx-ingress-controller', executable('ingress-nginx')],
        ['usr/sbin/nginx', executable('nginx')],
        ['wait-shutdown', { content: '#!/bin/sh\nkill -TERM 1\nsleep 1\n', mode: 0o755 }],
        ...INGRESS_NGINX_FOLDERS.map((path) => [path, { directory: true, uid: 101, gid: 101 }] as const),
        ['etc/nginx/mime.types', { content: MIME_TYPES, uid: 101, gid: 101 }],
        ['var/log/nginx/access.log', { target: '/dev/stdout' }],
        ['var/log/nginx/error.log', { target: '/dev/stderr' }],
      ],
      'file',
    )
    .env('NGINX_VERSION', nginx)
    .expose('80', '443')
    .user('101')
    .cmd('/nginx-ingress-controller')
const INGRESS_2_2 = ingress('1.21.6')
const flannel = serverImage('flanneld', 62_300_000, {
  alpine: true,
  path: '/opt/bin/flanneld',
  others: { '/opt/bin/mk-docker-opts.sh': 'mk-docker-opts' },
})
const flannelPlugin = serverImage('flannel-cni', 3_800_000, { alpine: true, path: '/flannel' })
const provisioner = serverImage('nfs-subdir-external-provisioner', 43_800_000)
const metrics = serverImage('metrics-server', 68_900_000, { ports: ['4443'], user: '65534' })

const kicbase = serverImage('kicbase', 1_310_000_000, { path: '/usr/local/bin/entrypoint', args: ['/sbin/init'] })

/** What the manifests of add-ons pull, and minikube. */
export const addons: readonly CatalogueImage[] = [
  ...published(
    kicbase,
    ['gcr.io/k8s-minikube/kicbase', 'docker.io/kicbase/stable'],
    ['v0.0.46', 'v0.0.47', 'v0.0.48', 'v0.0.49'],
  ),
  ...published(serverImage('storage-provisioner', 31_500_000), ['gcr.io/k8s-minikube/storage-provisioner'], ['v5']),
  ...published(
    serverImage('kindnetd', 45_500_000, { path: '/bin/kindnetd' }),
    ['docker.io/kindest/kindnetd'],
    ['v20250512-df8de77b'],
  ),
  {
    repository: 'docker.io/nginx/nginx-ingress',
    tags: {
      '2.2-alpine': INGRESS_2_2,
      '2.2.0-alpine': INGRESS_2_2,
      '2.2.2-alpine': INGRESS_2_2,
      '2.2.0': INGRESS_2_2,
      '2.2.2': INGRESS_2_2,
      '2.4.2': ingress('1.23.2'),
      '3.2.1': ingress('1.25.2'),
      latest: ingress('1.25.2'),
    },
  },
  ...published(
    flannel,
    [
      'docker.io/flannelcni/flannel',
      'docker.io/rancher/mirrored-flannelcni-flannel',
      'docker.io/flannel/flannel',
      'ghcr.io/flannel-io/flannel',
      'quay.io/coreos/flannel',
    ],
    ['v0.15.1', 'v0.19.0', 'v0.20.2', 'v0.24.2', 'v0.25.1', 'v0.26.1', 'v0.27.0'],
  ),
  ...published(
    flannelPlugin,
    [
      'docker.io/flannelcni/flannel-cni-plugin',
      'docker.io/rancher/mirrored-flannelcni-flannel-cni-plugin',
      'docker.io/flannel/flannel-cni-plugin',
      'ghcr.io/flannel-io/flannel-cni-plugin',
    ],
    ['v1.0.1', 'v1.1.0', 'v1.4.0-flannel1', 'v1.6.0-flannel1'],
  ),
  ...published(
    provisioner,
    [
      'registry.k8s.io/sig-storage/nfs-subdir-external-provisioner',
      'k8s.gcr.io/sig-storage/nfs-subdir-external-provisioner',
      'docker.io/chronolaw/nfs-subdir-external-provisioner',
    ],
    ['v4.0.2'],
  ),
  ...published(
    metrics,
    [
      'registry.k8s.io/metrics-server/metrics-server',
      'k8s.gcr.io/metrics-server/metrics-server',
      ...MIRRORS.map((host) => `${host}/metrics-server`),
    ],
    ['v0.6.1', 'v0.6.2', 'v0.6.4', 'v0.7.0', 'v0.7.2'],
  ),
  ...published(
    ingressNginx('1.27.1'),
    ['registry.k8s.io/ingress-nginx/controller'],
    ['v1.11.3', 'v1.12.1', 'v1.13.0', 'v1.13.2', 'v1.14.0'],
  ),
  ...published(
    serverImage('kube-webhook-certgen', 70_000_000, { user: '65532' }),
    ['registry.k8s.io/ingress-nginx/kube-webhook-certgen'],
    ['v1.4.4', 'v1.5.2', 'v1.6.0', 'v1.6.2', 'v1.6.4'],
  ),
  ...published(
    serverImage('dashboard', 246_000_000, { ports: ['8443', '9090'], user: '1001' }),
    ['docker.io/kubernetesui/dashboard'],
    ['v2.6.0', 'v2.7.0', 'latest'],
  ),
  ...published(
    serverImage('metrics-sidecar', 43_800_000, { ports: ['8000'], user: '1001' }),
    ['docker.io/kubernetesui/metrics-scraper'],
    ['v1.0.8', 'latest'],
  ),
  ...published(
    serverImage('defaultbackend', 5_100_000, { ports: ['8080'] }),
    ['registry.k8s.io/defaultbackend-amd64', 'k8s.gcr.io/defaultbackend-amd64'],
    ['1.4', '1.5'],
  ),
  ...published(
    serverImage('echoserver', 140_000_000, { ports: ['8080'], others: { '/usr/sbin/nginx': 'nginx' } }),
    ['registry.k8s.io/echoserver', 'k8s.gcr.io/echoserver'],
    ['1.4', '1.10'],
  ),
]
