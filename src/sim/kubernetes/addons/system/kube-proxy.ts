import type { Process, Program } from '../../../linux/process.ts'
import { klog } from '../klog.ts'
import { componentProgram } from './component-program.ts'
import type { SystemComponents } from './programs.ts'

const KIND = 'KubeProxyConfiguration'
const VERSION = 'kubeproxy.config.k8s.io/v1alpha1'

/** kube-proxy on a node: it reads its configuration file when it starts, and ends when that is wrong. */
export function kubeProxy(components: Pick<SystemComponents, 'kubeProxy'>): Program {
  const work = componentProgram(components.kubeProxy, [
    'server_linux.go:69] "Using iptables proxy"',
    'config.go:199] "Starting service config controller"',
    'shared_informer.go:320] Caches are synced for service config',
  ])
  return async (process) => {
    const fault = faultOf(process)
    if (fault === undefined) return work(process)
    await klog(process, 'E', `run.go:72] "command failed" err=${JSON.stringify(fault)}`)
    return 1
  }
}

function faultOf(process: Process): string | undefined {
  const path = process.argv.find((word) => word.startsWith('--config='))?.slice('--config='.length)
  if (path === undefined) return undefined
  if (!process.files.exists(path)) return `failed complete: open ${path}: no such file or directory`
  const text = process.files.readText(path)
  const setting = (name: string) => new RegExp(`^${name}:[ \\t]*"?([^"\\n]*?)"?[ \\t]*$`, 'm').exec(text)?.[1] ?? ''
  const kind = setting('kind')
  const version = setting('apiVersion')
  if (kind === '') return "failed complete: Object 'Kind' is missing in the configuration"
  if (version === '') return "failed complete: Object 'apiVersion' is missing in the configuration"
  if (kind !== KIND || version !== VERSION)
    return `failed complete: no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(version)} in scheme "k8s.io/kubernetes/pkg/proxy/apis/config/scheme/scheme.go:28"`
  const mode = setting('mode')
  if (mode === 'ipvs' || mode === 'nftables') return `not simulated: kube-proxy's mode ${mode} (iptables is)`
  if (mode !== '' && mode !== 'iptables')
    return `failed validate: KubeProxyConfiguration.ProxyMode: Invalid value: ${JSON.stringify(mode)}: must be iptables, ipvs, nftables or blank (blank means the best-available proxy [currently iptables])`
  return undefined
}
