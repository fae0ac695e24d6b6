import { expect, test } from 'vitest'
import { run } from '../../time/driver.ts'
import { EventQueue } from '../../time/event-queue.ts'
import { Random } from '../../time/random.ts'
import { SystemError } from '../errors.ts'
import type { Sockets } from '../socket.ts'
import { decodeDns, encodeDns } from './dns/message.ts'
import { Fabric } from './fabric.ts'
import { NetworkNamespace } from './network-namespace.ts'
import { NamespaceSockets } from './sockets.ts'

function lan() {
  const clock = new EventQueue()
  const world = { clock, waiting: { awakened: false }, random: new Random(1), epoch: 0 }
  const fabric = new Fabric(world)
  const segment = fabric.segment('lan')
  const a = fabric.host('a', segment, '192.168.10.210/24', { gateway: '192.168.10.1' })
  const b = fabric.host('b', segment, '192.168.10.220/24', { gateway: '192.168.10.1' })
  /** A namespace behind a bridge, as a container's. */
  const behind = (host: NetworkNamespace, bridge: string, address: string, gateway: string) => {
    if (!host.interface(bridge)) {
      host.addInterface(bridge, 'bridge')
      host.addAddress(bridge, gateway)
      host.setUp(bridge, true)
    }
    const inside = new NetworkNamespace(4_026_540_000 + Number(address.split(/[./]/)[3]), world)
    inside.setUp('lo', true)
    const name = `veth${address}`
    host.addVeth(name, inside, 'eth0')
    host.setMaster(name, bridge)
    host.setUp(name, true)
    inside.addAddress('eth0', address)
    inside.setUp('eth0', true)
    inside.addDefaultRoute(gateway.split('/')[0]!, 'eth0')
    return { namespace: inside, sockets: new NamespaceSockets(inside) }
  }
  const settle = (until = clock.now + 300_000) =>
    run(clock, world.waiting, () => new Promise((done) => setImmediate(done)), { until })
  const done = async <T>(promise: Promise<T>): Promise<T | string> => {
    let result: T | string = 'pending'
    promise.then(
      (value) => {
        result = value
      },
      (error) => {
        result = error instanceof SystemError ? error.code : String(error)
      },
    )
    await settle()
    return result
  }
  return { world, clock, fabric, segment, a, b, behind, settle, done }
}

/** Answers every connection with the caller's address and its own name. */
function greet(sockets: Sockets, port: number, name: string): void {
  const listener = sockets.listen({ port })
  void (async () => {
    for (;;) {
      const connection = await listener.accept()
      await connection.write(new TextEncoder().encode(`${name} sees ${connection.remote.address}`))
      connection.close()
    }
  })().catch(() => {})
}

async function ask(sockets: Sockets, address: string, port: number): Promise<string> {
  const connection = await sockets.connect({ address, port })
  let text = ''
  for (;;) {
    const bytes = await connection.read()
    if (bytes.length === 0) break
    text += new TextDecoder().decode(bytes)
  }
  connection.close()
  return text
}

test('connections between machines: answered, refused, no neighbour, no route, silence', async () => {
  const { a, b, done, clock } = lan()
  greet(b.sockets, 80, 'b')
  expect(await done(ask(a.sockets, '192.168.10.220', 80))).toBe('b sees 192.168.10.210')
  expect(await done(ask(a.sockets, '192.168.10.220', 81))).toBe('ECONNREFUSED')
  expect(await done(ask(a.sockets, '192.168.10.99', 80))).toBe('EHOSTUNREACH')
  expect(await done(ask(a.sockets, '127.0.0.1', 80))).toBe('ECONNREFUSED')
  b.namespace.netfilter.append('filter', 'INPUT', '-p tcp -m tcp --dport 80 -j DROP')
  const start = clock.now
  let failedAt = 0
  const failed = a.sockets.connect({ address: '192.168.10.220', port: 80 }).catch((error) => {
    failedAt = clock.now
    return error.code
  })
  expect(await done(failed)).toBe('ETIMEDOUT')
  expect(Math.round((failedAt - start) / 1000)).toBe(127)
  b.namespace.netfilter.flush('filter')
  b.namespace.netfilter.append('filter', 'INPUT', '-p tcp -j REJECT')
  expect(await done(ask(a.sockets, '192.168.10.220', 80))).toBe('ECONNREFUSED')
  const lonely = new NetworkNamespace(1, a.namespace.world)
  expect(await done(ask(new NamespaceSockets(lonely), '127.0.0.1', 80))).toBe('ENETUNREACH')
})

test('containers behind a bridge: masquerade outwards, published ports inwards, each other directly', async () => {
  const { a, b, behind, done } = lan()
  const c1 = behind(a.namespace, 'docker0', '172.17.0.2/16', '172.17.0.1/16')
  const c2 = behind(a.namespace, 'docker0', '172.17.0.3/16', '172.17.0.1/16')
  const { netfilter } = a.namespace
  netfilter.append('nat', 'POSTROUTING', '-s 172.17.0.0/16 ! -o docker0 -j MASQUERADE')
  netfilter.newChain('nat', 'DOCKER')
  netfilter.append('nat', 'PREROUTING', '-m addrtype --dst-type LOCAL -j DOCKER')
  netfilter.append('nat', 'DOCKER', '! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80')
  greet(b.sockets, 80, 'b')
  greet(c1.sockets, 80, 'c1')
  expect(await done(ask(c2.sockets, '192.168.10.220', 80))).toBe('b sees 192.168.10.210')
  expect(await done(ask(c2.sockets, '172.17.0.2', 80))).toBe('c1 sees 172.17.0.3')
  expect(await done(ask(b.sockets, '192.168.10.210', 8080))).toBe('c1 sees 192.168.10.220')
  expect(await done(c2.sockets.ping('172.17.0.2'))).toBeLessThan(1)
  expect(await done(c2.sockets.ping('172.17.0.99', { timeout: 1000 }))).toBe(undefined)
  a.namespace.ipForward = false
  expect(await done(c2.sockets.connect({ address: '192.168.10.220', port: 80 }, { timeout: 3000 }))).toBe('ETIMEDOUT')
})

test('a Service: rules spread connections, on the same bridge too', async () => {
  const { a, behind, done } = lan()
  const pods = [1, 2, 3].map((n) => behind(a.namespace, 'cni0', `10.10.0.${n + 1}/24`, '10.10.0.1/24'))
  for (const [n, pod] of pods.slice(0, 2).entries()) greet(pod.sockets, 80, `pod${n + 1}`)
  const { netfilter } = a.namespace
  for (const chain of ['KUBE-SERVICES', 'KUBE-SVC-X', 'KUBE-SEP-A', 'KUBE-SEP-B']) netfilter.newChain('nat', chain)
  netfilter.append('nat', 'PREROUTING', '-m comment --comment "kubernetes service portals" -j KUBE-SERVICES')
  netfilter.append('nat', 'OUTPUT', '-m comment --comment "kubernetes service portals" -j KUBE-SERVICES')
  netfilter.append('nat', 'KUBE-SERVICES', '-d 10.96.0.10/32 -p tcp -m tcp --dport 80 -j KUBE-SVC-X')
  netfilter.append('nat', 'KUBE-SVC-X', '-m statistic --mode random --probability 0.5 -j KUBE-SEP-A')
  netfilter.append('nat', 'KUBE-SVC-X', '-j KUBE-SEP-B')
  netfilter.append('nat', 'KUBE-SEP-A', '-p tcp -m tcp -j DNAT --to-destination 10.10.0.2:80')
  netfilter.append('nat', 'KUBE-SEP-B', '-p tcp -m tcp -j DNAT --to-destination 10.10.0.3:80')
  const seen = new Map<string, number>()
  for (let i = 0; i < 40; i++) {
    const answer = (await done(ask(pods[2]!.sockets, '10.96.0.10', 80))) as string
    seen.set(answer, (seen.get(answer) ?? 0) + 1)
  }
  expect([...seen.keys()].sort()).toEqual(['pod1 sees 10.10.0.4', 'pod2 sees 10.10.0.4'])
  expect(Math.min(...seen.values())).toBeGreaterThan(8)
  expect(await done(ask(a.sockets, '10.96.0.10', 80))).toMatch(/^pod[12] sees 192\.168\.10\.210$/)
  expect(netfilter.chains('nat').map((chain) => chain.name)).toEqual([
    'PREROUTING',
    'INPUT',
    'OUTPUT',
    'POSTROUTING',
    'KUBE-SEP-A',
    'KUBE-SEP-B',
    'KUBE-SERVICES',
    'KUBE-SVC-X',
  ])
  expect(netfilter.chain('nat', 'KUBE-SERVICES')!.rules[0]!.text).toBe(
    '-d 10.96.0.10/32 -p tcp -m tcp --dport 80 -j KUBE-SVC-X',
  )
})

test('a socket on :: serves IPv4 too, unless IPv4 has one of its own', async () => {
  const { a, b, done } = lan()
  const dual = b.sockets.listen({ address: '::', port: 80 })
  const accepted = dual.accept()
  void a.sockets.connect({ address: '192.168.10.220', port: 80 })
  expect(((await done(accepted)) as { local: unknown }).local).toEqual({ address: '192.168.10.220', port: 80 })
  expect(() => b.sockets.listen({ port: 80 })).toThrow('Address already in use')
  greet(b.sockets, 81, 'v4')
  expect(b.sockets.listen({ address: '::', port: 81 }).local.address).toBe('::')
  expect(await done(ask(a.sockets, '192.168.10.220', 81))).toBe('v4 sees 192.168.10.210')
})

test('datagrams are answered through translations; a closed port is told', async () => {
  const { a, b, done, settle } = lan()
  a.namespace.netfilter.append(
    'nat',
    'OUTPUT',
    '-d 10.96.0.10/32 -p udp -m udp --dport 53 -j DNAT --to-destination 192.168.10.220:5353',
  )
  const server = b.sockets.datagram({ port: 5353 })
  void server.receive().then(({ from, bytes }) => server.send(from, bytes))
  const client = a.sockets.datagram()
  client.send({ address: '10.96.0.10', port: 53 }, Uint8Array.of(1, 2, 3))
  const reply = await done(client.receive({ timeout: 2000 }))
  expect(reply).toEqual({ from: { address: '10.96.0.10', port: 53 }, bytes: Uint8Array.of(1, 2, 3) })
  client.send({ address: '192.168.10.220', port: 9 }, Uint8Array.of(1))
  expect(await done(client.receive({ timeout: 2000 }))).toBe('ECONNREFUSED')
  await settle()
  expect(await done(client.receive({ timeout: 2000 }))).toBe('ETIMEDOUT')
})

test('a connection cut in the middle is reset; a finished one ends', async () => {
  const { a, b, done, settle } = lan()
  const listener = b.sockets.listen({ port: 7 })
  const accepted = listener.accept()
  const connecting = a.sockets.connect({ address: '192.168.10.220', port: 7 })
  await settle()
  const [server, client] = [await accepted, await connecting]
  client.finish()
  expect(await done(server.read())).toEqual(new Uint8Array(0))
  await server.write(new Uint8Array(10))
  expect(((await done(client.read())) as Uint8Array).length).toBe(10)
  await server.write(new Uint8Array(10))
  await settle()
  client.close()
  await settle()
  expect(await done(server.write(new Uint8Array(10)))).toBe('ECONNRESET')
  expect(() => b.sockets.listen({ port: 7 })).toThrow('Address already in use')
})

test('a machine without power is silent: no answer to a new connection, data given up after a quarter of an hour', async () => {
  const { a, b, done, settle, clock } = lan()
  greet(b.sockets, 80, 'b')
  const listener = b.sockets.listen({ port: 7 })
  void listener.accept()
  const connecting = a.sockets.connect({ address: '192.168.10.220', port: 7 })
  await settle()
  const connection = await connecting
  b.namespace.powered = false
  expect(await done(a.sockets.ping('192.168.10.220', { timeout: 1000 }))).toBe(undefined)
  expect(await done(ask(a.sockets, '192.168.10.220', 80))).toBe('EHOSTUNREACH')
  await connection.write(new Uint8Array(10))
  await settle(clock.now + 1_000_000)
  expect(await done(connection.read())).toBe('ETIMEDOUT')
})

test('a neighbour is believed for half a minute, then asked for again; who is not there fails', async () => {
  const { a, b, done, settle, clock } = lan()
  greet(b.sockets, 80, 'b')
  const states = () => a.namespace.neighbours.list(clock.now).map(({ mac, state }) => `${mac ? 'known ' : ''}${state}`)
  const connected = a.sockets.connect({ address: '192.168.10.220', port: 80 })
  const asked = a.sockets.connect({ address: '192.168.10.99', port: 80 }).catch(() => {})
  await settle(clock.now + 1000)
  expect(states()).toEqual(['known REACHABLE', 'INCOMPLETE'])
  await settle(clock.now + 31_000)
  expect(states()).toEqual(['known STALE', 'FAILED'])
  void a.sockets.ping('192.168.10.220')
  await settle(clock.now + 1000)
  expect(states()).toEqual(['known DELAY', 'FAILED'])
  await settle(clock.now + 5000)
  expect(states()).toEqual(['known REACHABLE', 'FAILED'])
  await Promise.all([connected, asked])
  // It goes away: the kernel believes in it for a while, then looks, then knows.
  b.namespace.powered = false
  const start = clock.now
  let failedAt = 0
  const lost = a.sockets.connect({ address: '192.168.10.220', port: 80 }).catch((error) => {
    failedAt = clock.now
    return error.code
  })
  expect(await done(lost)).toBe('EHOSTUNREACH')
  expect(Math.round((failedAt - start) / 1000)).toBe(8)
  a.namespace.setUp('eth0', false)
  expect(states()).toEqual([])
})

test('DNS messages survive the wire', () => {
  const message = {
    id: 7,
    response: true,
    authoritative: true,
    truncated: false,
    recursionDesired: true,
    recursionAvailable: true,
    code: 'NOERROR' as const,
    questions: [{ name: '_http._tcp.web.default.svc.cluster.local', type: 'SRV' as const }],
    answers: [
      {
        name: '_http._tcp.web.default.svc.cluster.local',
        type: 'SRV' as const,
        ttl: 30,
        data: '0 100 80 web.default.svc.cluster.local',
      },
      { name: 'web.default.svc.cluster.local', type: 'A' as const, ttl: 30, data: '10.96.1.2' },
      { name: 'a', type: 'TXT' as const, ttl: 1, data: 'hello world' },
    ],
    authority: [],
    additional: [],
  }
  expect(decodeDns(encodeDns(message))).toEqual(message)
  expect(decodeDns(Uint8Array.of(1, 2))).toBe(undefined)
})
