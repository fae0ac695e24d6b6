import { CRI_SOCKET } from '../../sim/containers/api/create-cri.ts'
import { klog } from '../../sim/kubernetes/addons/klog.ts'
import type { Process } from '../../sim/linux/process.ts'
import { flags } from '../docker/cli/flag.ts'
import { ADMIN_CONFIG } from './api.ts'
import { COMMON, type Command, KubeadmError, read } from './command.ts'

const FOLDERS = ['/etc/kubernetes/manifests', '/var/lib/kubelet', '/etc/kubernetes/pki']
const FILES = [
  'admin.conf',
  'super-admin.conf',
  'kubelet.conf',
  'bootstrap-kubelet.conf',
  'controller-manager.conf',
  'scheduler.conf',
].map((name) => `/etc/kubernetes/${name}`)

function removeTree(process: Process, path: string, isTop = true): void {
  if (!process.files.exists(path)) return
  for (const { name, type } of process.files.list(path)) {
    const inner = `${path}/${name}`
    try {
      if (type === 'directory') removeTree(process, inner, false)
      else process.files.unlink(inner)
    } catch {
      // Still mounted, or in use: it stays.
    }
  }
  if (isTop) return
  try {
    process.files.rmdir(path)
  } catch {
    // Not empty.
  }
}

async function removeContainers(process: Process): Promise<void> {
  const runtime = process.machine.dial(CRI_SOCKET)
  if (!runtime) return
  const { body } = await runtime.handle({ method: 'GET', path: '/containers' })
  const all = body as { id: string; sandbox: boolean }[]
  for (const { id } of [...all].sort((a, b) => Number(a.sandbox) - Number(b.sandbox))) {
    await runtime.handle({ method: 'POST', path: `/containers/${id}/stop`, query: [['timeout', '0']] })
    await runtime.handle({ method: 'DELETE', path: `/containers/${id}` })
  }
}

export const reset: Command = {
  name: 'reset',
  summary: "Performs a best effort revert of changes made to this host by 'kubeadm init' or 'kubeadm join'",
  flags: [
    ...COMMON,
    ...flags`
      --cleanup-tmp-dir                  Cleanup the "/etc/kubernetes/tmp" directory
      --cri-socket string                Path to the CRI socket to connect.
  -f, --force                            Reset the node without prompting for confirmation.
      --ignore-preflight-errors string   A list of checks whose errors will be shown as warnings.
`,
  ],
  async run({ process, flags: given, say }) {
    if (process.credentials.uid !== 0) {
      await process.printError(
        '[preflight] Some fatal errors occurred:\n\t[ERROR IsPrivilegedUser]: user is not running as root\n[preflight] If you know what you are doing, you can make a check non-fatal with `--ignore-preflight-errors=...`\n',
      )
      throw new KubeadmError('preflight checks failed', 'preflight')
    }
    const isControlPlane = read(process, ADMIN_CONFIG) !== undefined
    if (isControlPlane) {
      await say('[reset] Reading configuration from the "kubeadm-config" ConfigMap in namespace "kube-system"...')
      await say("[reset] Use 'kubeadm init phase upload-config kubeadm --config your-config-file' to re-upload it.")
    }
    if (!given.bool('force')) {
      await process.printError(
        "[reset] WARNING: Changes made to this host by 'kubeadm init' or 'kubeadm join' will be reverted.\n[reset] Are you sure you want to proceed? [y/N]: ",
      )
      const answer = new TextDecoder().decode(await process.stdin.read())
      if (!/^y(es)?\s*$/i.test(answer)) throw new KubeadmError('aborted reset operation', 'preflight')
    }
    await say('[preflight] Running pre-flight checks')
    if (!isControlPlane)
      await klog(
        process,
        'W',
        'removeetcdmember.go:106] [reset] No kubeadm config, using etcd pod spec to get data directory',
      )
    await say('[reset] Deleted contents of the etcd data directory: /var/lib/etcd')
    await say('[reset] Stopping the kubelet service')
    process.system.units.get('kubelet')?.stop()
    await process.sleep(300)
    await say('[reset] Unmounting mounted directories in "/var/lib/kubelet"')
    await removeContainers(process)
    await say(`[reset] Deleting contents of directories: [${FOLDERS.join(' ')}]`)
    for (const folder of [...FOLDERS, '/var/lib/etcd']) removeTree(process, folder)
    await say(`[reset] Deleting files: [${FILES.join(' ')}]`)
    for (const file of FILES) if (process.files.exists(file)) process.files.unlink(file)
    await say(`
The reset process does not perform cleanup of CNI plugin configuration,
network filtering rules and kubeconfig files.

For information on how to perform this cleanup manually, please see:
    https://k8s.io/docs/reference/setup-tools/kubeadm/kubeadm-reset/
`)
    return 0
  },
}
