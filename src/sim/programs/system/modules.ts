import { type Applet, AppletError, say } from '../applet/applet.ts'
import { parseOptions } from '../applet/options.ts'

const KNOWN = new Set(
  'overlay br_netfilter bridge veth vxlan ip_tables ip6_tables iptable_nat iptable_filter nf_nat nf_conntrack nf_tables xt_comment xt_conntrack xt_MASQUERADE ip_vs ip_vs_rr ip_vs_wrr ip_vs_sh nfs nfsd dummy tun ipip wireguard loop ext4 xfs btrfs nbd configs'.split(
    ' ',
  ),
)

export const lsmod: Applet = async ({ process }) => {
  const rows = [...process.system.modules]
    .reverse()
    .map((name) => `${name.padEnd(20)} ${String(16_384 + name.length * 4096).padStart(8)}  0\n`)
  await process.print(`Module                  Size  Used by\n${rows.join('')}`)
  return 0
}

/** modprobe, insmod and rmmod. */
export const modprobe: Applet = async (call) => {
  const { process, name } = call
  const options = parseOptions(call, { short: 'arqvnfs', long: { remove: 'r', quiet: 'q', all: 'a' } })
  const remove = options.has('r') || name === 'rmmod'
  const wanted = options.has('a') ? options.operands : options.operands.slice(0, 1)
  if (wanted.length === 0) throw new AppletError('missing parameters. See -h.')
  for (const each of wanted) {
    const module = each.replace(/-/g, '_')
    if (!KNOWN.has(module))
      throw new AppletError(
        say(
          call,
          `FATAL: Module ${each} not found in directory /lib/modules/${process.machine.kernelRelease}`,
          `module ${each} not found in modules.dep`,
        ),
      )
    if (process.credentials.uid !== 0)
      throw new AppletError(`ERROR: could not ${remove ? 'remove' : 'insert'} '${module}': Operation not permitted`)
    if (remove) process.system.modules.delete(module)
    else process.system.modules.add(module)
  }
  return 0
}

/** swapon (list) and swapoff. */
export const swap: Applet = async (call) => {
  const { process, name } = call
  const { swaps } = process.system
  const options = parseOptions(call, { short: 'asev', long: { all: 'a', show: 'show', summary: 's' } })
  if (name === 'swapon') {
    if (options.operands.length > 0) throw new AppletError('not simulated: swapon DEVICE')
    if (swaps.length > 0 && !options.has('a'))
      await process.print(
        `NAME      TYPE      SIZE USED PRIO\n${swaps.map((each) => `${each.path} ${each.kind} ${Math.round(each.size / 1024 ** 2)}M   0B   -2\n`).join('')}`,
      )
    return 0
  }
  if (process.credentials.uid !== 0)
    throw new AppletError(
      `${options.operands[0] ?? swaps[0]?.path ?? '/swapfile'}: swapoff failed: Operation not permitted`,
      4,
    )
  if (options.has('a')) swaps.length = 0
  for (const path of options.operands) {
    const index = swaps.findIndex((each) => each.path === path)
    if (index < 0) throw new AppletError(`${path}: swapoff failed: Invalid argument`, 4)
    swaps.splice(index, 1)
  }
  return 0
}

export const crontab: Applet = async () => {
  throw new AppletError('not simulated: cron (Kubernetes has CronJobs)')
}
