import type { LayerEntry } from './fs/layer.ts'

export interface BaseFilesOptions {
  hostname: string
  /** Lines of /etc/hosts besides localhost's and its own. */
  hosts?: readonly string[]
  nameservers?: readonly string[]
  /** The learner's account; none on a bare machine. */
  user?: { name: string; uid: number }
}

const PASSWD = `root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
bin:x:2:2:bin:/bin:/usr/sbin/nologin
sys:x:3:3:sys:/dev:/usr/sbin/nologin
sync:x:4:65534:sync:/bin:/bin/sync
mail:x:8:8:mail:/var/mail:/usr/sbin/nologin
www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
`

const GROUP = `root:x:0:
daemon:x:1:
bin:x:2:
sys:x:3:
adm:x:4:
tty:x:5:
disk:x:6:
mail:x:8:
sudo:x:27:
www-data:x:33:
shadow:x:42:
users:x:100:
nogroup:x:65534:
docker:x:998:
`

const OS_RELEASE = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
HOME_URL="https://www.debian.org/"
SUPPORT_URL="https://www.debian.org/support"
BUG_REPORT_URL="https://bugs.debian.org/"
`

const FOLDERS = [
  'bin',
  'boot',
  'etc/apt',
  'etc/cron.d',
  'etc/default',
  'etc/init.d',
  'etc/profile.d',
  'etc/systemd/system',
  'home',
  'lib',
  'lib64',
  'media',
  'mnt',
  'opt',
  'proc',
  'run',
  'sbin',
  'srv',
  'sys',
  'usr/bin',
  'usr/games',
  'usr/include',
  'usr/lib',
  'usr/local/bin',
  'usr/local/etc',
  'usr/local/lib',
  'usr/local/sbin',
  'usr/local/share',
  'usr/sbin',
  'usr/share/doc',
  'usr/share/man',
  'usr/src',
  'var/backups',
  'var/cache',
  'var/lib',
  'var/log',
  'var/mail',
  'var/opt',
  'var/spool',
]

const DEVICES: [string, number, number, number][] = [
  ['null', 1, 3, 0o666],
  ['zero', 1, 5, 0o666],
  ['full', 1, 7, 0o666],
  ['random', 1, 8, 0o666],
  ['urandom', 1, 9, 0o666],
  ['tty', 5, 0, 0o666],
  ['console', 5, 1, 0o600],
  ['ptmx', 5, 2, 0o666],
]

/** Device nodes every machine and container has, below /dev. */
export function deviceFiles(): [string, LayerEntry][] {
  return [
    ...DEVICES.map(([name, major, minor, mode]): [string, LayerEntry] => [
      name,
      { device: { type: 'character', major, minor }, mode },
    ]),
    ['fd', { target: '/proc/self/fd' }],
    ['stdin', { target: '/proc/self/fd/0' }],
    ['stdout', { target: '/proc/self/fd/1' }],
    ['stderr', { target: '/proc/self/fd/2' }],
    ['pts', { directory: true }],
    ['shm', { directory: true, mode: 0o1777 }],
    ['mqueue', { directory: true, mode: 0o1777 }],
  ]
}

const SUDOERS = `Defaults	env_reset
Defaults	mail_badpass
Defaults	secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

# User privilege specification
root	ALL=(ALL:ALL) ALL

# Allow members of group sudo to execute any command
%sudo	ALL=(ALL:ALL) ALL

@includedir /etc/sudoers.d
`

/** What a freshly installed machine holds besides its programs: paths without a leading slash. */
export function baseFiles(options: BaseFilesOptions): [string, string | LayerEntry][] {
  const { hostname, user, nameservers = [] } = options
  const hosts = ['127.0.0.1\tlocalhost', `127.0.1.1\t${hostname}`, ...(options.hosts ?? [])]
  const files: [string, string | LayerEntry][] = [
    ...FOLDERS.map((path): [string, LayerEntry] => [path, { directory: true }]),
    ['tmp', { directory: true, mode: 0o1777 }],
    ['var/tmp', { directory: true, mode: 0o1777 }],
    ['root', { directory: true, mode: 0o700 }],
    ['var/run', { target: '/run' }],
    ['var/lock', { target: '/run/lock' }],
    [
      'etc/passwd',
      user ? `${PASSWD}${user.name}:x:${user.uid}:${user.uid}:,,,:/home/${user.name}:/bin/bash\n` : PASSWD,
    ],
    [
      'etc/group',
      user ? `${GROUP.replace('sudo:x:27:', `sudo:x:27:${user.name}`)}${user.name}:x:${user.uid}:\n` : GROUP,
    ],
    ['etc/shadow', { content: 'root:*:20000:0:99999:7:::\n', mode: 0o640, gid: 42 }],
    ['etc/sudoers', { content: SUDOERS, mode: 0o440 }],
    ['etc/sudoers.d', { directory: true, mode: 0o750 }],
    ['etc/hostname', `${hostname}\n`],
    ['etc/hosts', `${hosts.join('\n')}\n::1\tlocalhost ip6-localhost ip6-loopback\n`],
    ['etc/resolv.conf', nameservers.map((address) => `nameserver ${address}\n`).join('')],
    ['etc/nsswitch.conf', 'passwd: files\ngroup: files\nhosts: files dns\n'],
    ['etc/os-release', OS_RELEASE],
    ['etc/debian_version', '12.15\n'],
    ['etc/issue', 'Debian GNU/Linux 12 \\n \\l\n'],
    ['etc/machine-id', '1f1d7b5c3c9a4c0a8b8e6d1f0a2b3c4d\n'],
    ['etc/shells', '/bin/sh\n/bin/bash\n/usr/bin/bash\n'],
    ['etc/timezone', 'Etc/UTC\n'],
    ['etc/fstab', '/dev/vda / ext4 rw,relatime 0 1\n'],
    ['etc/profile', 'export PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"\n'],
    ['etc/services', 'ssh\t22/tcp\ndomain\t53/tcp\ndomain\t53/udp\nhttp\t80/tcp\nhttps\t443/tcp\n'],
    ['var/log/syslog', { content: '', mode: 0o640, gid: 4 }],
    ['dev', { directory: true }],
    ...deviceFiles().map(([name, entry]): [string, LayerEntry] => [`dev/${name}`, entry]),
  ]
  if (user) {
    const owner = { uid: user.uid, gid: user.uid }
    files.push([`home/${user.name}`, { directory: true, ...owner }])
    files.push([`home/${user.name}/.profile`, { content: '', ...owner }])
  }
  return files
}
