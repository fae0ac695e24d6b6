import type { Card, MachineSpec } from '../kubernetes/cluster/node-machine.ts'
import type { Fabric } from '../linux/net/fabric.ts'
import type { Topology } from './journal.ts'

const GATEWAY = '192.168.10.1'
const ADDRESSES: readonly [string, string][] = [
  ['master', '192.168.10.210'],
  ['worker', '192.168.10.220'],
]

/** The computers of a topology that are no cluster yet. */
export function machinesOf(topology: Topology, fabric: Fabric): MachineSpec[] {
  if (topology !== 'machines' && topology !== 'machines-nat') return []
  const hosts = ADDRESSES.map(([name, ip]) => `${ip}\t${name}`)
  return ADDRESSES.map(([name, ip]) => {
    const lan = { segment: 'lan', address: `${ip}/24` }
    let cards: Card[] = [{ ...lan, device: 'eth0', gateway: GATEWAY }]
    if (topology === 'machines-nat') {
      const segment = `nat-${name}`
      // VirtualBox gives every machine the same address behind its own translator.
      fabric.host(segment, fabric.segment(segment), '10.0.2.2/24')
      cards = [
        { device: 'enp0s3', segment, address: '10.0.2.15/24', gateway: '10.0.2.2', isHidden: true },
        { ...lan, device: 'enp0s8' },
      ]
    }
    return { name, cards, hosts, nameservers: [GATEWAY], images: [], fresh: true }
  })
}
