import { expect, test } from 'vitest'
import { SystemError } from '../../errors.ts'
import { machine } from '../../test-kernel.ts'
import { Fabric } from '../fabric.ts'
import { decodeDns, encodeDns } from './message.ts'
import { searchNames } from './resolver.ts'

const drain = () => new Promise<void>((done) => setImmediate(done))

/** A machine with a name server beside it that knows some names and writes down what it is asked. */
function network(zone: Record<string, string>) {
  const { kernel, world, drive } = machine(drain)
  const fabric = new Fabric(world)
  const lan = fabric.segment('lan')
  fabric.attach(kernel.namespaces.net, 'eth0', lan, { address: '192.168.10.210/24', gateway: '192.168.10.1' })
  const server = fabric.host('dns', lan, '192.168.10.1/24')
  const asked: string[] = []
  const socket = server.sockets.datagram({ port: 53 })
  void (async () => {
    for (;;) {
      const { from, bytes } = await socket.receive()
      const query = decodeDns(bytes)!
      const name = query.questions[0]!.name
      asked.push(name)
      const address = zone[name]
      socket.send(
        from,
        encodeDns({
          ...query,
          response: true,
          code: address ? 'NOERROR' : 'NXDOMAIN',
          answers: address ? [{ name, type: 'A', ttl: 30, data: address }] : [],
        }),
      )
    }
  })()
  const lookup = async (name: string): Promise<string[] | string> => {
    let result: string[] | string = 'nothing'
    kernel.spawn({
      argv: ['lookup'],
      program: async (process) => {
        try {
          result = await process.net.resolve(name)
        } catch (error) {
          result = error instanceof SystemError ? error.code : String(error)
        }
        return 0
      },
    })
    await drive()
    return result
  }
  return { kernel, asked, lookup }
}

test('names go through /etc/hosts, search domains and ndots to the servers of resolv.conf', async () => {
  const { kernel, asked, lookup } = network({
    'web.default.svc.cluster.local': '10.96.0.7',
    'example.org': '93.184.216.34',
  })
  kernel.files.write(
    '/etc/resolv.conf',
    'search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 192.168.10.1\noptions ndots:5\n',
  )
  kernel.files.write('/etc/hosts', '127.0.0.1 localhost\n192.168.10.220 worker.test worker # a node\n')
  expect(await lookup('worker')).toEqual(['192.168.10.220'])
  expect(await lookup('10.1.2.3')).toEqual(['10.1.2.3'])
  expect(asked).toEqual([])
  expect(await lookup('web')).toEqual(['10.96.0.7'])
  expect(asked.splice(0)).toEqual(['web.default.svc.cluster.local'])
  expect(await lookup('example.org')).toEqual(['93.184.216.34'])
  expect(asked.splice(0)).toEqual([
    'example.org.default.svc.cluster.local',
    'example.org.svc.cluster.local',
    'example.org.cluster.local',
    'example.org',
  ])
  expect(await lookup('example.org.')).toEqual(['93.184.216.34'])
  expect(asked.splice(0)).toEqual(['example.org'])
  expect(await lookup('wbe')).toEqual([])
})

test('no server at the address: a temporary failure, not a missing name', async () => {
  const { kernel, lookup } = network({})
  kernel.files.write('/etc/resolv.conf', 'nameserver 192.168.10.99\noptions timeout:1\n')
  expect(await lookup('web')).toBe('ETIMEDOUT')
  kernel.files.write('/etc/resolv.conf', '')
  expect(await lookup('web')).toBe('ETIMEDOUT')
})

test('search order', () => {
  const conf = { search: ['a', 'b'], ndots: 2 }
  expect(searchNames('x.y', conf)).toEqual(['x.y.a', 'x.y.b', 'x.y'])
  expect(searchNames('x.y.z', conf)).toEqual(['x.y.z', 'x.y.z.a', 'x.y.z.b'])
})
