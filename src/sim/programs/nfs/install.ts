import { SystemError } from '../../linux/errors.ts'
import { SharedFileSystem } from '../../linux/fs/shared-fs.ts'
import { resolve } from '../../linux/fs/walk.ts'
import type { Kernel } from '../../linux/kernel.ts'
import type { WorldContext } from '../../linux/machine.ts'
import { formatAddress, parseAddress } from '../../linux/net/ipv4.ts'
import type { MountCall } from '../../linux/system-calls.ts'
import { ETAB, findExport, parseExports } from './exports.ts'
import { NFSD_PID } from './server.ts'

/** The machines of a world that can export directories to one another. */
const machines = new WeakMap<WorldContext, Set<Kernel>>()

/** Gives a machine the filesystem type `nfs`, and lets others mount what it exports. */
export function installNfs(kernel: Kernel): void {
  let all = machines.get(kernel.world)
  if (!all) {
    all = new Set()
    machines.set(kernel.world, all)
  }
  all.add(kernel)
  for (const type of ['nfs', 'nfs4']) kernel.fileSystemTypes.set(type, (_, call) => mount(kernel, call))
}

/**
 * EHOSTUNREACH: no such machine. ECONNREFUSED: it runs no NFS server. EACCES: not exported to this one. ENOENT: no such
 * directory there. Users are not mapped: `root_squash` is shown and not enforced.
 */
function mount(client: Kernel, call: MountCall): SharedFileSystem {
  const m = /^([^:]+):(\/.*)$/.exec(call.source)
  if (!m) throw new SystemError('EINVAL', call.source)
  const [, host = '', path = ''] = m
  const address = parseAddress(host) ?? addressInHosts(client, host)
  if (address === undefined) throw new SystemError('EHOSTUNREACH', call.source)
  const local = client.namespaces.net.isLocal(address)
  const server = local
    ? client
    : [...(machines.get(client.world) ?? [])].find((kernel) => kernel.namespaces.net.isLocal(address))
  if (!server) throw new SystemError('EHOSTUNREACH', call.source)
  if (!server.files.exists(NFSD_PID)) throw new SystemError('ECONNREFUSED', call.source)
  const card = client.namespaces.net.interface('eth0')
  const from = local ? host : formatAddress(card?.addresses[0]?.address ?? 0)
  const clean = path.replace(/(.)\/+$/, '$1')
  const exports = server.files.exists(ETAB) ? parseExports(server.files.readText(ETAB)) : []
  const found = findExport(exports, clean, from)
  if (!found) throw new SystemError('EACCES', call.source)
  const { inode } = resolve(server.init, clean)
  if (inode.type !== 'directory') throw new SystemError('ENOTDIR', call.source)
  return new SharedFileSystem({
    type: 'nfs4',
    source: call.source,
    options: `vers=4.2,rsize=1048576,wsize=1048576,namlen=255,hard,proto=tcp,timeo=600,retrans=2,sec=sys,clientaddr=${from},local_lock=none,addr=${formatAddress(address)}`,
    device: client.nextDevice(),
    root: inode,
    readonly: !found.options.has('rw'),
  })
}

function addressInHosts(kernel: Kernel, name: string): number | undefined {
  for (const line of kernel.files.readText('/etc/hosts').split('\n')) {
    const [address = '', ...names] = line.trim().split(/\s+/)
    if (names.includes(name)) return parseAddress(address)
  }
  return undefined
}
