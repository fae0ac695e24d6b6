import type { CatalogueImage } from '../images/catalogue-registry.ts'
import type { Recipe } from '../images/recipe.ts'
import { published, serverImage } from './server.ts'

const HOSTS = [
  'registry.k8s.io',
  'k8s.gcr.io',
  'registry.aliyuncs.com/google_containers',
  'registry.cn-hangzhou.aliyuncs.com/google_containers',
]
const VERSIONS = [
  'v1.36.0',
  'v1.36.1',
  'v1.36.2',
  'v1.35.0',
  'v1.34.0',
  'v1.33.0',
  'v1.32.0',
  'v1.31.0',
  'v1.30.0',
  'v1.28.0',
  'v1.23.3',
  'v1.23.0',
]

const at = (name: string) => HOSTS.map((host) => `${host}/${name}`)

function component(name: string, size: number): CatalogueImage[] {
  return published(serverImage(name, size, { path: `/usr/local/bin/${name}` }), at(name), VERSIONS)
}

function coredns(): CatalogueImage[] {
  const image: Recipe = serverImage('coredns', 53_600_000, { ports: ['53', '53/udp'] })
  return published(
    image,
    [...at('coredns/coredns'), ...at('coredns'), 'docker.io/coredns/coredns'],
    ['v1.8.6', 'v1.10.1', 'v1.11.1', 'v1.12.0', 'v1.13.1', '1.8.6', '1.12.0'],
  )
}

/** The control plane's own images. */
export const kubernetes: readonly CatalogueImage[] = [
  ...component('kube-apiserver', 97_800_000),
  ...component('kube-controller-manager', 91_000_000),
  ...component('kube-scheduler', 69_600_000),
  ...component('kube-proxy', 94_700_000),
  ...coredns(),
  ...published(
    serverImage('etcd', 150_000_000, {
      path: '/usr/local/bin/etcd',
      ports: ['2379', '2380'],
      others: { '/usr/local/bin/etcdctl': 'etcdctl' },
    }),
    at('etcd'),
    ['3.5.1-0', '3.5.12-0', '3.5.16-0', '3.5.21-0', '3.6.4-0', '3.6.5-0'],
  ),
]
