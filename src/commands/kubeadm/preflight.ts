import { CRI_SOCKET } from '../../sim/containers/api/create-cri.ts'
import type { Process } from '../../sim/linux/process.ts'
import { type Call, KubeadmError, read } from './command.ts'

interface Finding {
  check: string
  text: string
  isWarning?: boolean
}

type Check = (process: Process) => Finding | undefined

const fileCheck = (path: string) => path.replaceAll(/[/.]/g, '-').replace(/-(\w+)$/, (tail) => tail)

const isRoot: Check = (process) =>
  process.credentials.uid === 0 ? undefined : { check: 'IsPrivilegedUser', text: 'user is not running as root' }

const kubelet: Check = (process) => {
  const unit = process.system.units.get('kubelet')
  if (!unit) return { check: 'FileExisting-kubelet', text: 'kubelet not found in system path' }
  if (unit.enabled) return undefined
  return {
    check: 'Service-Kubelet',
    text: "kubelet service is not enabled, please run 'systemctl enable kubelet.service'",
    isWarning: true,
  }
}

const swap: Check = (process) =>
  process.system.swaps.length === 0
    ? undefined
    : {
        check: 'Swap',
        text: 'swap is supported for cgroup v2 only. The kubelet must be properly configured to use swap. Please refer to https://kubernetes.io/docs/concepts/architecture/nodes/#swap-memory, or disable swap on the node',
        isWarning: true,
      }

const runtime: Check = (process) =>
  process.machine.dial(CRI_SOCKET)
    ? undefined
    : {
        check: 'CRI',
        text: 'could not connect to the container runtime: failed to create new CRI runtime service: validate service connection: validate CRI v1 runtime API for endpoint "unix:///var/run/containerd/containerd.sock": rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /var/run/containerd/containerd.sock: connect: no such file or directory"',
      }

const forwarding: Check = (process) =>
  read(process, '/proc/sys/net/ipv4/ip_forward')?.trim() === '1'
    ? undefined
    : {
        check: 'FileContent--proc-sys-net-ipv4-ip_forward',
        text: '/proc/sys/net/ipv4/ip_forward contents are not set to 1',
      }

const port =
  (number: number, inUse: (process: Process) => boolean): Check =>
  (process) =>
    inUse(process) ? { check: `Port-${number}`, text: `Port ${number} is in use` } : undefined

const absent =
  (path: string): Check =>
  (process) =>
    process.files.exists(path)
      ? { check: `FileAvailable-${fileCheck(path)}`, text: `${path} already exists` }
      : undefined

const kubeletRuns = (process: Process) => process.system.units.get('kubelet')?.running === true
const dialled = (number: number) => (process: Process) =>
  process.machine.dial(`https://127.0.0.1:${number}`) !== undefined

const emptyData: Check = (process) =>
  process.files.exists('/var/lib/etcd') && process.files.list('/var/lib/etcd').length > 0
    ? { check: 'DirAvailable--var-lib-etcd', text: '/var/lib/etcd is not empty' }
    : undefined

const COMMON: readonly Check[] = [isRoot, swap, kubelet, port(10250, kubeletRuns), runtime, forwarding]

export const INIT_CHECKS = (apiPort: number): readonly Check[] => [
  port(apiPort, dialled(apiPort)),
  ...['apiserver', 'controller-manager', 'scheduler']
    .map((name) => `/etc/kubernetes/manifests/kube-${name}.yaml`)
    .concat('/etc/kubernetes/manifests/etcd.yaml')
    .map(absent),
  ...COMMON,
  emptyData,
]

export const JOIN_CHECKS: readonly Check[] = [
  absent('/etc/kubernetes/kubelet.conf'),
  absent('/etc/kubernetes/pki/ca.crt'),
  ...COMMON,
]

/** Throws when a check fails that `--ignore-preflight-errors` does not name. */
export async function preflight(call: Call, checks: readonly Check[]): Promise<void> {
  const { process, flags, say } = call
  await say('[preflight] Running pre-flight checks')
  await process.compute(200)
  const ignored = (flags.string('ignore-preflight-errors') ?? '').toLowerCase().split(',')
  const found = checks.flatMap((check) => check(process) ?? [])
  const isIgnored = ({ check, isWarning }: Finding) =>
    isWarning || ignored.includes('all') || ignored.includes(check.toLowerCase())
  const list = (kind: string, findings: readonly Finding[]) =>
    findings.map(({ check, text }) => `\t[${kind} ${check}]: ${text}\n`).join('')
  await process.printError(list('WARNING', found.filter(isIgnored)))
  const errors = found.filter((finding) => !isIgnored(finding))
  if (errors.length === 0) return
  await process.printError(
    `[preflight] Some fatal errors occurred:\n${list('ERROR', errors)}[preflight] If you know what you are doing, you can make a check non-fatal with \`--ignore-preflight-errors=...\`\n`,
  )
  throw new KubeadmError('preflight checks failed', 'preflight')
}
