import { executable } from '../../linux/process/executable.ts'
import type { Process } from '../../linux/process.ts'

/** A package: its version and the commands it brings, by path. Commands that are not simulated say so when run. */
export interface Package {
  version: string
  commands: readonly string[]
}

const of = (version: string, ...commands: string[]): Package => ({ version, commands })

/** What the simulated mirrors hold: packages by their Debian name, then Alpine's where it differs. */
const PACKAGES: Readonly<Record<string, Package>> = {
  'apache2-utils': of('2.4.57-2', 'usr/bin/ab'),
  'bind-tools': of('9.18.19-r0', 'usr/bin/dig', 'usr/bin/host', 'usr/bin/nslookup'),
  'bridge-utils': of('1.7.1-1', 'usr/sbin/brctl'),
  'build-essential': of('12.9'),
  'ca-certificates': of('20230311'),
  dnsutils: of('1:9.18.19-1', 'usr/bin/dig', 'usr/bin/host', 'usr/bin/nslookup'),
  'docker.io': of('20.10.24+dfsg1-1'),
  iproute2: of('6.1.0-3', 'bin/ip', 'bin/ss'),
  'iputils-ping': of('3:20221126-1', 'bin/ping'),
  'net-tools': of('2.10-0.1', 'bin/netstat', 'sbin/ifconfig', 'sbin/route', 'usr/sbin/arp'),
  'netcat-openbsd': of('1.219-1', 'bin/nc'),
  'nfs-common': of('1:2.6.2-4', 'sbin/showmount'),
  'nfs-kernel-server': of('1:2.6.2-4', 'usr/sbin/exportfs'),
  'openssh-client': of('1:9.2p1-2', 'usr/bin/ssh', 'usr/bin/scp', 'usr/bin/ssh-keygen'),
  'openssh-server': of('1:9.2p1-2'),
  procps: of(
    '2:4.0.2-3',
    'bin/ps',
    'usr/bin/free',
    'usr/bin/top',
    'usr/bin/uptime',
    'usr/bin/watch',
    'usr/bin/pgrep',
    'usr/bin/pkill',
    'sbin/sysctl',
  ),
  python3: of('3.11.2-1', 'usr/bin/python3'),
  unzip: of('6.0-28'),
  bash: of('5.2.15-2', 'bin/bash'),
  bc: of('1.07.1-3', 'usr/bin/bc'),
  coreutils: of('9.1-1'),
  curl: of('7.88.1-10', 'usr/bin/curl'),
  git: of('1:2.39.2-1.1'),
  iptables: of('1.8.9-2', 'sbin/iptables', 'sbin/iptables-save'),
  jq: of('1.6-2.1', 'usr/bin/jq'),
  less: of('590-2', 'usr/bin/less'),
  make: of('4.3-4.1'),
  nano: of('7.2-1', 'usr/bin/nano'),
  openssl: of('3.0.11-1', 'usr/bin/openssl'),
  redis: of('5:7.0.15-1', 'usr/bin/redis-server', 'usr/bin/redis-cli'),
  sudo: of('1.9.13p3-1', 'usr/bin/sudo'),
  tree: of('2.1.0-1', 'usr/bin/tree'),
  vim: of('2:9.0.1378-2', 'usr/bin/vim', 'usr/bin/vi'),
  wget: of('1.21.3-1', 'usr/bin/wget'),
}
const ALIASES: Readonly<Record<string, string>> = {
  'docker-ce': 'docker.io',
  'inetutils-ping': 'iputils-ping',
  'openssh-client-default': 'openssh-client',
  'redis-server': 'redis',
  'redis-tools': 'redis',
  'vim-tiny': 'vim',
  iputils: 'iputils-ping',
  netcat: 'netcat-openbsd',
  openssh: 'openssh-client',
}

export const findPackage = (name: string): Package | undefined => PACKAGES[ALIASES[name] ?? name]

/** Names that a search finds. */
export const searchPackages = (word: string): string[] =>
  Object.keys(PACKAGES)
    .filter((name) => name.includes(word))
    .sort()

const LIST = '/var/lib/dpkg/kubebook-installed'

/** Packages installed by hand in this root filesystem. */
export function installedPackages({ files }: Process): string[] {
  return files.exists(LIST) ? files.readText(LIST).split('\n').filter(Boolean) : []
}

export function isInstalled(process: Process, name: string): boolean {
  const found = findPackage(name)
  if (installedPackages(process).includes(name)) return true
  return (
    found !== undefined && found.commands.length > 0 && found.commands.every((path) => process.files.exists(`/${path}`))
  )
}

/** Writes a package's commands; needs the rights to (EACCES). */
export function installPackage(process: Process, name: string): void {
  for (const path of findPackage(name)?.commands ?? []) {
    const folder = `/${path.slice(0, path.lastIndexOf('/'))}`
    process.files.mkdir(folder, { parents: true })
    const content = executable(path.slice(path.lastIndexOf('/') + 1), 0)
    process.files.write(`/${path}`, content.read(0, content.size), { mode: 0o755 })
    process.files.chmod(`/${path}`, name === 'sudo' ? 0o4755 : 0o755)
  }
  record(process, [...new Set([...installedPackages(process), name])])
}

export function removePackage(process: Process, name: string): void {
  for (const path of findPackage(name)?.commands ?? [])
    if (process.files.exists(`/${path}`)) process.files.unlink(`/${path}`)
  record(
    process,
    installedPackages(process).filter((each) => each !== name),
  )
}

function record(process: Process, names: readonly string[]): void {
  process.files.mkdir('/var/lib/dpkg', { parents: true })
  process.files.write(LIST, names.map((name) => `${name}\n`).join(''))
}
