import type { Applet } from '../applet/applet.ts'
import { parseOptions } from '../applet/options.ts'
import { readProcesses } from './processes.ts'

export const vmstat: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, { short: 'anwS:t' })
  const [delay, times] = options.operands.map(Number)
  await process.print(
    'procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----\n r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st\n',
  )
  const rounds = delay === undefined ? 1 : (times ?? Number.POSITIVE_INFINITY)
  for (let i = 0; i < rounds; i++) {
    if (i > 0) await process.sleep(delay! * 1000)
    const meminfo = process.files.readText('/proc/meminfo')
    const kB = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(meminfo)?.[1] ?? 0)
    const running = readProcesses(process).filter((row) => row.state === 'R' && row.pid !== process.pid).length
    const busy = Math.min(100, Math.round((100 * running) / process.machine.cores))
    const cell = (value: number, width: number) => String(value).padStart(width)
    await process.print(
      `${cell(running, 2)}  0 ${cell(kB('SwapTotal') - kB('SwapFree'), 6)} ${cell(kB('MemFree'), 6)} ${cell(kB('Buffers'), 6)} ${cell(kB('Cached'), 6)}    0    0     0     0    0    0 ${cell(busy, 2)}  0 ${cell(100 - busy, 2)}  0  0\n`,
    )
  }
  return 0
}

/** stress: CPU hogs and memory eaters for a while. */
export const stress: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 'c:m:i:d:t:v',
    long: {
      'cpu=': 'c',
      'vm=': 'm',
      'timeout=': 't',
      'vm-bytes=': 'bytes',
      'vm-hang=': 'hang',
      'vm-keep': 'keep',
      verbose: 'v',
      'io=': 'i',
      'hdd=': 'd',
    },
  })
  const [cpus, eaters] = [Number(options.get('c') ?? 0), Number(options.get('m') ?? 0)]
  const seconds = /^(\d+)([smhd]?)$/.exec(options.get('t') ?? '')
  const limit = seconds
    ? Number(seconds[1]) * { '': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[seconds[2] as 's']!
    : Number.POSITIVE_INFINITY
  const size = /^(\d+)([KMGB]?)$/i.exec(options.get('bytes') ?? '256M')
  const bytes =
    Number(size?.[1] ?? 256) * ({ K: 1024, M: 1024 ** 2, G: 1024 ** 3 }[size?.[2]?.toUpperCase() as 'M'] ?? 1)
  await process.print(`stress: info: [${process.pid}] dispatching hogs: ${cpus} cpu, 0 io, ${eaters} vm, 0 hdd\n`)
  const begin = process.uptime()
  const hogs = Array.from({ length: cpus + eaters }, (_, i) =>
    process.spawn({
      argv: ['stress', ...call.args],
      program: async (hog) => {
        if (i >= cpus) {
          hog.setMemory(bytes)
          // Held without touching it again: 0 is for ever, a longer pause than anyone's patience stands for all.
          if (options.get('hang') !== undefined) for (;;) await hog.sleep(3_600_000)
        }
        for (;;) await hog.compute(100)
      },
    }),
  )
  const first = await Promise.race([
    ...hogs.map((hog) => process.wait(hog)),
    ...(limit < Number.POSITIVE_INFINITY ? [process.sleep(limit).then(() => undefined)] : []),
  ])
  for (const hog of hogs) if (!hog.exitStatus) process.kill(hog.pid, 'SIGKILL')
  const took = Math.round((process.uptime() - begin) / 1000)
  if (!first) {
    await process.print(`stress: info: [${process.pid}] successful run completed in ${took}s\n`)
    return 0
  }
  await process.printError(
    `stress: FAIL: [${process.pid}] (415) <-- worker got signal ${first.signal === 'SIGKILL' ? 9 : 15}\nstress: FAIL: [${process.pid}] (451) failed run completed in ${took}s\n`,
  )
  return 1
}
