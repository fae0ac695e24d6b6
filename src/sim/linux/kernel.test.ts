import { expect, test } from 'vitest'
import { machine } from './test-kernel.ts'

const drain = () => new Promise<void>((done) => setImmediate(done))

test('a pipeline passes bytes with back-pressure and ends with the writer told', async () => {
  const total = 300_000
  const { kernel, drive } = machine(drain, {
    source: async (process) => {
      await process.stdout.write(new Uint8Array(total).fill(65))
      return 0
    },
    sink: async (process) => {
      let seen = 0
      for (;;) {
        const bytes = await process.stdin.read()
        if (bytes.length === 0) break
        seen += bytes.length
      }
      process.files.write('/tmp/seen', String(seen))
      return 3
    },
    shell: async (process) => {
      const { read, write } = process.pipe()
      const left = process.spawn({ argv: ['source'], fds: new Map([[1, write]]) })
      const right = process.spawn({ argv: ['sink'], fds: new Map([[0, read]]) })
      read.release()
      write.release()
      await process.wait(left)
      return (await process.wait(right)).code ?? 99
    },
  })
  const shell = kernel.spawn({ argv: ['shell'] })
  await drive()
  expect(shell.exitStatus).toEqual({ code: 3, signal: undefined })
  expect(kernel.files.readText('/tmp/seen')).toBe(String(total))
  expect([...kernel.processes].length).toBe(1)
})

test('writing to a pipe nobody reads raises SIGPIPE', async () => {
  const { kernel, drive } = machine(drain, {
    yes: async (process) => {
      for (;;) await process.print('y\n')
    },
    shell: async (process) => {
      const { read, write } = process.pipe()
      const yes = process.spawn({ argv: ['yes'], fds: new Map([[1, write]]) })
      write.release()
      await read.read(10)
      read.release()
      const status = await process.wait(yes)
      return status.signal === 'SIGPIPE' ? 0 : 1
    },
  })
  const shell = kernel.spawn({ argv: ['shell'] })
  await drive()
  expect(shell.exitStatus?.code).toBe(0)
})

test('executables: not found, not executable, not a program, scripts by their interpreter', async () => {
  const { kernel, drive } = machine(drain, { sh: (process) => process.print(process.argv.join('|')).then(() => 0) })
  kernel.files.write('/tmp/text', 'echo hi\n', { mode: 0o755 })
  kernel.files.write('/tmp/plain', '', { mode: 0o644 })
  kernel.files.write('/tmp/script', '#!/bin/sh -e x\necho\n', { mode: 0o755 })
  const code = (argv: string[]) => {
    try {
      kernel.spawn({ argv })
    } catch (error) {
      return (error as { code: string }).code
    }
    return 'ran'
  }
  expect(code(['nope'])).toBe('ENOENT')
  expect(code(['/tmp/plain'])).toBe('EACCES')
  expect(code(['/tmp'])).toBe('EACCES')
  expect(code(['/tmp/text'])).toBe('ENOEXEC')
  const pipe = kernel.makePipe()
  kernel.spawn({ argv: ['/tmp/script', 'a'], fds: new Map([[1, pipe.write]]) })
  await drive()
  expect(new TextDecoder().decode(await pipe.read.read())).toBe('/bin/sh|-e x|/tmp/script|a')
})

test('a terminal edits lines, echoes, and sends Ctrl-C to the foreground group only', async () => {
  const { kernel, drive } = machine(drain, {
    cat: async (process) => {
      for (;;) {
        const bytes = await process.stdin.read()
        if (bytes.length === 0) return 0
        await process.stdout.write(bytes)
      }
    },
    shell: async (process) => {
      process.on('SIGINT', () => {})
      process.on('SIGTTOU', 'ignore')
      const child = process.spawn({ argv: ['cat'], group: 0 })
      process.stdin.tty!.foregroundGroup = child.group
      const status = await process.wait(child)
      process.stdin.tty!.foregroundGroup = process.group
      await process.print(`[${status.signal}]\n`)
      return 0
    },
  })
  const { pty, master, slave } = kernel.openPty()
  const shell = kernel.spawn({
    argv: ['shell'],
    newSession: true,
    fds: new Map([0, 1, 2].map((n) => [n, slave] as const)),
  })
  slave.release()
  await drive(100)
  pty.type(new TextEncoder().encode('helo\x7flo\r'))
  await drive(200)
  pty.type(Uint8Array.of(3))
  await drive(300)
  expect(shell.exitStatus?.code).toBe(0)
  let seen = ''
  for (;;) {
    const bytes = await master.read()
    if (bytes.length === 0) break
    seen += new TextDecoder().decode(bytes)
  }
  expect(seen).toBe('helo\b \blo\r\nhello\r\n^C[SIGINT]\r\n')
})

test('a new PID namespace counts from 1, and its first process ignores signals from inside', async () => {
  const seen: string[] = []
  const { kernel, drive } = machine(drain, {
    inside: async (process) => {
      seen.push(`pid ${process.pid}, parent ${process.ppid}`)
      process.kill(process.pid, 'SIGKILL')
      process.kill(process.pid, 'SIGTERM')
      const child = process.spawn({ argv: ['sleep'] })
      seen.push(`child ${child.pid}`)
      await process.sleep(1000)
      return 7
    },
    sleep: async (process) => {
      await process.sleep(100_000)
      return 0
    },
    unshare: async (process) => {
      process.system.unshare(['pid'])
      const child = process.spawn({ argv: ['inside'] })
      const status = await process.wait(child)
      try {
        process.spawn({ argv: ['sleep'] })
      } catch (error) {
        seen.push((error as { code: string }).code)
      }
      return status.code ?? 99
    },
  })
  const unshare = kernel.spawn({ argv: ['unshare'] })
  await drive()
  expect(unshare.exitStatus?.code).toBe(7)
  expect(seen).toEqual(['pid 1, parent 0', 'child 2', 'ENOMEM'])
  expect([...kernel.processes].length).toBe(1)
})

test('stopped processes stand still until continued', async () => {
  const { kernel, drive, clock } = machine(drain, {
    worker: async (process) => {
      await process.compute(100)
      process.files.write('/tmp/at', String(Math.round(process.uptime())))
      return 0
    },
  })
  const worker = kernel.spawn({ argv: ['worker'] })
  await drive(50)
  worker.receive('SIGSTOP')
  expect(worker.state).toBe('T')
  await drive(500)
  worker.receive('SIGCONT')
  await drive()
  expect(worker.exitStatus?.code).toBe(0)
  expect(Number(kernel.files.readText('/tmp/at'))).toBeGreaterThan(540)
  expect(clock.now).toBeGreaterThan(550)
})

test('a quota throttles, shares divide, memory limits kill, pids limits refuse', async () => {
  const { kernel, drive } = machine(drain, {
    spin: async (process) => {
      for (;;) await process.compute(1000)
    },
    eat: async (process) => {
      process.setMemory(100 * 1024 ** 2)
      await process.sleep(1)
      return 0
    },
    fork: async (process) => {
      let made = 0
      try {
        for (; made < 10; made++) process.spawn({ argv: ['spin'] })
      } catch {
        // EAGAIN
      }
      return made
    },
  })
  const limited = kernel.cgroups.ensure('/limited')
  limited.cpuQuota = 20_000
  const throttled = kernel.spawn({ argv: ['spin'], cgroup: limited })
  const free = kernel.spawn({ argv: ['spin'] })
  const fair = kernel.spawn({ argv: ['spin'] })
  await drive(10_000)
  kernel.scheduler.settle()
  expect(throttled.cpuTime).toBeGreaterThan(1900)
  expect(throttled.cpuTime).toBeLessThan(2010)
  expect(free.cpuTime).toBeCloseTo(fair.cpuTime, 3)
  expect(free.cpuTime).toBeGreaterThan(8900)
  const small = kernel.cgroups.ensure('/small')
  small.memoryLimit = 64 * 1024 ** 2
  const eater = kernel.spawn({ argv: ['eat'], cgroup: small })
  await drive(10_100)
  expect(eater.exitStatus).toEqual({ code: undefined, signal: 'SIGKILL' })
  expect(small.oomKills).toBe(1)
  expect(small.memoryUsage).toBe(0)
  const few = kernel.cgroups.ensure('/few')
  few.pidsMax = 4
  const forker = kernel.spawn({ argv: ['fork'], cgroup: few })
  await drive(10_200)
  expect(forker.exitStatus?.code).toBe(3)
})

test('job control: a background reader is stopped, brought to the front it reads; Ctrl-Z stops, Ctrl-D ends', async () => {
  const seen: string[] = []
  const { kernel, drive, clock } = machine(drain, {
    cat: async (process) => {
      for (;;) {
        const bytes = await process.stdin.read()
        if (bytes.length === 0) return 0
        seen.push(new TextDecoder().decode(bytes))
      }
    },
    shell: async (process) => {
      const tty = process.stdin.tty!
      const child = process.spawn({ argv: ['cat'], group: 0 })
      seen.push(await process.waitChange(child))
      tty.foregroundGroup = child.group
      process.kill(-child.group, 'SIGCONT')
      seen.push(await process.waitChange(child))
      process.kill(-child.group, 'SIGCONT')
      seen.push(await process.waitChange(child))
      return (await process.wait(child)).code ?? 99
    },
  })
  const { pty, slave } = kernel.openPty()
  const shell = kernel.spawn({
    argv: ['shell'],
    newSession: true,
    fds: new Map([0, 1, 2].map((n) => [n, slave] as const)),
  })
  slave.release()
  const type = async (text: string) => {
    pty.type(new TextEncoder().encode(text))
    await drive(clock.now + 100)
  }
  await drive(100)
  expect(seen).toEqual(['stopped'])
  await type('one\n')
  await type('\x1a')
  await type('two\n')
  await type('\x04')
  expect(seen).toEqual(['stopped', 'one\n', 'stopped', 'two\n', 'ended'])
  expect(shell.exitStatus?.code).toBe(0)
})

test('a set-uid program runs as its owner; permissions bind everybody else', async () => {
  const seen: string[] = []
  const { kernel, drive } = machine(drain, {
    whoami: (process) => {
      seen.push(`${process.credentials.uid} called by ${process.system.invoker.uid}`)
      return 0
    },
    user: async (process) => {
      for (const action of [
        () => process.files.write('/etc/passwd', ''),
        () => process.files.readText('/etc/shadow'),
        () => process.files.unlink('/tmp/of-root'),
        () => process.kill(1, 'SIGTERM'),
        () => process.net.listen({ port: 80 }),
        () => process.system.setTime(0),
      ]) {
        try {
          action()
          seen.push('allowed')
        } catch (error) {
          seen.push((error as { code: string }).code)
        }
      }
      await process.wait(process.spawn({ argv: ['whoami'] }))
      return 0
    },
  })
  kernel.files.write('/tmp/of-root', '')
  kernel.files.chmod('/bin/whoami', 0o4755)
  kernel.spawn({ argv: ['user'], credentials: { uid: 1000, gid: 1000, groups: [1000], capabilities: new Set() } })
  await drive()
  expect(seen).toEqual(['EACCES', 'EACCES', 'EPERM', 'EPERM', 'EACCES', 'EPERM', '0 called by 1000'])
})
