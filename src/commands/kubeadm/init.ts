import { parseDocument } from 'yaml'
import { CRI_SOCKET } from '../../sim/containers/api/create-cri.ts'
import {
  type ImageChoice,
  kubeadmAddons,
  kubeadmImages,
  staticManifests,
} from '../../sim/kubernetes/addons/system/manifests.ts'
import { formatAddress } from '../../sim/linux/net/ipv4.ts'
import type { Process } from '../../sim/linux/process.ts'
import { flags } from '../docker/cli/flag.ts'
import { type Api, adminApi } from './api.ts'
import { authorityHash, makeCertificates, PKI } from './certificates.ts'
import { type Call, COMMON, type Command, KUBEADM_VERSION, KubeadmError, put, read } from './command.ts'
import { writeKubeconfigs } from './kubeconfigs.ts'
import { KUBELET_CONFIG, startKubelet, waitForKubelet } from './kubelet-start.ts'
import { INIT_CHECKS, preflight } from './preflight.ts'
import { DEFAULT_GROUPS, newToken, storeToken, TOKEN_FORMAT } from './tokens.ts'

/** Any address far away: its route is the default one. */
const ANYWHERE = 0x08_08_08_08
const DAY = 86_400_000
const PATIENCE = 240_000

interface Settings extends ImageChoice {
  address: string
  port: number
  podCIDR: string
  version: string
  token: string
  /** What others are told to join at. */
  endpoint: string
}

/** The address of the card with the default route. */
export function defaultAddress(process: Process): string {
  const { network } = process.system
  const device = network.routes.lookup(ANYWHERE)?.device
  const address = device === undefined ? undefined : network.interface(device)?.addresses[0]?.address
  return address === undefined ? '127.0.0.1' : formatAddress(address)
}

/** Fields of a file given by --config that take the place of flags. */
function configFile(process: Process, path: string | undefined): Record<string, string | undefined> {
  if (path === undefined) return {}
  const text = read(process, path)
  if (text === undefined)
    throw new KubeadmError(`unable to read config from "${path}" : open ${path}: no such file or directory`)
  const out: Record<string, string | undefined> = {}
  for (const part of text.split(/^---\s*$/m)) {
    const document = parseDocument(part).toJS() as any
    if (document?.kind === 'InitConfiguration') {
      out.address = document.localAPIEndpoint?.advertiseAddress
      out.port = document.localAPIEndpoint?.bindPort?.toString()
      out.token = document.bootstrapTokens?.[0]?.token
    }
    if (document?.kind !== 'ClusterConfiguration') continue
    out.podCIDR = document.networking?.podSubnet
    out.version = document.kubernetesVersion
    out.registry = document.imageRepository
    out.endpoint = document.controlPlaneEndpoint
  }
  return out
}

function settingsOf({ process, flags: given }: Call): Settings {
  const file = configFile(process, given.string('config'))
  const address = given.string('apiserver-advertise-address') ?? file.address ?? defaultAddress(process)
  const port = Number(given.string('apiserver-bind-port') ?? file.port ?? 6443)
  const wanted = given.string('kubernetes-version') ?? file.version ?? KUBEADM_VERSION
  const version = /^(stable|latest)/.test(wanted) ? KUBEADM_VERSION : wanted.replace(/^v?/, 'v')
  const token = given.string('token') ?? file.token ?? newToken(process.random)
  if (!TOKEN_FORMAT.test(token))
    throw new KubeadmError(
      `the bootstrap token "${token}" was not of the form "\\\\A([a-z0-9]{6})\\\\.([a-z0-9]{16})\\\\z"`,
    )
  if (!/^\d+(\.\d+){3}$/.test(address))
    throw new KubeadmError(`couldn't use "${address}" as "apiserver-advertise-address", must be ipv4 or ipv6 address`)
  const minor = Number(version.split('.')[1])
  if (!/^v1\.\d+\.\d+$/.test(version))
    throw new KubeadmError(
      `version "${wanted}" doesn't match patterns for neither semantic version nor labels (stable, latest, ...)`,
    )
  if (minor < 35 || minor > 36)
    throw new KubeadmError(
      minor > 36
        ? `the Kubernetes version to install is higher than the kubeadm version: ${version} > ${KUBEADM_VERSION}`
        : `this version of kubeadm only supports deploying clusters with the control plane version >= 1.35.0. Current version: ${version}`,
    )
  const registry = given.string('image-repository') ?? file.registry
  const own = given.string('control-plane-endpoint') ?? file.endpoint
  return {
    address,
    port,
    version,
    token,
    podCIDR: given.string('pod-network-cidr') ?? file.podCIDR ?? '',
    endpoint: own === undefined ? `${address}:${port}` : own.includes(':') ? own : `${own}:${port}`,
    ...(registry ? { registry } : {}),
  }
}

async function pullImages({ process, say }: Call, settings: Settings): Promise<void> {
  await say('[preflight] Pulling images required for setting up a Kubernetes cluster')
  await say('[preflight] This might take a minute or two, depending on the speed of your internet connection')
  await say("[preflight] You can also perform this action beforehand using 'kubeadm config images pull'")
  for (const image of kubeadmImages(settings)) await pullImage(process, image)
}

/** Throws KubeadmError when it cannot be had. */
export async function pullImage(process: Process, image: string): Promise<void> {
  const response = await process.machine
    .dial(CRI_SOCKET)
    ?.handle({ method: 'POST', path: '/images', query: [['image', image]] })
  if (!response || response.status >= 400)
    throw new KubeadmError(
      `failed to pull image ${image}: ${(response?.body as { message?: string } | undefined)?.message ?? 'no container runtime'}`,
      'preflight',
    )
}

async function controlPlane(call: Call, settings: Settings): Promise<void> {
  const { process, say } = call
  const files = staticManifests({ ...settings, name: process.machine.hostname, ip: settings.address })
  const folder = '/etc/kubernetes/manifests'
  await say(`[etcd] Creating static Pod manifest for local etcd in "${folder}"`)
  await say(`[control-plane] Using manifest folder "${folder}"`)
  for (const { file: name, text } of files) {
    put(process, `${folder}/${name}`, text)
    if (name !== 'etcd.yaml')
      await say(`[control-plane] Creating static Pod manifest for "${name.replace('.yaml', '')}"`)
  }
  await startKubelet(call, 'init')
  await say(
    `[wait-control-plane] Waiting for the kubelet to boot up the control plane as static Pods from directory "${folder}"`,
  )
  await waitForKubelet(call, 'wait-control-plane')
  await say('[control-plane-check] Waiting for healthy control plane components. This can take up to 4m0s')
  await say(`[control-plane-check] Checking kube-apiserver at https://${settings.address}:${settings.port}/livez`)
  await say('[control-plane-check] Checking kube-controller-manager at https://127.0.0.1:10257/healthz')
  await say('[control-plane-check] Checking kube-scheduler at https://127.0.0.1:10259/livez')
  const from = process.uptime()
  while (!process.machine.dial(`https://${settings.address}:${settings.port}`)) {
    if (process.uptime() - from > PATIENCE) {
      await say('[control-plane-check] kube-apiserver is not healthy after 4m0.000507s')
      throw new KubeadmError(
        `failed while waiting for the control plane to start: kube-apiserver check failed at https://${settings.address}:${settings.port}/livez: Get "https://${settings.address}:${settings.port}/livez?timeout=10s": dial tcp ${settings.address}:${settings.port}: connect: connection refused`,
        'wait-control-plane',
      )
    }
    await process.sleep(500)
  }
  await process.sleep(1500)
  const passed = (extra: number) =>
    `${((process.uptime() - from) / 1000 + extra).toFixed(3)}${process.random.int(100_000, 999_999)}s`
  await say(`[control-plane-check] kube-controller-manager is healthy after ${passed(-0.5)}`)
  await say(`[control-plane-check] kube-scheduler is healthy after ${passed(-0.2)}`)
  await say(`[control-plane-check] kube-apiserver is healthy after ${passed(0)}`)
}

const configMap = (name: string, namespace: string, data: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data,
})

async function uploadConfig({ say }: Call, api: Api, settings: Settings): Promise<void> {
  await say(
    '[upload-config] Storing the configuration used in ConfigMap "kubeadm-config" in the "kube-system" Namespace',
  )
  const maps = '/api/v1/namespaces/kube-system/configmaps'
  const podSubnet = settings.podCIDR ? `  podSubnet: ${settings.podCIDR}\n` : ''
  const ClusterConfiguration = `apiServer: {}\napiVersion: kubeadm.k8s.io/v1beta4\ncaCertificateValidityPeriod: 87600h0m0s\ncertificateValidityPeriod: 8760h0m0s\ncertificatesDir: /etc/kubernetes/pki\nclusterName: kubernetes\ncontrollerManager: {}\ndns: {}\nencryptionAlgorithm: RSA-2048\netcd:\n  local:\n    dataDir: /var/lib/etcd\nimageRepository: ${settings.registry ?? 'registry.k8s.io'}\nkind: ClusterConfiguration\nkubernetesVersion: ${settings.version}\nnetworking:\n  dnsDomain: cluster.local\n${podSubnet}  serviceSubnet: 10.96.0.0/12\nproxy: {}\nscheduler: {}\n`
  await api.put(maps, configMap('kubeadm-config', 'kube-system', { ClusterConfiguration }))
  await say(
    '[kubelet] Creating a ConfigMap "kubelet-config" in namespace kube-system with the configuration for the kubelets in the cluster',
  )
  await api.put(maps, configMap('kubelet-config', 'kube-system', { kubelet: KUBELET_CONFIG }))
  await say('[upload-certs] Skipping phase. Please see --upload-certs')
}

async function markControlPlane({ process, say }: Call, api: Api): Promise<void> {
  const name = process.machine.hostname
  const label = 'node-role.kubernetes.io/control-plane'
  const other = 'node.kubernetes.io/exclude-from-external-load-balancers'
  await say(`[mark-control-plane] Marking the node ${name} as control-plane by adding the labels: [${label} ${other}]`)
  await say(`[mark-control-plane] Marking the node ${name} as control-plane by adding the taints [${label}:NoSchedule]`)
  const node = await api.get(`/api/v1/nodes/${name}`)
  const taints = [...(node?.spec?.taints ?? []), { key: label, effect: 'NoSchedule' }]
  const patch = {
    metadata: {
      labels: { [label]: '', [other]: '' },
      annotations: { 'node.alpha.kubernetes.io/ttl': '0' },
    },
    spec: { taints },
  }
  await api.call('PATCH', `/api/v1/nodes/${name}`, patch, 'application/merge-patch+json')
}

const RBAC = 'rbac.authorization.k8s.io'

async function bootstrapToken({ process, say, flags: given }: Call, api: Api, settings: Settings): Promise<void> {
  await say(`[bootstrap-token] Using token: ${settings.token}`)
  await say('[bootstrap-token] Configuring bootstrap tokens, cluster-info ConfigMap, RBAC Roles')
  await storeToken(api, settings.token, {
    now: process.wallClock(),
    ttl: given.duration('token-ttl') ?? DAY,
    description: "The default bootstrap token generated by 'kubeadm init'.",
  })
  const group = { kind: 'Group', name: DEFAULT_GROUPS, apiGroup: RBAC }
  const bindings: [string, string, object][] = [
    ['kubeadm:get-nodes', 'kubeadm:get-nodes', group],
    ['kubeadm:kubelet-bootstrap', 'system:node-bootstrapper', group],
    ['kubeadm:node-autoapprove-bootstrap', 'system:certificates.k8s.io:certificatesigningrequests:nodeclient', group],
    [
      'kubeadm:node-autoapprove-certificate-rotation',
      'system:certificates.k8s.io:certificatesigningrequests:selfnodeclient',
      { ...group, name: 'system:nodes' },
    ],
    ['kubeadm:cluster-admins', 'cluster-admin', { ...group, name: 'kubeadm:cluster-admins' }],
  ]
  const roles = `/apis/${RBAC}/v1`
  await api.put(`${roles}/clusterroles`, {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRole',
    metadata: { name: 'kubeadm:get-nodes' },
    rules: [{ apiGroups: [''], resources: ['nodes'], verbs: ['get'] }],
  } as { metadata: { name: string } })
  for (const [name, role, subject] of bindings)
    await api.put(`${roles}/clusterrolebindings`, {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: role },
      subjects: [subject],
    } as { metadata: { name: string } })
  for (const text of [
    'to allow Node Bootstrap tokens to get nodes',
    'to allow Node Bootstrap tokens to post CSRs in order for nodes to get long term certificate credentials',
    'to allow the csrapprover controller automatically approve CSRs from a Node Bootstrap Token',
    'to allow certificate rotation for all node client certificates in the cluster',
  ])
    await say(`[bootstrap-token] Configured RBAC rules ${text}`)
  await say('[bootstrap-token] Creating the "cluster-info" ConfigMap in the "kube-public" namespace')
  const authority = read(process, `${PKI}/ca.crt`) ?? ''
  const kubeconfig = `apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority-data: ${btoa(authority)}\n    server: https://${settings.endpoint}\n  name: ""\ncontexts: null\ncurrent-context: ""\nkind: Config\npreferences: {}\nusers: null\n`
  await api.put('/api/v1/namespaces/kube-public/configmaps', configMap('cluster-info', 'kube-public', { kubeconfig }))
  const reader = 'kubeadm:bootstrap-signer-clusterinfo'
  const inPublic = `${roles}/namespaces/kube-public`
  await api.put(`${inPublic}/roles`, {
    apiVersion: `${RBAC}/v1`,
    kind: 'Role',
    metadata: { name: reader, namespace: 'kube-public' },
    rules: [{ apiGroups: [''], resources: ['configmaps'], resourceNames: ['cluster-info'], verbs: ['get'] }],
  } as { metadata: { name: string } })
  await api.put(`${inPublic}/rolebindings`, {
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata: { name: reader, namespace: 'kube-public' },
    roleRef: { apiGroup: RBAC, kind: 'Role', name: reader },
    subjects: [{ kind: 'User', name: 'system:anonymous', apiGroup: RBAC }],
  } as { metadata: { name: string } })
  await say(
    '[kubelet-finalize] Updating "/etc/kubernetes/kubelet.conf" to point to a rotatable kubelet client certificate and key',
  )
}

const PATHS: Readonly<Record<string, string>> = {
  serviceaccounts: '/api/v1/namespaces/kube-system/serviceaccounts',
  configmaps: '/api/v1/namespaces/kube-system/configmaps',
  services: '/api/v1/namespaces/kube-system/services',
  'deployments.apps': '/apis/apps/v1/namespaces/kube-system/deployments',
  'daemonsets.apps': '/apis/apps/v1/namespaces/kube-system/daemonsets',
}

async function addons({ process, say }: Call, api: Api, settings: Settings): Promise<void> {
  for (const [resource, object] of kubeadmAddons(settings.podCIDR, settings)) {
    await api.put(PATHS[resource]!, object as { metadata: { name: string } })
    await process.sleep(20)
  }
  await say('[addons] Applied essential addon: CoreDNS')
  await say('[addons] Applied essential addon: kube-proxy')
}

const DONE = `
Your Kubernetes control-plane has initialized successfully!

To start using your cluster, you need to run the following as a regular user:

  mkdir -p $HOME/.kube
  sudo cp -i /etc/kubernetes/admin.conf $HOME/.kube/config
  sudo chown $(id -u):$(id -g) $HOME/.kube/config

Alternatively, if you are the root user, you can run:

  export KUBECONFIG=/etc/kubernetes/admin.conf

You should now deploy a pod network to the cluster.
Run "kubectl apply -f [podnetwork].yaml" with one of the options listed at:
  https://kubernetes.io/docs/concepts/cluster-administration/addons/

Then you can join any number of worker nodes by running the following on each as root:
`

export const init: Command = {
  name: 'init',
  summary: 'Run this command in order to set up the Kubernetes control plane',
  flags: [
    ...COMMON,
    ...flags`
      --apiserver-advertise-address string   The IP address the API Server will advertise it's listening on. If not set the default network interface will be used.
      --apiserver-bind-port int              Port for the API Server to bind to. (default 6443)
      --config string                        Path to a kubeadm configuration file.
      --control-plane-endpoint string        Specify a stable IP address or DNS name for the control plane.
      --cri-socket string                    Path to the CRI socket to connect.
      --ignore-preflight-errors string       A list of checks whose errors will be shown as warnings. Example: 'IsPrivilegedUser,Swap'. Value 'all' ignores errors from all checks.
      --image-repository string              Choose a container registry to pull control plane images from (default "registry.k8s.io")
      --kubernetes-version string            Choose a specific Kubernetes version for the control plane. (default "stable-1")
      --pod-network-cidr string              Specify range of IP addresses for the pod network. If set, the control plane will automatically allocate CIDRs for every node.
      --service-cidr string                  Use alternative range of IP address for service VIPs. (default "10.96.0.0/12")
      --skip-token-print                     Skip printing of the default bootstrap token generated by 'kubeadm init'.
      --token string                         The token to use for establishing bidirectional trust between nodes and control-plane nodes. The format is [a-z0-9]{6}.[a-z0-9]{16} - e.g. abcdef.0123456789abcdef
      --token-ttl duration                   The duration before the token is automatically deleted (e.g. 1s, 2m, 3h). If set to '0', the token will never expire (default 24h0m0s)
      --upload-certs                         Upload control-plane certificates to the kubeadm-certs Secret.
`,
  ],
  async run(call) {
    const { process, say, flags: given } = call
    if ((given.string('service-cidr') ?? '10.96.0.0/12') !== '10.96.0.0/12')
      throw new KubeadmError('not simulated: a Service network other than 10.96.0.0/12')
    const settings = settingsOf(call)
    await say(`[init] Using Kubernetes version: ${settings.version}`)
    await preflight(call, INIT_CHECKS(settings.port))
    await pullImages(call, settings)
    await makeCertificates(call, settings.address)
    await writeKubeconfigs(call, `https://${settings.endpoint}`)
    await controlPlane(call, settings)
    const api = adminApi(process, '/etc/kubernetes/super-admin.conf')
    await uploadConfig(call, api, settings)
    await markControlPlane(call, api)
    await bootstrapToken(call, api, settings)
    await addons(call, api, settings)
    await say(DONE)
    const hash = authorityHash(read(process, `${PKI}/ca.crt`) ?? '')
    await say(
      `kubeadm join ${settings.endpoint} --token ${given.bool('skip-token-print') ? '<value withheld>' : settings.token} \\\n\t--discovery-token-ca-cert-hash ${hash} `,
    )
    return 0
  },
}
