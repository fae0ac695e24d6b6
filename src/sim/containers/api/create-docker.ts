import { NullFile } from '../../linux/fs/null-file.ts'
import type { RestPort } from '../../rest/port.ts'
import { Daemon } from '../docker/daemon.ts'
import type { Engine } from '../runtime/create-engine.ts'
import { buildRoute } from './build.ts'
import { commit } from './commit.ts'
import { containerFiles } from './container-files.ts'
import { containerList } from './container-list.ts'
import { containerStats } from './container-stats.ts'
import { containerStreams } from './container-streams.ts'
import { containers } from './containers.ts'
import { exec } from './exec.ts'
import { imageArchive } from './image-archive.ts'
import { imageDelete } from './image-delete.ts'
import { imagePull } from './image-pull.ts'
import { imagePush } from './image-push.ts'
import { images } from './images.ts'
import { networks } from './networks.ts'
import { makePort, type Route } from './router.ts'
import { API_VERSION, system } from './system.ts'
import { volumes } from './volumes.ts'

/** More specific paths stand before those with a name in their place. */
const ROUTES: readonly Route[] = [
  ...system,
  containerList,
  ...containers.filter((route) => !route.path.includes(':')),
  ...containerStreams,
  ...containerFiles,
  ...containerStats,
  ...containers.filter((route) => route.path.includes(':')),
  ...exec,
  commit,
  buildRoute,
  ...imagePull,
  ...imageArchive,
  imagePush,
  ...images,
  ...imageDelete,
  ...networks,
  ...volumes,
]

/**
 * dockerd on an engine's machine: its processes, its folders, its socket. The machine's `dial` must give `port` for
 * `unix:///var/run/docker.sock`.
 */
export function createDocker(engine: Engine, extra: readonly Route[] = []): { daemon: Daemon; port: RestPort } {
  const { kernel } = engine
  const nothing = new NullFile()
  const fds = new Map([0, 1, 2].map((number) => [number, nothing]))
  const forever = () => new Promise<number>(() => {})
  const dockerd = kernel.spawn({
    argv: ['/usr/sbin/dockerd', '-H', 'fd://', '--containerd=/run/containerd/containerd.sock'],
    program: forever,
    fds,
    newSession: true,
  })
  dockerd.setMemory(75_000_000)
  const containerd = kernel.spawn({
    argv: ['containerd', '--config', '/var/run/docker/containerd/containerd.toml', '--log-level', 'warn'],
    parent: dockerd,
    program: forever,
    fds,
    newSession: true,
  })
  containerd.setMemory(45_000_000)
  for (const name of [
    'buildkit',
    'containerd',
    'containers',
    'image/overlay2/distribution',
    'image/overlay2/imagedb',
    'image/overlay2/layerdb',
    'network',
    'overlay2',
    'plugins',
    'runtimes',
    'swarm',
    'tmp',
    'trust',
    'volumes',
  ])
    kernel.makeDirectory(`/var/lib/docker/${name}`)
  kernel.files.write('/var/lib/docker/image/overlay2/repositories.json', '{}')
  kernel.makeDirectory('/run')
  const socket = kernel.files.exists('/var/run') ? '/var/run/docker.sock' : '/run/docker.sock'
  if (!kernel.files.exists(socket)) {
    kernel.files.write(socket, '')
    kernel.files.chmod(socket, 0o660)
  }
  const daemon = new Daemon(engine)
  const port = makePort(daemon, [...extra, ...ROUTES], {
    'api-version': API_VERSION,
    'docker-experimental': 'false',
    ostype: 'linux',
    server: `Docker/20.10.24+dfsg1 (linux)`,
  })
  return { daemon, port }
}
