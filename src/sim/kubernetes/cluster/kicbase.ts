import type { NetworkInterface } from '../../linux/net/interface.ts'
import { formatAddress } from '../../linux/net/ipv4.ts'
import type { Process, Program } from '../../linux/process.ts'
import { defer } from '../../time/waiting.ts'
import type { NodeMachine } from './node-machine.ts'
import type { Site } from './site.ts'

/** Where a container's disk says which machine it is: it outlives `docker stop`. */
const IDENTITY = '/var/lib/kicbase/name'
/** The router of the learner's network. */
const NAMESERVER = '192.168.10.1'
/** The account that minikube works under on its nodes. */
const ACCOUNT = { name: 'docker', uid: 1000 }

/**
 * What minikube's base image runs: a machine inside a container. Its network card hangs where the container's was; it is
 * on as long as the container runs, and its disk is there as long as the container is.
 */
export function kicbase(site: () => Site): Program {
  return async (process) => {
    const stopped = defer<number>(process.machine.world.waiting)
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stopped.resolve(130))
    const name = process.system.namespaces.uts.hostname
    const { files } = process
    const card = process.system.network.interface('eth0')
    const address = card?.addresses[0]
    const outside = card?.peer
    if (!address || !outside?.master) {
      await process.printError('not simulated: a node without a Docker network of its own\n')
      return 1
    }
    const known = files.exists(IDENTITY) ? site().machine(name) : undefined
    const machine = known ?? bootNode(site(), name)
    files.mkdir('/var/lib/kicbase', { parents: true })
    files.write(IDENTITY, name)
    plug(machine, process, outside, `${formatAddress(address.address)}/${address.prefix}`)
    if (known) site().powerOn(name)
    void process.ended.then(() => site().powerOff(name))
    return stopped.promise
  }
}

function bootNode(site: Site, name: string): NodeMachine {
  site.remove(name)
  return site.boot({ name, cards: [], nameservers: [NAMESERVER], hosts: [], images: [], account: ACCOUNT })
}

/** Puts the machine's card on the container's bridge, in the place of the container's own. */
function plug(machine: NodeMachine, process: Process, outside: NetworkInterface, address: string): void {
  const { net } = machine.kernel.namespaces
  const host = outside.namespace
  const bridge = outside.master!
  net.removeInterface('eth0')
  process.system.network.setUp('eth0', false)
  const name = `veth${process.random.hex(7)}`
  host.addVeth(name, net, 'eth0')
  host.setMaster(name, bridge.name)
  host.setUp(name, true)
  net.setUp('eth0', true)
  net.addAddress('eth0', address)
  const gateway = bridge.addresses[0]?.address
  if (gateway !== undefined) net.addDefaultRoute(formatAddress(gateway), 'eth0')
  void process.ended.then(() => host.removeInterface(name))
}
