import { kubeadmImages } from '../../sim/kubernetes/addons/system/manifests.ts'
import { readCertificate } from '../../sim/programs/openssl/certificate.ts'
import { flags } from '../docker/cli/flag.ts'
import { alignTable } from '../docker/format/table.ts'
import { type Api, adminApi } from './api.ts'
import { certificatesOnDisk } from './certificates.ts'
import { type Call, COMMON, type Command, KUBEADM_VERSION, KubeadmError, read } from './command.ts'
import { pullImage } from './init.ts'

const IMAGE_FLAGS = flags`
      --config string               Path to a kubeadm configuration file.
      --cri-socket string           Path to the CRI socket to connect.
      --image-repository string     Choose a container registry to pull control plane images from (default "registry.k8s.io")
      --kubernetes-version string   Choose a specific Kubernetes version for the control plane. (default "stable-1")
`

function imagesFor({ flags: given }: Call): string[] {
  const registry = given.string('image-repository')
  const version = given.string('kubernetes-version')?.replace(/^v?/, 'v')
  return kubeadmImages({ ...(registry ? { registry } : {}), ...(version?.startsWith('v1') ? { version } : {}) })
}

const imagesList: Command = {
  name: 'config images list',
  summary: 'Print a list of images kubeadm will use',
  flags: [...COMMON, ...IMAGE_FLAGS],
  async run(call) {
    for (const image of imagesFor(call)) await call.say(image)
    return 0
  },
}

const imagesPull: Command = {
  name: 'config images pull',
  summary: 'Pull images used by kubeadm',
  flags: [...COMMON, ...IMAGE_FLAGS],
  async run(call) {
    for (const image of imagesFor(call)) {
      await pullImage(call.process, image)
      await call.say(`[config/images] Pulled ${image}`)
    }
    return 0
  },
}

const version: Command = {
  name: 'version',
  summary: 'Print the version of kubeadm',
  flags: [
    ...COMMON,
    ...flags`
  -o, --output string   Output format; available options are 'yaml', 'json' and 'short'
`,
  ],
  async run({ flags: given, say }) {
    const info = {
      major: '1',
      minor: '36',
      gitVersion: KUBEADM_VERSION,
      gitCommit: '$Format:%H$',
      gitTreeState: 'clean',
      buildDate: '1970-01-01T00:00:00Z',
      goVersion: 'go1.26.10',
      compiler: 'gc',
      platform: 'linux/amd64',
    }
    const output = given.string('output')
    if (output === 'short') await say(KUBEADM_VERSION)
    else if (output === 'json') await say(JSON.stringify({ clientVersion: info }, null, 2))
    else if (output === 'yaml')
      await say(
        `clientVersion:\n${Object.entries(info)
          .map(([key, value]) => `  ${key}: ${/^\d+$/.test(value) ? `"${value}"` : value}`)
          .sort()
          .join('\n')}`,
      )
    else if (output !== undefined) throw new KubeadmError(`invalid output format: ${output}`)
    else
      await say(
        `kubeadm version: &version.Info{Major:"1", Minor:"36", EmulationMajor:"", EmulationMinor:"", MinCompatibilityMajor:"", MinCompatibilityMinor:"", GitVersion:"${info.gitVersion}", GitCommit:"${info.gitCommit}", GitTreeState:"clean", BuildDate:"${info.buildDate}", GoVersion:"${info.goVersion}", Compiler:"gc", Platform:"linux/amd64"}`,
      )
    return 0
  },
}

async function clusterVersion(api: Api): Promise<string> {
  const config = await api.get('/api/v1/namespaces/kube-system/configmaps/kubeadm-config')
  if (!config)
    throw new KubeadmError('failed to get config map: configmaps "kubeadm-config" not found', 'upgrade/config')
  return /kubernetesVersion: (\S+)/.exec(config.data.ClusterConfiguration)?.[1] ?? KUBEADM_VERSION
}

const RULE = '_____________________________________________________________________'

const upgradePlan: Command = {
  name: 'upgrade plan',
  summary: 'Check which versions are available to upgrade to and validate whether your current cluster is upgradeable.',
  flags: [
    ...COMMON,
    ...flags`
      --config string                    Path to a kubeadm configuration file.
      --ignore-preflight-errors string   A list of checks whose errors will be shown as warnings.
      --kubeconfig string                The kubeconfig file to use when talking to the cluster. (default "/etc/kubernetes/admin.conf")
`,
  ],
  async run({ process, flags: given, say }) {
    const api = adminApi(process, given.string('kubeconfig'))
    await say('[preflight] Running pre-flight checks.')
    await say(
      '[upgrade/config] Reading configuration from the "kubeadm-config" ConfigMap in namespace "kube-system"...',
    )
    await say(
      "[upgrade/config] Use 'kubeadm init phase upload-config kubeadm --config your-config-file' to re-upload it.",
    )
    const current = await clusterVersion(api)
    await say('[upgrade] Running cluster health checks')
    await say('[upgrade] Fetching available versions to upgrade to')
    await process.sleep(900)
    await say(`[upgrade/versions] Cluster version: ${current.slice(1)}`)
    await say(`[upgrade/versions] kubeadm version: ${KUBEADM_VERSION}`)
    await say(`[upgrade/versions] Target version: ${KUBEADM_VERSION}`)
    await say(`[upgrade/versions] Latest version in the v1.36 series: ${KUBEADM_VERSION}`)
    await say('')
    if (current === KUBEADM_VERSION) return 0
    const nodes = ((await api.get('/api/v1/nodes'))?.items ?? []) as any[]
    const master = nodes.find(({ metadata }) => 'node-role.kubernetes.io/control-plane' in (metadata.labels ?? {}))
    const rows = [
      ...['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map(
        (name) => `${name}\t${master?.metadata.name}`,
      ),
      'kube-proxy\t',
    ].map((row) => `${row}\t${current}\t${KUBEADM_VERSION}`)
    await say('Upgrade to the latest version in the v1.36 series:\n')
    await process.print(
      alignTable(
        [
          'COMPONENT\tNODE\tCURRENT\tTARGET',
          ...rows,
          'CoreDNS\t\tv1.13.1\tv1.13.1',
          `etcd\t${master?.metadata.name}\t3.6.5-0\t3.6.5-0`,
        ],
        0,
      ),
    )
    await say(`
You can now apply the upgrade by executing the following command:

	kubeadm upgrade apply ${KUBEADM_VERSION}

${RULE}


The table below shows the current state of component configs as understood by this version of kubeadm.
Configs that have a "yes" mark in the "MANUAL UPGRADE REQUIRED" column require manual config upgrade or
resetting to kubeadm defaults before a successful upgrade can be performed. The version to manually
upgrade to is denoted in the "PREFERRED VERSION" column.

API GROUP                 CURRENT VERSION   PREFERRED VERSION   MANUAL UPGRADE REQUIRED
kubeproxy.config.k8s.io   v1alpha1          v1alpha1            no
kubelet.config.k8s.io     v1beta1           v1beta1             no
${RULE}
`)
    return 0
  },
}

const checkExpiration: Command = {
  name: 'certs check-expiration',
  summary: 'Check certificates expiration for a Kubernetes cluster',
  flags: [
    ...COMMON,
    ...flags`
      --cert-dir string     The path where to save the certificates (default "/etc/kubernetes/pki")
      --config string       Path to a kubeadm configuration file.
      --kubeconfig string   The kubeconfig file to use when talking to the cluster. (default "/etc/kubernetes/admin.conf")
`,
  ],
  async run({ process, say }) {
    const found = certificatesOnDisk(process).filter(({ pem }) => pem !== '')
    if (found.length === 0 || read(process, '/etc/kubernetes/admin.conf') === undefined)
      throw new KubeadmError(
        'failed to load existing certificate ca: open /etc/kubernetes/pki/ca.crt: no such file or directory',
      )
    await say(
      '[check-expiration] Reading configuration from the "kubeadm-config" ConfigMap in namespace "kube-system"...',
    )
    await say(
      "[check-expiration] Use 'kubeadm init phase upload-config kubeadm --config your-config-file' to re-upload it.",
    )
    await say('')
    const rows = found.map(({ shown, pem, authority }) => {
      // `Nov 21 08:00:03 2027 GMT`
      const until = readCertificate(pem)?.until ?? ''
      const m = /^(\w+) +(\d+) (\d+:\d+):\d+ (\d+)/.exec(until)
      const expires = m ? `${m[1]} ${m[2]!.padStart(2, '0')}, ${m[4]} ${m[3]} UTC` : ''
      return { shown, authority, expires, left: authority ? '364d' : '9y' }
    })
    const own = rows.filter((row) => row.authority !== undefined)
    await process.print(
      alignTable(
        [
          'CERTIFICATE\tEXPIRES\tRESIDUAL TIME\tCERTIFICATE AUTHORITY\tEXTERNALLY MANAGED',
          ...own.map((row) => `${row.shown}\t${row.expires}\t${row.left}\t${row.authority}\tno\t`),
        ],
        0,
      ),
    )
    await say('')
    await process.print(
      alignTable(
        [
          'CERTIFICATE AUTHORITY\tEXPIRES\tRESIDUAL TIME\tEXTERNALLY MANAGED',
          ...rows
            .filter((row) => row.authority === undefined)
            .map((row) => `${row.shown}\t${row.expires}\t${row.left}\tno\t`),
        ],
        0,
      ),
    )
    return 0
  },
}

export const MAINTENANCE: readonly Command[] = [imagesList, imagesPull, version, upgradePlan, checkExpiration]
