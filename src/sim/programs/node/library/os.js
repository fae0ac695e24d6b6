const { host } = internal

module.exports = {
  EOL: '\n',
  devNull: '/dev/null',
  hostname: () => host.machine().hostname,
  platform: () => 'linux',
  type: () => 'Linux',
  arch: () => 'x64',
  machine: () => 'x86_64',
  endianness: () => 'LE',
  release: () => host.machine().release,
  version: () => host.machine().version,
  uptime: () => host.machine().uptime,
  loadavg: () => host.machine().load,
  totalmem: () => host.machine().memory,
  freemem: () => host.machine().free,
  availableParallelism: () => host.machine().cores,
  cpus: () =>
    Array.from({ length: host.machine().cores }, () => ({
      model: host.machine().cpu,
      speed: 2400,
      times: { user: 0, nice: 0, sys: 0, idle: Math.round(host.machine().uptime * 1000), irq: 0 },
    })),
  homedir: () => process.env.HOME ?? host.machine().home,
  tmpdir: () => (process.env.TMPDIR ?? process.env.TMP ?? process.env.TEMP ?? '/tmp').replace(/(?<=.)\/$/, ''),
  userInfo: () => ({
    uid: process.getuid(),
    gid: process.getgid(),
    username: host.machine().user,
    homedir: host.machine().home,
    shell: host.machine().shell,
  }),
  networkInterfaces: () => host.machine().interfaces,
  getPriority: () => 0,
  setPriority() {},
  constants: { signals: host.facts().signals, errno: host.errnos() },
}
