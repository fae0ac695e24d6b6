import { baseFiles } from '../linux/base-files.ts'
import { type LayerDirectory, type LayerEntry, makeLayer } from '../linux/fs/layer.ts'
import { executable } from '../linux/process/executable.ts'
import { applets } from './applets.ts'
import { BUSYBOX_FOLDERS } from './busybox/names.ts'

/** A file of a userland: its path without a leading slash. */
export type UserlandFile = readonly [path: string, entry: LayerEntry | string]

/** Commands that a slim Debian image lacks; the machine has them from further packages. */
const PACKAGED = new Set(
  'exportfs showmount ab arp arping brctl crontab curl dig ed file host ifconfig ip iptables iptables-save iptables-legacy jq killall less lsof man nano nc netcat netstat nslookup openssl pgrep ping ping6 pkill ps pstree rarp route scp service ss ssh ssh-keygen strace stress sudo sysctl systemctl journalctl tcpdump telnet top traceroute tree unzip uptime vi vim vmstat w watch wget xxd zip free pmap pidof kill column hexdump slabtop lsb_release apt-file envsubst bc make gcc git python python3 pip pip3 node getfattr setfattr insmod lsmod modprobe rmmod nslookup'.split(
    ' ',
  ),
)

const program = (name: string, size?: number): LayerEntry => ({ content: executable(name, size), mode: 0o755 })

/** They run as root whoever calls them. */
const SET_UID = new Set(['sudo', 'su', 'passwd', 'mount', 'umount'])

/** `PS1` and aliases of an interactive bash on Debian. */
export const BASHRC = `# System-wide .bashrc file for interactive bash(1) shells.
[ -z "\${PS1-}" ] && PS1='\\s-\\v\\$ '
PS1='\\u@\\h:\\w\\$ '
`

const PROFILE = `# /etc/profile: system-wide .profile file for the Bourne shell (sh(1)).
if [ "$(id -u)" -eq 0 ]; then
  PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
else
  PATH="/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"
fi
export PATH
if [ "\${PS1-}" ]; then
  if [ "\${BASH-}" ] && [ -f /etc/bash.bashrc ]; then
    . /etc/bash.bashrc
  fi
fi
`

/** The machine's: whoever logs in finds the commands for administrators too, as on Ubuntu. */
const MACHINE_PROFILE = PROFILE.replace(
  '/usr/local/bin:/usr/bin:/bin:/usr/local/games',
  '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/games',
)

/** Everything of a Debian machine with the packages that the course uses. */
export function machineFiles(): UserlandFile[] {
  return [
    ...debianCommands(() => true),
    ['bin/busybox', program('busybox', 1_982_256)],
    ['usr/bin/node', program('node', 97_000_000)],
    ['usr/bin/npm', program('npm', 2_000)],
    ['usr/bin/npx', program('npx', 2_000)],
    ['etc/bash.bashrc', BASHRC],
    ['etc/profile', MACHINE_PROFILE],
  ]
}

/** A slim Debian image: bash, dash, coreutils, grep, sed, mawk, tar, util-linux. */
export function debianFiles(): UserlandFile[] {
  return [...debianCommands((name) => !PACKAGED.has(name)), ['etc/bash.bashrc', BASHRC], ['etc/profile', PROFILE]]
}

function debianCommands(wanted: (name: string) => boolean): UserlandFile[] {
  const files: UserlandFile[] = [
    ['bin/bash', program('bash', 1_265_648)],
    ['bin/dash', program('dash', 125_688)],
    ['bin/sh', { target: 'dash' }],
    ['bin/rbash', { target: 'bash' }],
  ]
  for (const [name, { folder }] of Object.entries(applets))
    if (name !== 'apk' && wanted(name))
      files.push([`${folder}/${name}`, { ...program(name), mode: SET_UID.has(name) ? 0o4755 : 0o755 }])
  return files
}

/** alpine: links to /bin/busybox in all four folders. */
export function alpineFiles(): UserlandFile[] {
  const files: UserlandFile[] = [
    ['bin/busybox', program('busybox', 919_304)],
    ['sbin/apk', program('apk', 70_168)],
  ]
  for (const [folder, names] of Object.entries(BUSYBOX_FOLDERS)) {
    for (const name of names) files.push([`${folder}/${name}`, { target: '/bin/busybox' }])
  }
  return files
}

/** The busybox image: the same binary under every name in /bin. */
export function busyboxFiles(): UserlandFile[] {
  const binary = program('busybox', 1_131_168)
  const names = new Set([
    'busybox',
    ...Object.values(BUSYBOX_FOLDERS).flat(),
    'telnet',
    'httpd',
    'nslookup',
    'traceroute',
  ])
  return [...names].map((name) => [`bin/${name}`, binary] as const)
}

const ALPINE_ETC: readonly UserlandFile[] = [
  [
    'etc/os-release',
    'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.18.4\nPRETTY_NAME="Alpine Linux v3.18"\nHOME_URL="https://alpinelinux.org/"\nBUG_REPORT_URL="https://gitlab.alpinelinux.org/alpine/aports/-/issues"\n',
  ],
  ['etc/alpine-release', '3.18.4\n'],
  ['etc/apk', { directory: true }],
  [
    'etc/apk/repositories',
    'https://dl-cdn.alpinelinux.org/alpine/v3.18/main\nhttps://dl-cdn.alpinelinux.org/alpine/v3.18/community\n',
  ],
  ['etc/issue', 'Welcome to Alpine Linux 3.18\nKernel \\r on an \\m (\\l)\n\n'],
  [
    'etc/motd',
    'Welcome to Alpine!\n\nThe Alpine Wiki contains a large amount of how-to guides and general\ninformation about administrating Alpine systems.\nSee <https://wiki.alpinelinux.org/>.\n\nYou can setup the system with the command: setup-alpine\n\nYou may change this message by editing /etc/motd.\n\n',
  ],
  [
    'etc/profile',
    'export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\nexport PAGER=less\numask 022\n',
  ],
  ['etc/shells', '# valid login shells\n/bin/sh\n/bin/ash\n'],
  [
    'etc/passwd',
    'root:x:0:0:root:/root:/bin/ash\nbin:x:1:1:bin:/bin:/sbin/nologin\ndaemon:x:2:2:daemon:/sbin:/sbin/nologin\nadm:x:3:4:adm:/var/adm:/sbin/nologin\nlp:x:4:7:lp:/var/spool/lpd:/sbin/nologin\nsync:x:5:0:sync:/sbin:/bin/sync\nshutdown:x:6:0:shutdown:/sbin:/sbin/shutdown\nhalt:x:7:0:halt:/sbin:/sbin/halt\nmail:x:8:12:mail:/var/mail:/sbin/nologin\nnews:x:9:13:news:/usr/lib/news:/sbin/nologin\nuucp:x:10:14:uucp:/var/spool/uucppublic:/sbin/nologin\noperator:x:11:0:operator:/root:/sbin/nologin\nman:x:13:15:man:/usr/man:/sbin/nologin\npostmaster:x:14:12:postmaster:/var/mail:/sbin/nologin\nftp:x:21:21::/var/lib/ftp:/sbin/nologin\nsshd:x:22:22:sshd:/dev/null:/sbin/nologin\nguest:x:405:100:guest:/dev/null:/sbin/nologin\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n',
  ],
  [
    'etc/group',
    'root:x:0:root\nbin:x:1:root,bin,daemon\ndaemon:x:2:root,bin,daemon\nsys:x:3:root,bin,adm\nadm:x:4:root,adm,daemon\ntty:x:5:\ndisk:x:6:root,adm\nlp:x:7:lp\nwheel:x:10:root\nfloppy:x:11:root\nmail:x:12:mail\nnews:x:13:news\nman:x:15:man\ndialout:x:20:root\nftp:x:21:\nsshd:x:22:\ntape:x:26:root\nvideo:x:27:root\nshadow:x:42:\nusers:x:100:games\nnogroup:x:65533:\nnobody:x:65534:\n',
  ],
]

const BUSYBOX_ETC: readonly UserlandFile[] = [
  [
    'etc/passwd',
    'root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1:daemon:/usr/sbin:/bin/false\nbin:x:2:2:bin:/bin:/bin/false\nsys:x:3:3:sys:/dev:/bin/false\nsync:x:4:100:sync:/bin:/bin/sync\nmail:x:8:8:mail:/var/spool/mail:/bin/false\nwww-data:x:33:33:www-data:/var/www:/bin/false\noperator:x:37:37:Operator:/var:/bin/false\nnobody:x:65534:65534:nobody:/home:/bin/false\n',
  ],
  [
    'etc/group',
    'root:x:0:\ndaemon:x:1:\nbin:x:2:\nsys:x:3:\nadm:x:4:\ntty:x:5:\ndisk:x:6:\nwheel:x:10:root\nmail:x:12:\nwww-data:x:33:\nusers:x:100:\nnogroup:x:65534:\n',
  ],
  ['etc/shadow', { content: 'root:*:10933:0:99999:7:::\n', mode: 0o640 }],
]

const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  alpine: [
    'dev',
    'home',
    'lib',
    'media/cdrom',
    'media/floppy',
    'media/usb',
    'mnt',
    'opt',
    'proc',
    'run',
    'srv',
    'sys',
    'usr/lib',
    'usr/local/bin',
    'usr/share',
    'var/cache',
    'var/lib',
    'var/log',
  ],
  busybox: ['dev', 'home', 'proc', 'sys', 'usr/sbin', 'var/spool/mail', 'var/www'],
  debian: [
    'boot',
    'dev',
    'home',
    'lib',
    'lib64',
    'media',
    'mnt',
    'opt',
    'proc',
    'run',
    'srv',
    'sys',
    'usr/local/bin',
    'usr/local/sbin',
    'usr/lib',
    'usr/share',
    'var/cache',
    'var/lib/apt/lists',
    'var/lib/dpkg',
    'var/log',
  ],
}

/** A whole base filesystem by name: `alpine`, `busybox`, `debian` (and `ubuntu`); empty for others. */
export function userland(name: string): LayerDirectory {
  const kind = name === 'ubuntu' ? 'debian' : name
  const folders = (FOLDERS[kind] ?? []).map((path): UserlandFile => [path, { directory: true }])
  const common: UserlandFile[] = [
    ['root', { directory: true, mode: 0o700 }],
    ['tmp', { directory: true, mode: 0o1777 }],
  ]
  if (kind === 'alpine')
    return makeLayer([
      ...folders,
      ...common,
      ['var/run', { target: '../run' }],
      ['var/tmp', { directory: true, mode: 0o1777 }],
      ...alpineFiles(),
      ...ALPINE_ETC,
    ])
  if (kind === 'busybox') return makeLayer([...folders, ...common, ...busyboxFiles(), ...BUSYBOX_ETC])
  if (kind !== 'debian') return makeLayer([])
  const base = baseFiles({ hostname: 'debian' }).filter(([path]) =>
    /^\/?etc\/(passwd|group|os-release|debian_version|shadow)$/.test(path),
  )
  return makeLayer([
    ...folders,
    ...common,
    ['var/run', { target: '/run' }],
    ['var/tmp', { directory: true, mode: 0o1777 }],
    ...debianFiles(),
    ...base,
    ['root/.bashrc', '# ~/.bashrc: executed by bash(1) for non-login shells.\n'],
  ])
}
