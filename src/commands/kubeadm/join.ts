import { clusterInfoSignature } from '../../sim/kubernetes/controllers/bootstrap-token.ts'
import { flags } from '../docker/cli/flag.ts'
import { Api } from './api.ts'
import { authorityHash, PKI } from './certificates.ts'
import { type Call, COMMON, type Command, KubeadmError, put } from './command.ts'
import { writeKubeletConfig } from './kubeconfigs.ts'
import { startKubelet, waitForKubelet } from './kubelet-start.ts'
import { JOIN_CHECKS, preflight } from './preflight.ts'
import { TOKEN_FORMAT } from './tokens.ts'

const RETRY = 5000
const PATIENCE = 300_000
const INFO = '/api/v1/namespaces/kube-public/configmaps/cluster-info'

/** Learns the cluster's authority from the cluster itself, as far as token and hash vouch for it. */
async function discover(
  { process, flags: given }: Call,
  endpoint: string,
  token: string,
): Promise<{ authority: string; server: string }> {
  const [id = '', secret = ''] = token.split('.')
  const from = process.uptime()
  for (;;) {
    const port = process.machine.dial(`https://${endpoint}`)
    const info = await (port && new Api(port, { 'x-anonymous': 'true' }).get(INFO))
    const kubeconfig = info?.data?.kubeconfig as string | undefined
    const signature = info?.data?.[`jws-kubeconfig-${id}`]
    let reason: string
    if (!port)
      reason = `failed to request the cluster-info ConfigMap: Get "https://${endpoint}${INFO}?timeout=10s": dial tcp ${endpoint}: connect: connection refused`
    else if (kubeconfig === undefined)
      reason = 'failed to request the cluster-info ConfigMap: configmaps "cluster-info" not found'
    else if (signature === undefined)
      reason = `could not find a JWS signature in the cluster-info ConfigMap for token ID "${id}"`
    else if (signature !== clusterInfoSignature(kubeconfig, id, secret))
      reason = "failed to verify JWS signature of received cluster info object, can't trust this API Server"
    else {
      const authority = atob(/certificate-authority-data: (\S+)/.exec(kubeconfig)?.[1] ?? '')
      const pins = given.list('discovery-token-ca-cert-hash')
      const hash = authorityHash(authority)
      if (!given.bool('discovery-token-unsafe-skip-ca-verification') && !pins.includes(hash))
        reason = `cluster CA found in cluster-info ConfigMap is invalid: none of the public keys "${hash}" are pinned`
      else return { authority, server: /server: (\S+)/.exec(kubeconfig)?.[1] ?? '' }
    }
    if (process.uptime() - from > PATIENCE)
      throw new KubeadmError(`couldn't validate the identity of the API Server: ${reason}`, 'preflight')
    await process.sleep(RETRY)
  }
}

export const join: Command = {
  name: 'join',
  summary: 'Run this on any machine you wish to join an existing cluster',
  flags: [
    ...COMMON,
    ...flags`
      --config string                                Path to a kubeadm configuration file.
      --control-plane                                Create a new control plane instance on this node
      --cri-socket string                            Path to the CRI socket to connect.
      --discovery-token string                       For token-based discovery, the token used to validate cluster information fetched from the API server.
      --discovery-token-ca-cert-hash strings         For token-based discovery, validate that the root CA public key matches this hash (format: "<type>:<value>").
      --discovery-token-unsafe-skip-ca-verification  For token-based discovery, allow joining without --discovery-token-ca-cert-hash pinning.
      --ignore-preflight-errors string               A list of checks whose errors will be shown as warnings. Example: 'IsPrivilegedUser,Swap'. Value 'all' ignores errors from all checks.
      --node-name string                             Specify the node name.
      --token string                                 Use this token for both discovery-token and tls-bootstrap-token when those values are not provided.
`,
  ],
  async run(call) {
    const { process, flags: given, args, say } = call
    const [endpoint] = args
    const token = given.string('token') ?? given.string('discovery-token')
    if (given.bool('control-plane')) throw new KubeadmError('not simulated: a second control plane')
    if (given.has('config')) throw new KubeadmError('not simulated: kubeadm join --config')
    if (endpoint === undefined || token === undefined) {
      const need = 'discovery: Invalid value: ""'
      throw new KubeadmError(
        endpoint === undefined
          ? `${need}: bootstrapToken or file must be set`
          : `discovery.bootstrapToken: Invalid value: "": the bootstrap token is invalid`,
      )
    }
    if (!TOKEN_FORMAT.test(token))
      throw new KubeadmError(
        `discovery.bootstrapToken.token: Invalid value: "${token}": the bootstrap token is invalid`,
      )
    const pins = given.list('discovery-token-ca-cert-hash')
    if (pins.length === 0 && !given.bool('discovery-token-unsafe-skip-ca-verification'))
      throw new KubeadmError(
        'discovery.bootstrapToken: Invalid value: "": using token-based discovery without caCertHashes can be unsafe. Set unsafeSkipCAVerification as true in your kubeadm config file or pass --discovery-token-unsafe-skip-ca-verification flag to continue',
      )
    const bad = pins.find((pin) => !/^sha256:[0-9a-f]{64}$/i.test(pin))
    if (bad !== undefined)
      throw new KubeadmError(
        bad.startsWith('sha256:')
          ? `invalid hash "${bad}", expected a 32 byte SHA-256 hash, found ${Math.floor((bad.length - 7) / 2)} bytes`
          : `invalid hash "${bad}", expected "format:hex-value". Known format(s) are: sha256`,
      )
    await preflight(call, JOIN_CHECKS)
    const { authority, server } = await discover(call, endpoint.includes(':') ? endpoint : `${endpoint}:6443`, token)
    await say('[preflight] Reading configuration from the "kubeadm-config" ConfigMap in namespace "kube-system"...')
    await say("[preflight] Use 'kubeadm init phase upload-config kubeadm --config your-config-file' to re-upload it.")
    put(process, `${PKI}/ca.crt`, authority, 0o644)
    writeKubeletConfig(call, server)
    await startKubelet(call, 'join')
    await waitForKubelet(call, 'kubelet-start')
    await say('[kubelet-start] Waiting for the kubelet to perform the TLS Bootstrap')
    await process.sleep(800)
    await say(`
This node has joined the cluster:
* Certificate signing request was sent to apiserver and a response was received.
* The Kubelet was informed of the new secure connection details.

Run 'kubectl get nodes' on the control-plane to see this node join the cluster.
`)
    return 0
  },
}
