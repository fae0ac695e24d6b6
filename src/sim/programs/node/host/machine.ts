import type { HostFunctions } from './functions.ts'
import type { NodeProcess } from './node-process.ts'

/** The computer and the terminal, for `os` and the standard streams. */
export function machineFunctions({ process }: NodeProcess): HostFunctions {
  const { machine, files } = process
  const read = (path: string) => {
    try {
      return files.readText(path)
    } catch {
      return ''
    }
  }
  const user = () => {
    const entry = read('/etc/passwd')
      .split('\n')
      .map((line) => line.split(':'))
      .find(([, , uid]) => uid === `${process.credentials.uid}`)
    return { name: entry?.[0] ?? 'nobody', home: entry?.[5] ?? '/', shell: entry?.[6] ?? '/bin/sh' }
  }
  return {
    functions: {
      isTty: (fd: number) => process.fds.get(fd)?.tty !== undefined,
      ttySize: (fd: number) => {
        const size = process.fds.get(fd)?.tty?.size
        return [size?.columns ?? 80, size?.rows ?? 24]
      },
      rawMode: (raw: boolean) => {
        const tty = process.stdin.tty
        if (tty) tty.modes = { ...tty.modes, canonical: !raw, echo: !raw, signals: !raw }
        return undefined
      },
      machine: () => {
        const { name, home, shell } = user()
        const memory = /MemAvailable:\s+(\d+)/.exec(read('/proc/meminfo'))
        return {
          hostname: read('/proc/sys/kernel/hostname').trim() || machine.hostname,
          release: machine.kernelRelease,
          version: read('/proc/version').match(/#.*/)?.[0] ?? '#1 SMP',
          uptime: Math.round(process.uptime() / 10) / 100,
          load: read('/proc/loadavg').split(' ').slice(0, 3).map(Number),
          memory: machine.memory,
          free: memory ? Number(memory[1]) * 1024 : Math.round(machine.memory / 2),
          cores: machine.cores,
          cpu: /model name\s*: (.*)/.exec(read('/proc/cpuinfo'))?.[1] ?? 'unknown',
          user: name,
          home,
          shell,
          interfaces: interfaces(read('/proc/net/fib_trie')),
        }
      },
    },
  }
}

/** Local addresses; the interfaces' names are told apart by loopback only. */
function interfaces(
  trie: string,
): Record<
  string,
  { address: string; netmask: string; family: string; mac: string; internal: boolean; cidr: string }[]
> {
  const found = new Set<string>()
  for (const match of trie.matchAll(/\|-- ([\d.]+)\n\s+\/32 host LOCAL/g)) found.add(match[1]!)
  const entry = (address: string, internal: boolean) => ({
    address,
    netmask: internal ? '255.0.0.0' : '255.255.255.0',
    family: 'IPv4',
    mac: internal
      ? '00:00:00:00:00:00'
      : `02:42:${address
          .split('.')
          .map((part) => Number(part).toString(16).padStart(2, '0'))
          .join(':')}`,
    internal,
    cidr: `${address}/${internal ? 8 : 24}`,
  })
  const others = [...found].filter((address) => !address.startsWith('127.'))
  return {
    lo: [entry('127.0.0.1', true)],
    ...Object.fromEntries(others.map((address, i) => [`eth${i}`, [entry(address, false)]])),
  }
}
