import { expect, test } from 'vitest'
import type { Process } from '../process.ts'
import { machine } from '../test-kernel.ts'

const drain = () => new Promise<void>((done) => setImmediate(done))

/** Runs code as root's process on a fresh machine and gives back what it returned. */
async function asProcess<T>(action: (process: Process) => Promise<T> | T, options = {}): Promise<T> {
  let result: T | undefined
  const { kernel, drive } = machine(drain, {}, options)
  const process = kernel.spawn({
    argv: ['test'],
    program: async (self) => {
      result = await action(self)
      return 0
    },
  })
  await drive()
  expect(kernel.faults).toEqual([])
  expect(process.exitStatus).toEqual({ code: 0, signal: undefined })
  return result as T
}

const codeOf = (action: () => unknown): string => {
  try {
    action()
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
  return 'no error'
}

test('/proc tells of the reading process and of the machine', async () => {
  await asProcess(async (process) => {
    const { files } = process
    expect(files.readlink('/proc/self')).toBe(String(process.pid))
    expect(files.readText('/proc/self/comm')).toBe('test\n')
    expect(files.readText(`/proc/${process.pid}/stat`)).toMatch(/^\d+ \(test\) [RS] 1 /)
    expect(files.readText('/proc/1/cmdline')).toBe('/sbin/init\0')
    expect(files.readText('/proc/meminfo')).toContain('MemTotal:        8388608 kB')
    expect(files.readText('/proc/cpuinfo').match(/^processor/gm)).toHaveLength(2)
    expect(files.readlink('/proc/self/ns/uts')).toBe(files.readlink('/proc/1/ns/uts'))
    expect(files.stat('/proc/self/ns/uts').inode).toBe(4_026_532_247)
    expect(files.lstat('/proc/self/ns/uts').type).toBe('symlink')
    process.system.unshare(['uts', 'mnt'])
    process.system.setHostname('inside')
    expect(files.readText('/proc/sys/kernel/hostname')).toBe('inside\n')
    expect(process.machine.hostname).toBe('lab')
    expect(files.readlink('/proc/self/ns/uts')).not.toBe(files.readlink('/proc/1/ns/uts'))
    expect(files.readText('/proc/self/mounts').split('\n')[0]).toBe('/dev/vda / ext4 rw,relatime 0 0')
    expect(files.list('/proc/self/ns').map(({ name }) => name)).toEqual([
      'cgroup',
      'ipc',
      'mnt',
      'net',
      'pid',
      'pid_for_children',
      'time',
      'time_for_children',
      'user',
      'uts',
    ])
    expect(codeOf(() => files.readText('/proc/99999/stat'))).toBe('ENOENT')
    expect(codeOf(() => files.unlink('/proc/meminfo'))).toBe('EPERM')
  })
})

test('cgroup v1 files take and refuse values as the kernel does', async () => {
  await asProcess(async (process) => {
    const { files } = process
    const put = (path: string, text: string) => codeOf(() => files.write(`/sys/fs/cgroup/${path}`, `${text}\n`))
    const get = (path: string) => files.readText(`/sys/fs/cgroup/${path}`).trim()
    files.mkdir('/sys/fs/cgroup/cpu/g1')
    expect(
      files
        .list('/sys/fs/cgroup/cpu/g1')
        .map(({ name }) => name)
        .sort(),
    ).toEqual([
      'cgroup.clone_children',
      'cgroup.procs',
      'cpu.cfs_burst_us',
      'cpu.cfs_period_us',
      'cpu.cfs_quota_us',
      'cpu.idle',
      'cpu.rt_period_us',
      'cpu.rt_runtime_us',
      'cpu.shares',
      'cpu.stat',
      'cpu.stat.local',
      'notify_on_release',
      'tasks',
    ])
    for (const bad of ['abc', '0', '500']) expect(put('cpu/g1/cpu.cfs_quota_us', bad)).toBe('EINVAL')
    expect(put('cpu/g1/cpu.cfs_quota_us', '1000')).toBe('no error')
    expect(get('cpu/g1/cpu.cfs_quota_us')).toBe('1000')
    expect(put('cpu/g1/cpu.cfs_period_us', '2000000')).toBe('EINVAL')
    expect(put('cpu/g1/cpu.cfs_quota_us', '-5')).toBe('no error')
    expect(get('cpu/g1/cpu.cfs_quota_us')).toBe('-1')
    put('cpu/g1/cpu.shares', '1')
    expect(get('cpu/g1/cpu.shares')).toBe('2')
    expect(put('cpu/g1/tasks', '999999')).toBe('ESRCH')
    expect(put('cpu/g1/tasks', String(process.pid))).toBe('no error')
    expect(get('cpu/g1/tasks')).toBe(String(process.pid))
    expect(files.readText('/proc/self/cgroup')).toContain('1:cpu:/g1\n')
    expect(files.readText('/proc/self/cgroup')).toContain('4:memory:/\n')
    expect(codeOf(() => files.rmdir('/sys/fs/cgroup/cpu/g1'))).toBe('EBUSY')
    expect(files.exists('/sys/fs/cgroup/memory/g1')).toBe(false)
    expect(codeOf(() => files.write('/sys/fs/cgroup/cpu/newfile', ''))).toBe('EACCES')
    expect(codeOf(() => files.unlink('/sys/fs/cgroup/cpu/tasks'))).toBe('EPERM')
    put('cpu/tasks', String(process.pid))
    files.rmdir('/sys/fs/cgroup/cpu/g1')
    expect(files.exists('/sys/fs/cgroup/cpu/g1')).toBe(false)
    files.mkdir('/sys/fs/cgroup/memory/m')
    put('memory/m/memory.limit_in_bytes', '64M')
    expect(get('memory/m/memory.limit_in_bytes')).toBe('67108864')
    expect(get('memory/memory.limit_in_bytes')).toBe('9223372036854771712')
  })
})

test('a frozen group stands still', async () => {
  const { kernel, drive } = machine(drain)
  const group = kernel.cgroups.ensure('/f')
  const worker = kernel.spawn({
    argv: ['w'],
    cgroup: group,
    program: async (process) => {
      await process.sleep(100)
      return 0
    },
  })
  await drive(10)
  kernel.files.write('/sys/fs/cgroup/freezer/f/freezer.state', 'FROZEN\n')
  await drive(1000)
  expect(worker.state).toBe('D')
  expect(worker.exitStatus).toBe(undefined)
  kernel.files.write('/sys/fs/cgroup/freezer/f/freezer.state', 'THAWED')
  await drive(1100)
  expect(worker.exitStatus?.code).toBe(0)
})

test('overlay: copy-up, whiteouts, opaque directories', async () => {
  await asProcess(async (process) => {
    const { files, system } = process
    process.cwd = '/root'
    for (const name of ['lower', 'lower/dir', 'upper', 'work', 'merged']) files.mkdir(name)
    files.write('lower/a', 'lower\n')
    files.write('lower/b', 'lower\n')
    files.write('upper/b', 'upper\n')
    files.write('lower/dir/one', '1')
    const mount = () =>
      system.mount({
        type: 'overlay',
        source: 'overlay',
        target: 'merged',
        options: ['lowerdir=lower', 'upperdir=upper', 'workdir=work'],
      })
    mount()
    const names = (path: string) =>
      files
        .list(path)
        .map(({ name }) => name)
        .sort()
    expect(names('merged')).toEqual(['a', 'b', 'dir'])
    expect(files.readText('merged/b')).toBe('upper\n')
    files.write('merged/a', 'more\n', { append: true })
    expect(files.readText('lower/a')).toBe('lower\n')
    expect(files.readText('upper/a')).toBe('lower\nmore\n')
    files.unlink('merged/b')
    expect(names('merged')).toEqual(['a', 'dir'])
    expect(names('upper')).toEqual(['a', 'b'])
    files.unlink('merged/a')
    const hole = files.lstat('upper/a')
    expect([hole.type, hole.major, hole.minor, hole.links]).toEqual(['character', 0, 0, 2])
    expect(codeOf(() => files.open('upper/a'))).toBe('ENXIO')
    files.removeTree('merged/dir')
    files.mkdir('merged/dir')
    files.write('merged/dir/three', '3')
    expect(names('merged/dir')).toEqual(['three'])
    expect([...system.getXattrs('upper/dir')]).toEqual([['trusted.overlay.opaque', 'y']])
    expect([...system.getXattrs('merged/dir')]).toEqual([])
    expect(names('lower/dir')).toEqual(['one'])
    expect(files.readText('/proc/mounts')).toContain(
      'overlay /root/merged overlay rw,relatime,lowerdir=lower,upperdir=upper,workdir=work 0 0\n',
    )
    expect(codeOf(() => files.rmdir('merged'))).toBe('EBUSY')
    system.unmount('merged')
    expect(names('merged')).toEqual([])
    expect(files.lstat('work/work').mode).toBe(0)
    mount()
    expect(names('merged')).toEqual(['dir'])
  })
})

test('bind mounts hide and reveal, also of single files, read-only on remount; chroot and permissions', async () => {
  await asProcess(async (process) => {
    const { files, system } = process
    process.cwd = '/root'
    files.mkdir('home')
    files.mkdir('test')
    files.write('home/h', 'h')
    files.write('test/t', 't')
    system.mount({ source: 'home', target: 'test', bind: true })
    expect(files.stat('home').inode).toBe(files.stat('test').inode)
    system.mount({ source: '', target: 'test', remount: true, bind: true, readonly: true })
    expect(codeOf(() => files.write('test/x', ''))).toBe('EROFS')
    files.write('home/x', '')
    system.unmount('test')
    expect(files.list('test').map(({ name }) => name)).toEqual(['t'])
    expect(codeOf(() => system.unmount('test'))).toBe('EINVAL')
    system.mount({ source: 'home/h', target: 'test/t', bind: true })
    expect(files.readText('test/t')).toBe('h')
    system.unmount('test/t')
    expect(files.readText('test/t')).toBe('t')
    process.cwd = 'test'
    system.mount({ source: '../home', target: '.', bind: true })
    expect(files.list('.').map(({ name }) => name)).toEqual(['t'])
    process.cwd = '../test'
    expect(files.list('.').map(({ name }) => name)).toEqual(['h', 'x'])
    process.cwd = '..'
    system.unmount('test')
    files.mkdir('jail/sub', { parents: true })
    system.chroot('jail')
    process.cwd = '/'
    process.cwd = '../../..'
    expect(process.cwd).toBe('/')
    expect(files.list('/').map(({ name }) => name)).toEqual(['sub'])
    files.chmod('/sub', 0o700)
    process.system.setCredentials({ uid: 1000, gid: 1000, groups: [1000], capabilities: new Set() })
    expect(codeOf(() => files.list('/sub'))).toBe('EACCES')
    expect(codeOf(() => files.mkdir('/other'))).toBe('EACCES')
    expect(codeOf(() => system.setHostname('x'))).toBe('EPERM')
  })
})

test('disks are bounded, zeros and repetitions cost nothing', async () => {
  await asProcess(
    async (process) => {
      const { files } = process
      const out = files.open('/tmp/zeros', { write: true, create: true })
      for (let i = 0; i < 64; i++) await out.write(new Uint8Array(1024 * 1024))
      expect(files.stat('/tmp/zeros').size).toBe(64 * 1024 * 1024)
      out.release()
      const noise = files.open('/tmp/noise', { write: true, create: true })
      let code = ''
      try {
        for (let i = 0; i < 64; i++) {
          const part = new Uint8Array(65_536)
          for (let j = 0; j < part.length; j += 7) part[j] = process.random.int(1, 255)
          await noise.write(part)
        }
      } catch (error) {
        code = (error as { code: string }).code
      }
      expect(code).toBe('ENOSPC')
      noise.release()
      files.unlink('/tmp/noise')
      files.write('/tmp/after', 'fits again')
    },
    { diskBound: 2 * 1024 * 1024 },
  )
})

test('pivot_root: the new root, the old one below it, and letting it go', async () => {
  await asProcess((process) => {
    const { files, system } = process
    system.unshare(['mnt'])
    files.mkdir('/new')
    system.mount({ type: 'tmpfs', source: 'tmpfs', target: '/new' })
    for (const name of ['old', 'proc']) files.mkdir(`/new/${name}`)
    files.write('/new/here', 'yes')
    system.mount({ type: 'proc', source: 'proc', target: '/new/proc' })
    system.pivotRoot('/new', '/new/old')
    expect(files.list('/').map(({ name }) => name)).toEqual(['old', 'proc', 'here'])
    expect(files.readText('/old/etc/hostname')).toBe('lab\n')
    expect(files.readText('/proc/self/mounts')).toContain('/dev/vda /old ext4 ')
    expect(files.readText('/proc/self/mounts')).toContain(' /old/dev/pts devpts ')
    expect(files.readText('/proc/self/mounts')).toMatch(/^tmpfs \/ tmpfs /)
    process.cwd = '/old/etc'
    expect(process.cwd).toBe('/old/etc')
    process.cwd = '/'
    expect(codeOf(() => system.unmount('/old'))).toBe('EBUSY')
    system.unmount('/old', { lazy: true })
    expect(files.list('/old')).toEqual([])
  })
})

test('mounts that nobody looks at are not made', () => {
  const { kernel } = machine(drain)
  const mnt = kernel.newMountNamespace({ fs: kernel.overlay({ lowers: [kernel.locate('/').inode] }) })
  let made = 0
  mnt.mountLater(['proc'], 'first', () => {
    made++
    kernel.mountIn(mnt, '/proc', { fs: kernel.procFs() })
  })
  const files = kernel.filesIn(mnt)
  files.readText('/etc/passwd')
  expect(made).toBe(0)
  expect(files.readText('/proc/version')).toContain('Linux version 6.1.0')
  expect(files.readText('/proc/uptime')).toBe('0.00 0.00\n')
  expect(made).toBe(1)
})

test('orphans go to process 1 and are reaped', async () => {
  const { kernel, drive } = machine(drain)
  let orphan = 0
  const parent = kernel.spawn({
    argv: ['parent'],
    program: (process) => {
      const child = process.spawn({
        argv: ['child'],
        program: async (self) => {
          await self.sleep(500)
          orphan = self.ppid
          return 0
        },
      })
      return child.ppid === process.pid ? 0 : 1
    },
  })
  await drive()
  expect(parent.exitStatus?.code).toBe(0)
  expect(orphan).toBe(1)
  expect([...kernel.processes].length).toBe(1)
})

test('cgroup v2: one hierarchy with its own files', async () => {
  await asProcess(
    (process) => {
      const { files } = process
      const root = '/sys/fs/cgroup'
      files.mkdir(`${root}/kubepods/pod1`, { parents: true })
      files.write(`${root}/kubepods/pod1/cpu.max`, '50000 100000\n')
      expect(files.readText(`${root}/kubepods/pod1/cpu.max`)).toBe('50000 100000\n')
      expect(codeOf(() => files.write(`${root}/kubepods/pod1/cpu.max`, '5\n'))).toBe('EINVAL')
      files.write(`${root}/kubepods/pod1/memory.max`, '64M\n')
      expect(files.readText(`${root}/kubepods/pod1/memory.max`)).toBe('67108864\n')
      files.write(`${root}/kubepods/pod1/cgroup.procs`, `${process.pid}\n`)
      expect(files.readText('/proc/self/cgroup')).toBe('0::/kubepods/pod1\n')
      expect(files.readText(`${root}/kubepods/pod1/cgroup.events`)).toBe('populated 1\nfrozen 0\n')
      expect(codeOf(() => files.rmdir(`${root}/kubepods`))).toBe('EBUSY')
      expect(files.exists(`${root}/cpu.max`)).toBe(false)
      expect(files.readText('/proc/mounts')).toContain('cgroup2 /sys/fs/cgroup cgroup2 rw')
    },
    { cgroupVersion: 2 },
  )
})

test('nothing a process does keeps the machine from its next event', async () => {
  const { kernel, drive, clock } = machine(drain, {
    yes: async (process) => {
      for (;;) await process.print('y\n')
    },
    poll: async (process) => {
      for (;;) {
        process.files.exists('/etc/passwd')
        const file = process.files.open('/dev/null', { write: true })
        await file.write(new Uint8Array(1))
        file.release()
      }
    },
    bomb: async (process) => {
      for (;;) {
        try {
          process.spawn({ argv: ['bomb'] })
        } catch {
          await process.compute(10)
        }
        await process.compute(1)
      }
    },
  })
  const out = kernel.files.open('/tmp/flood', { write: true, create: true })
  const yes = kernel.spawn({ argv: ['yes'], fds: new Map([[1, out]]) })
  const poll = kernel.spawn({ argv: ['poll'] })
  await drive(500)
  expect(clock.now).toBe(500)
  expect(yes.cpuTime).toBeGreaterThan(400)
  for (const process of [yes, poll]) process.receive('SIGTERM')
  const group = kernel.cgroups.ensure('/bombs')
  group.pidsMax = 50
  kernel.spawn({ argv: ['bomb'], cgroup: group })
  await drive(1500)
  expect(clock.now).toBe(1500)
  expect(group.pidsCurrent).toBe(50)
})
