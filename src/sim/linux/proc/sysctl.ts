import { SystemError } from '../errors.ts'
import { directory, file, type TreeNode } from '../fs/generated-tree.ts'
import type { Viewer } from '../fs/inode.ts'
import type { Kernel } from '../kernel.ts'
import { KernelProcess } from '../process/kernel-process.ts'

/** Settings that only keep their value: path below /proc/sys, and what they are at first. */
const PLAIN: Readonly<Record<string, string>> = {
  'fs/file-max': '9223372036854775807',
  'fs/inotify/max_user_instances': '128',
  'fs/inotify/max_user_watches': '65536',
  'fs/nr_open': '1048576',
  'kernel/core_pattern': 'core',
  'kernel/keys/root_maxbytes': '25000000',
  'kernel/keys/root_maxkeys': '1000000',
  'kernel/msgmax': '8192',
  'kernel/msgmnb': '16384',
  'kernel/panic': '10',
  'kernel/panic_on_oops': '1',
  'kernel/pid_max': '4194304',
  'kernel/printk': '4\t4\t1\t7',
  'kernel/sem': '32000\t1024000000\t500\t32000',
  'kernel/shmmax': '18446744073692774399',
  'kernel/threads-max': '62912',
  'net/core/rmem_max': '212992',
  'net/core/somaxconn': '4096',
  'net/core/wmem_max': '212992',
  'net/ipv4/conf/all/rp_filter': '0',
  'net/ipv4/conf/default/rp_filter': '0',
  'net/ipv4/ip_local_port_range': '32768\t60999',
  'net/ipv4/neigh/default/gc_thresh1': '128',
  'net/ipv4/tcp_fin_timeout': '60',
  'net/ipv4/tcp_keepalive_time': '7200',
  'net/ipv4/tcp_max_syn_backlog': '1024',
  'net/ipv4/tcp_syncookies': '1',
  'net/ipv4/tcp_tw_reuse': '2',
  'net/ipv6/conf/all/disable_ipv6': '1',
  'net/ipv6/conf/all/forwarding': '0',
  'net/bridge/bridge-nf-call-ip6tables': '1',
  'net/netfilter/nf_conntrack_max': '262144',
  'vm/max_map_count': '65530',
  'vm/overcommit_memory': '1',
  'vm/panic_on_oom': '0',
  'vm/swappiness': '60',
}

/** The tree of /proc/sys. */
export function sysctlTree(kernel: Kernel): TreeNode {
  const tree = new Map<string, TreeNode>()
  for (const [path, initial] of Object.entries(PLAIN))
    tree.set(
      path,
      file(
        () => `${kernel.sysctls.get(path) ?? initial}\n`,
        (text, viewer) => {
          needRoot(viewer)
          kernel.sysctls.set(path, text.trim())
        },
      ),
    )
  const uts = (viewer: Viewer | undefined) =>
    viewer instanceof KernelProcess ? viewer.namespaces.uts : kernel.namespaces.uts
  const net = (viewer: Viewer | undefined) =>
    viewer instanceof KernelProcess ? viewer.namespaces.net : kernel.namespaces.net
  const flag = (get: (viewer: Viewer | undefined) => boolean, set: (viewer: Viewer | undefined, on: boolean) => void) =>
    file(
      (viewer) => `${get(viewer) ? 1 : 0}\n`,
      (text, viewer) => {
        needRoot(viewer)
        if (!/^\d+$/.test(text.trim())) throw new SystemError('EINVAL')
        set(viewer, Number(text.trim()) !== 0)
      },
    )
  const forwarding = flag(
    (viewer) => net(viewer).ipForward,
    (viewer, on) => {
      net(viewer).ipForward = on
    },
  )
  tree.set('net/ipv4/ip_forward', forwarding)
  tree.set('net/ipv4/conf/all/forwarding', forwarding)
  tree.set(
    'net/bridge/bridge-nf-call-iptables',
    flag(
      (viewer) => net(viewer).bridgeNetfilter,
      (viewer, on) => {
        net(viewer).bridgeNetfilter = on
      },
    ),
  )
  tree.set(
    'net/ipv4/ip_unprivileged_port_start',
    file(
      (viewer) => `${net(viewer).unprivilegedPortStart}\n`,
      (text, viewer) => {
        needRoot(viewer)
        net(viewer).unprivilegedPortStart = Number(text.trim())
      },
    ),
  )
  tree.set(
    'kernel/hostname',
    file(
      (viewer) => `${uts(viewer).hostname}\n`,
      (text, viewer) => {
        needRoot(viewer)
        uts(viewer).hostname = text.trim().slice(0, 64)
      },
    ),
  )
  tree.set(
    'kernel/domainname',
    file((viewer) => `${uts(viewer).domainname}\n`),
  )
  tree.set(
    'kernel/ostype',
    file(() => 'Linux\n'),
  )
  tree.set(
    'kernel/osrelease',
    file(() => `${kernel.kernelRelease}\n`),
  )
  tree.set(
    'kernel/version',
    file(() => `${kernel.kernelVersion}\n`),
  )
  tree.set(
    'kernel/ns_last_pid',
    file(() => `${kernel.namespaces.pid.lastPid}\n`),
  )
  tree.set(
    'kernel/random/boot_id',
    file(() => `${kernel.bootId}\n`),
  )
  tree.set(
    'kernel/random/uuid',
    file(() => `${kernel.randomUuid()}\n`),
  )
  tree.set(
    'vm/drop_caches',
    file(
      () => '0\n',
      (_text, viewer) => needRoot(viewer),
    ),
  )
  return nest(tree)
}

function needRoot(viewer: Viewer | undefined): void {
  const uid = viewer?.credentials.outside?.uid ?? viewer?.credentials.uid ?? 0
  if (uid !== 0) throw new SystemError('EPERM')
}

interface Nested {
  [name: string]: Nested | TreeNode
}

function nest(paths: ReadonlyMap<string, TreeNode>): TreeNode {
  const top: Nested = {}
  for (const [path, node] of paths) {
    const parts = path.split('/')
    let at = top
    for (const part of parts.slice(0, -1)) {
      at[part] ??= {}
      at = at[part] as Nested
    }
    at[parts.at(-1)!] = node
  }
  return toTree(top)
}

function toTree(nested: Nested): TreeNode {
  const entries: Record<string, TreeNode> = {}
  for (const [name, value] of Object.entries(nested))
    entries[name] =
      typeof (value as { kind?: unknown }).kind === 'string' ? (value as TreeNode) : toTree(value as Nested)
  return directory(entries)
}
