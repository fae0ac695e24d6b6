import { formatAddress } from '../../../linux/net/ipv4.ts'
import type { Process, Program } from '../../../linux/process.ts'
import { defer } from '../../../time/waiting.ts'
import { klog } from '../klog.ts'
import { log } from './component-program.ts'
import type { SystemComponents } from './programs.ts'

/** Any address far away: its route is the default one. */
const PUBLIC = 0x08_08_08_08
const NET_CONF = '/etc/kube-flannel/net-conf.json'

/** flannel's daemon on a node: needs br_netfilter, a range of the node inside its network, and a card for its tunnel. */
export function flanneld(components: Pick<SystemComponents, 'flannel' | 'podCIDR'>): Program {
  return async (process) => {
    const stopped = defer<number>(process.machine.world.waiting)
    process.on('SIGTERM', () => stopped.resolve(0))
    process.on('SIGINT', () => stopped.resolve(0))
    await log(process, 'main.go:211] CLI flags config')
    const failed = async (text: string) => {
      await klog(process, 'E', `main.go:359] ${text}`)
      return 1
    }
    const iface = process.argv.find((word) => word.startsWith('--iface='))?.slice('--iface='.length)
    const { network } = process.system
    const device = iface ?? network.routes.lookup(PUBLIC)?.device
    const card = device === undefined ? undefined : network.interface(device)
    const address = card?.addresses[0]?.address
    if (iface !== undefined && !card)
      return failed(
        `Could not find valid interface matching ${iface}: failed to find interface ${iface}: error looking up interface ${iface}: route ip+net: no such network interface`,
      )
    await log(process, 'kube.go:145] Waiting 10m0s for node controller to sync')
    if (address !== undefined)
      await log(process, `match.go:210] Using interface with name ${device} and address ${formatAddress(address)}`)
    const net = configured(process)
    if (net !== undefined) await log(process, 'main.go:404] Found network config - Backend type: vxlan')
    if (!process.system.modules.has('br_netfilter'))
      return failed(
        'Failed to check br_netfilter: stat /proc/sys/net/bridge/bridge-nf-call-iptables: no such file or directory',
      )
    const name = process.machine.hostname
    const range = components.podCIDR(process)
    if (range === undefined)
      return failed(`Error registering network: failed to acquire lease: node "${name}" pod cidr not assigned`)
    if (net !== undefined && !range.startsWith(`${net.split('.').slice(0, 2).join('.')}.`))
      return failed(
        `Error registering network: failed to acquire lease: subnet "${net}" specified in the flannel net config doesn't contain "${range}" PodCIDR of the "${name}" node`,
      )
    // The bridge and the routes stay when flanneld ends.
    components.flannel(process, address === undefined ? undefined : formatAddress(address))
    await log(process, 'main.go:379] Wrote subnet file to /run/flannel/subnet.env')
    await log(process, 'main.go:383] Running backend.')
    return stopped.promise
  }
}

/** The network that its ConfigMap names. */
function configured(process: Process): string | undefined {
  if (!process.files.exists(NET_CONF)) return undefined
  return /"Network":\s*"([^"]+)"/.exec(process.files.readText(NET_CONF))?.[1]
}
