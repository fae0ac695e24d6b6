import { baseFiles } from '../linux/base-files.ts'
import { makeLayer } from '../linux/fs/layer.ts'
import { createKernel, type Kernel } from '../linux/kernel.ts'
import type { WorldContext } from '../linux/machine.ts'
import type { Fabric } from '../linux/net/fabric.ts'
import { ALL_CAPABILITIES } from '../linux/process/capabilities.ts'
import { executable } from '../linux/process/executable.ts'
import { installNfs } from '../programs/nfs/install.ts'
import { sshd } from '../programs/ssh/server.ts'
import type { RestPort } from '../rest/port.ts'
import type { Account } from './script.ts'
import type { Software } from './software.ts'

export interface ComputerOptions {
  world: WorldContext
  fabric: Fabric
  software: Software
  hostname: string
  /** Its address on the LAN with prefix length, and its gateway. */
  address: string
  gateway: string
  /** Lines of /etc/hosts for the machines around it. */
  hosts: readonly string[]
  dial: (origin: string) => RestPort | undefined
}

const UID = 1000
/** As in /etc/group: who may talk to the Docker daemon. */
export const DOCKER_GROUP = 998

/** The learner's account: may use sudo and docker. */
export const LEARNER: Account = {
  name: 'learner',
  home: '/home/learner',
  credentials: { uid: UID, gid: UID, groups: [UID, 27, DOCKER_GROUP], capabilities: new Set() },
}

export const ROOT: Account = {
  name: 'root',
  home: '/root',
  credentials: { uid: 0, gid: 0, groups: [0], capabilities: ALL_CAPABILITIES },
}

/** Docker's command finds these here: docker build is BuildKit's then, and docker compose is known. */
const DOCKER_PLUGINS = ['docker-buildx', 'docker-compose']
const PLUGIN = { content: executable('docker'), mode: 0o755 }

const BASHRC = `PS1='\\u@\\h:\\w\\$ '
alias ll='ls -l'
`

/** The computer the learner sits at. */
export function makeComputer(options: ComputerOptions): Kernel {
  const { world, fabric, software, hostname } = options
  const kernel = createKernel(
    {
      hostname,
      programs: software.programs,
      layer: makeLayer([
        ...baseFiles({
          hostname,
          hosts: options.hosts,
          nameservers: [options.gateway],
          user: { name: LEARNER.name, uid: UID },
        }),
        ...software.machineFiles,
        ...DOCKER_PLUGINS.map((name) => [`usr/libexec/docker/cli-plugins/${name}`, PLUGIN] as const),
        ['root/.bashrc', BASHRC],
        ['home/learner/.bashrc', { content: BASHRC, uid: UID, gid: UID }],
        ['home/learner/.profile', { content: '[ -n "$BASH_VERSION" ] && . ~/.bashrc\n', uid: UID, gid: UID }],
        ['root/.profile', '[ -n "$BASH_VERSION" ] && . ~/.bashrc\n'],
      ] as Parameters<typeof makeLayer>[0]),
      firstPid: 700,
      dial: options.dial,
    },
    world,
  )
  installNfs(kernel)
  fabric.attach(kernel.namespaces.net, 'eth0', fabric.segment('lan'), {
    address: options.address,
    gateway: options.gateway,
  })
  kernel.namespaces.net.setUp('lo', true)
  kernel.namespaces.net.ipForward = true
  kernel.spawn({ argv: ['/usr/sbin/sshd', '-D'], program: sshd, newSession: true })
  return kernel
}

/** Writes a file with its folders as an account would own them. */
export function putFile(kernel: Kernel, account: Account, path: string, content: string): void {
  const absolute = path.startsWith('/') ? path : `${account.home}/${path}`
  const { uid, gid } = account.credentials
  const parts = absolute.split('/').slice(1, -1)
  let folder = ''
  for (const part of parts) {
    folder += `/${part}`
    if (kernel.files.exists(folder)) continue
    kernel.files.mkdir(folder)
    if (folder.startsWith(account.home)) kernel.files.chown(folder, uid, gid)
  }
  const existed = kernel.files.exists(absolute)
  kernel.files.write(absolute, content, { mode: 0o644 })
  if (!existed && absolute.startsWith(account.home)) kernel.files.chown(absolute, uid, gid)
}
