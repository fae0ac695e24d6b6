import { type Call, KubeadmError, put } from './command.ts'

const CONFIG = `apiVersion: kubelet.config.k8s.io/v1beta1
authentication:
  anonymous:
    enabled: false
  webhook:
    cacheTTL: 0s
    enabled: true
  x509:
    clientCAFile: /etc/kubernetes/pki/ca.crt
authorization:
  mode: Webhook
  webhook:
    cacheAuthorizedTTL: 0s
    cacheUnauthorizedTTL: 0s
cgroupDriver: systemd
clusterDNS:
- 10.96.0.10
clusterDomain: cluster.local
containerRuntimeEndpoint: unix:///var/run/containerd/containerd.sock
healthzBindAddress: 127.0.0.1
healthzPort: 10248
kind: KubeletConfiguration
rotateCertificates: true
staticPodPath: /etc/kubernetes/manifests
`

const PATIENCE = 240_000
const HEALTHZ = 'http://127.0.0.1:10248/healthz'

export const KUBELET_CONFIG = CONFIG

/** Writes the kubelet's settings and starts it. */
export async function startKubelet(call: Call, order: 'init' | 'join'): Promise<void> {
  const { process, say } = call
  const flagsFile = '/var/lib/kubelet/kubeadm-flags.env'
  const environment = async () => {
    put(process, flagsFile, 'KUBELET_KUBEADM_ARGS=""\n', 0o644)
    await say(`[kubelet-start] Writing kubelet environment file with flags to file "${flagsFile}"`)
  }
  if (order === 'init') await environment()
  put(
    process,
    '/var/lib/kubelet/instance-config.yaml',
    'apiVersion: kubelet.config.k8s.io/v1beta1\ncontainerRuntimeEndpoint: unix:///var/run/containerd/containerd.sock\nkind: KubeletConfiguration\n',
    0o644,
  )
  await say('[kubelet-start] Writing kubelet configuration to file "/var/lib/kubelet/instance-config.yaml"')
  await say('[patches] Applied patch of type "application/strategic-merge-patch+json" to target "kubeletconfiguration"')
  put(process, '/var/lib/kubelet/config.yaml', CONFIG, 0o644)
  await say('[kubelet-start] Writing kubelet configuration to file "/var/lib/kubelet/config.yaml"')
  if (order === 'join') await environment()
  await say('[kubelet-start] Starting the kubelet')
  process.system.units.get('kubelet')?.start()
}

/** Waits until the kubelet answers; after four minutes that is the end. */
export async function waitForKubelet({ process, say }: Call, phase: string): Promise<void> {
  await say(`[kubelet-check] Waiting for a healthy kubelet at ${HEALTHZ}. This can take up to 4m0s`)
  const unit = process.system.units.get('kubelet')
  const from = process.uptime()
  const nanoseconds = process.random.int(100_000, 999_999)
  await process.sleep(500)
  while (!unit?.running) {
    if (process.uptime() - from < PATIENCE) {
      await process.sleep(500)
      continue
    }
    await say(`[kubelet-check] The kubelet is not healthy after 4m0.000${nanoseconds}s

Unfortunately, an error has occurred, likely caused by:
	- The kubelet is not running
	- The kubelet is unhealthy due to a misconfiguration of the node in some way (required cgroups disabled)

If you are on a systemd-powered system, you can try to troubleshoot the error with the following commands:
	- 'systemctl status kubelet'
	- 'journalctl -xeu kubelet'
`)
    throw new KubeadmError(
      `failed while waiting for the kubelet to start: The HTTP call equal to 'curl -sSL ${HEALTHZ}' returned error: Get "${HEALTHZ}": dial tcp 127.0.0.1:10248: connect: connection refused`,
      phase,
    )
  }
  const ms = process.uptime() - from
  const shown = ms < 1000 ? `${Math.round(ms)}.${nanoseconds}ms` : `${(ms / 1000).toFixed(3)}${nanoseconds}s`
  await say(`[kubelet-check] The kubelet is healthy after ${shown}`)
}
