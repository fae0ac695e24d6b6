import { expect, test } from 'vitest'
import { makeLayer } from '../fs/layer.ts'
import type { Process } from '../process.ts'
import { machine } from '../test-kernel.ts'

const drain = () => new Promise<void>((done) => setImmediate(done))

/** A machine with one container on it, that sleeps. */
function withContainer() {
  const { kernel, drive } = machine(drain)
  const image = makeLayer([
    ['etc/alpine-release', '3.18.4\n'],
    ['proc', { directory: true }],
  ])
  const rootfs = kernel.overlay({
    lowers: [kernel.graft('/var/lib/docker/overlay2/image/diff', image)],
    upper: kernel.makeDirectory('/var/lib/docker/overlay2/c1/diff'),
  })
  const mnt = kernel.newMountNamespace({ fs: rootfs })
  const namespaces = kernel.newNamespaces(['pid', 'uts', 'ipc', 'net'], { mnt })
  namespaces.uts.hostname = 'box'
  namespaces.net.setUp('lo', true)
  kernel.mountIn(mnt, '/proc', { fs: kernel.procFs(namespaces.pid) })
  const container = kernel.spawn({
    argv: ['sleep', '1000'],
    program: (process) => process.sleep(1_000_000).then(() => 0),
    namespaces,
    newSession: true,
    cwd: '/',
    cgroup: kernel.cgroups.ensure('/docker/c1'),
  })
  const run = async <T>(action: (process: Process) => T | Promise<T>): Promise<T> => {
    let result: T | undefined
    kernel.spawn({
      argv: ['test'],
      program: async (process) => {
        result = await action(process)
        return 0
      },
    })
    await drive()
    expect(kernel.faults).toEqual([])
    return result as T
  }
  return { kernel, container, run, drive }
}

test('a process enters the namespaces of a container one by one', async () => {
  const { container, run } = withContainer()
  const pid = container.hostPid
  expect(container.pid).toBe(1)
  const seen = await run(async (process) => {
    const lines: string[] = []
    process.system.joinProcess(pid, ['uts'])
    lines.push(process.system.namespaces.uts.hostname, process.files.readText('/etc/hostname').trim())
    lines.push(
      process.files.readlink('/proc/self/ns/uts') === process.files.readlink(`/proc/${pid}/ns/uts`) ? 'same' : 'other',
    )
    lines.push(process.files.readText(`/proc/${pid}/root/etc/alpine-release`).trim())
    process.system.joinProcess(pid, ['mnt', 'pid'])
    lines.push(process.files.readText('/etc/alpine-release').trim())
    const inside = process.spawn({
      argv: ['inside'],
      program: (self) => {
        lines.push(`pid ${self.pid} of ${self.ppid}`, self.files.readlink('/proc/self'))
        lines.push(
          self.files
            .list('/proc')
            .filter(({ name }) => /^\d+$/.test(name))
            .map(({ name }) => name)
            .join(' '),
        )
        return 0
      },
    })
    await process.wait(inside)
    return lines
  })
  expect(seen).toEqual(['box', 'lab', 'same', '3.18.4', '3.18.4', 'pid 2 of 0', '2', '1 2'])
})

test('the machine sees a container’s processes under numbers of its own; the end of its process 1 ends all', async () => {
  const { kernel, container, drive } = withContainer()
  const child = container.spawn({ argv: ['child'], program: (process) => process.sleep(1_000_000).then(() => 0) })
  await drive(100)
  expect([child.pid, child.ppid]).toEqual([2, 1])
  expect(kernel.files.readText(`/proc/${child.hostPid}/status`)).toContain(`NSpid:\t${child.hostPid}\t2\n`)
  expect(kernel.files.readText(`/proc/${child.hostPid}/cgroup`)).toContain('4:memory:/docker/c1\n')
  container.receive('SIGTERM')
  await drive(200)
  expect(container.exitStatus).toBe(undefined)
  container.receive('SIGKILL')
  await drive(300)
  expect(child.exitStatus?.signal).toBe('SIGKILL')
  expect(() => kernel.spawn({ argv: ['late'], program: () => 0, namespaces: container.namespaces })).toThrow(
    'Cannot allocate memory',
  )
})

test('a named network namespace lives while its name does, and takes its cards with it', async () => {
  const { kernel, run } = withContainer()
  await run(async (process) => {
    process.files.mkdir('/run/netns')
    process.files.write('/run/netns/blue', '')
    const maker = process.spawn({
      argv: ['ip', 'netns', 'add'],
      program: (self) => {
        self.system.unshare(['net'])
        self.system.bindNamespace('net', '/run/netns/blue')
        return 0
      },
    })
    await process.wait(maker)
  })
  const answer = await run(async (process) => {
    const home = process.system.network
    process.system.joinFile('/run/netns/blue', 'net')
    const blue = process.system.network
    home.addVeth('veth0', blue, 'veth1')
    home.addAddress('veth0', '10.1.1.1/24')
    blue.addAddress('veth1', '10.1.1.2/24')
    home.setUp('veth0', true)
    blue.setUp('veth1', true)
    return process.net.ping('10.1.1.1')
  })
  expect(answer).toBeGreaterThan(0)
  await run((process) => {
    process.system.unmount('/run/netns/blue')
    process.files.unlink('/run/netns/blue')
  })
  expect(kernel.namespaces.net.interfaces.map(({ name }) => name)).toEqual(['lo'])
})

test('in a user namespace an ordinary user is root to itself, not to the machine', async () => {
  const { kernel, drive } = machine(drain)
  const seen: unknown[] = []
  const attempt = (action: () => void) => {
    try {
      action()
      seen.push('allowed')
    } catch (error) {
      seen.push((error as { code: string }).code)
    }
  }
  kernel.spawn({
    argv: ['unshare', '-r'],
    credentials: { uid: 1000, gid: 1000, groups: [1000], capabilities: new Set() },
    program: (process) => {
      attempt(() => process.system.unshare(['uts']))
      process.system.unshare(['user', 'uts', 'mnt'], { mapRoot: true })
      seen.push(process.credentials.uid, process.files.readText('/proc/self/uid_map'))
      attempt(() => process.system.setHostname('mine'))
      attempt(() => process.system.mount({ type: 'tmpfs', source: 'x', target: '/mnt' }))
      attempt(() => process.files.write('/etc/passwd', ''))
      attempt(() => process.files.write('/tmp/mine', ''))
      return 0
    },
  })
  await drive()
  expect(kernel.faults).toEqual([])
  expect(seen).toEqual(['EPERM', 0, '         0       1000          1\n', 'allowed', 'allowed', 'EACCES', 'allowed'])
  expect(kernel.files.stat('/tmp/mine').uid).toBe(1000)
  expect(kernel.hostname).toBe('lab')
})
