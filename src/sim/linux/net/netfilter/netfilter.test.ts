import { expect, test } from 'vitest'
import { Random } from '../../../time/random.ts'
import { parseAddress } from '../ipv4.ts'
import type { Packet } from '../packet.ts'
import { evaluate } from './evaluate.ts'
import { iptables, iptablesSave } from './iptables-command.ts'
import { Netfilter } from './netfilter.ts'
import { IptablesError } from './parse-rule.ts'

function run(filter: Netfilter, line: string): string {
  try {
    return iptables(
      filter,
      [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2]!),
    )
  } catch (error) {
    if (error instanceof IptablesError) return `${error.status}: ${error.message}`
    throw error
  }
}

const packet = (overrides: Partial<Packet> = {}): Packet => ({
  protocol: 'tcp',
  source: parseAddress('192.168.10.1')!,
  sourcePort: 40_000,
  destination: parseAddress('10.96.0.10')!,
  destinationPort: 80,
  established: false,
  mark: 0,
  ttl: 64,
  bytes: 60,
  ...overrides,
})

const context = (now = 0) => ({
  inInterface: 'eth0',
  outInterface: undefined,
  isLocal: () => false,
  random: new Random(1),
  now,
})

test('rules are printed as iptables -S prints them, whatever spelling made them', () => {
  const filter = new Netfilter()
  expect(run(filter, '-t nat -N KUBE-SVC')).toBe('')
  run(
    filter,
    '-t nat -A KUBE-SVC -d 10.96.0.10 -p tcp --dport 80 -m comment --comment "default/web cluster IP" -j DNAT --to-destination 10.10.0.2:80',
  )
  run(filter, '-t nat -A PREROUTING -m addrtype --dst-type LOCAL -j KUBE-SVC')
  run(filter, '-t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE')
  expect(run(filter, '-t nat -S')).toBe(`-P PREROUTING ACCEPT
-P INPUT ACCEPT
-P OUTPUT ACCEPT
-P POSTROUTING ACCEPT
-N KUBE-SVC
-A PREROUTING -m addrtype --dst-type LOCAL -j KUBE-SVC
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
-A KUBE-SVC -d 10.96.0.10/32 -p tcp -m tcp --dport 80 -m comment --comment "default/web cluster IP" -j DNAT --to-destination 10.10.0.2:80
`)
  expect(run(filter, '-t nat -L KUBE-SVC -n')).toBe(`Chain KUBE-SVC (1 references)
target     prot opt source               destination         
DNAT       tcp  --  0.0.0.0/0            10.96.0.10           /* default/web cluster IP */ tcp dpt:80 to:10.10.0.2:80
`)
  expect(run(filter, '-L INPUT')).toBe(`Chain INPUT (policy ACCEPT)
target     prot opt source               destination         
`)
  expect(iptablesSave(filter, 'now')).toContain('*nat\n:PREROUTING ACCEPT [0:0]\n')
})

test('what iptables refuses', () => {
  const filter = new Netfilter()
  expect(run(filter, '-A NOPE -j ACCEPT')).toBe('1: No chain/target/match by that name.')
  expect(run(filter, '-A INPUT -j NOPE')).toBe("2: Couldn't load target `NOPE':No such file or directory")
  expect(run(filter, '-D INPUT -j ACCEPT')).toBe('1: Bad rule (does a matching rule exist in that chain?).')
  expect(run(filter, '-N INPUT')).toBe('1: Chain already exists.')
  expect(run(filter, '-A INPUT -s nonsense -j DROP')).toBe("2: host/network `nonsense' not found")
  run(filter, '-N USED')
  run(filter, '-A INPUT -j USED')
  expect(run(filter, '-X USED')).toBe('1: Too many links.')
})

test('custom chains return, goto does not, the first verdict counts', () => {
  const filter = new Netfilter()
  for (const line of [
    '-N FIRST',
    '-N SECOND',
    '-A FIRST -p udp -j DROP',
    '-A FIRST -p tcp --dport 22 -j RETURN',
    '-A FIRST -p tcp -m multiport --dports 80,443 -j SECOND',
    '-A SECOND -s 192.168.10.0/24 -j ACCEPT',
    '-A FORWARD -j FIRST',
    '-A FORWARD -j DROP',
  ])
    expect(run(filter, line)).toBe('')
  const verdict = (overrides: Partial<Packet>) =>
    evaluate(filter, 'filter', 'FORWARD', packet(overrides), context()).kind
  expect(verdict({})).toBe('ACCEPT')
  expect(verdict({ source: parseAddress('10.0.0.1')! })).toBe('DROP')
  expect(verdict({ destinationPort: 22 })).toBe('DROP')
  expect(verdict({ protocol: 'udp' })).toBe('DROP')
})

test('affinity by recent lists, sets, marks and states', () => {
  const filter = new Netfilter()
  run(
    filter,
    '-t nat -A PREROUTING -m recent --name SEP --rcheck --seconds 100 --reap -j DNAT --to-destination 10.0.0.1:80',
  )
  run(filter, '-t nat -A PREROUTING -p tcp --dport 80 -m recent --name SEP --set -j DNAT --to-destination 10.0.0.2:80')
  const port = (now: number) => {
    const verdict = evaluate(filter, 'nat', 'PREROUTING', packet(), context(now))
    return verdict.kind === 'DNAT' ? verdict.address! & 255 : 0
  }
  expect([port(0), port(50_000), port(100_001)]).toEqual([2, 1, 2])
  filter.sets.set('allowed', new Set(['192.168.10.1']))
  run(filter, '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT')
  run(filter, '-A INPUT -m set ! --match-set allowed src -j DROP')
  run(filter, '-A INPUT -j MARK --set-xmark 0x4000/0x4000')
  run(filter, '-A INPUT -m mark --mark 0x4000/0x4000 -j REJECT')
  const input = (overrides: Partial<Packet>) => evaluate(filter, 'filter', 'INPUT', packet(overrides), context()).kind
  expect(input({ established: true })).toBe('ACCEPT')
  expect(input({ source: 1 })).toBe('DROP')
  expect(input({})).toBe('REJECT')
})
