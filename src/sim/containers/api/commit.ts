import { snapshot } from '../../linux/fs/snapshot.ts'
import { DAEMON_VERSION, type Daemon } from '../docker/daemon.ts'
import type { DockerContainer } from '../docker/docker-container.ts'
import { emptyConfig } from '../images/config.ts'
import { Image } from '../images/image.ts'
import { layerOf } from '../images/layer.ts'
import { withDefaultTag } from '../images/reference.ts'
import type { StoredImage } from '../images/store.ts'
import { rfc3339Nano } from '../timestamp.ts'
import { applyChange } from './image-archive.ts'
import { parse } from './images.ts'
import { json, type Route } from './router.ts'

/** Makes an image of a container's own layer; mounts are not part of it. */
export function commitContainer(
  daemon: Daemon,
  container: DockerContainer,
  options: { comment?: string; author?: string; changes?: readonly string[]; createdBy?: string } = {},
): StoredImage {
  const base = container.runtime.image
  const created = rfc3339Nano(daemon.kernel.wallClock())
  const { config: own } = container
  const config = emptyConfig({ ...own, Image: base.id.startsWith('sha256:') ? own.Image : base.id })
  for (const change of options.changes ?? []) applyChange(config, change)
  const layer = layerOf(snapshot(container.runtime.root.upper))
  const image = new Image(
    {
      architecture: 'amd64',
      ...(options.author ? { author: options.author } : {}),
      config,
      container: container.id,
      container_config: own,
      created,
      docker_version: DAEMON_VERSION,
      history: [
        ...base.image.file.history,
        {
          created,
          ...(options.author ? { author: options.author } : {}),
          created_by: options.createdBy ?? [...(own.Entrypoint ?? []), ...(own.Cmd ?? [])].join(' '),
          ...(options.comment ? { comment: options.comment } : {}),
        },
      ],
      os: 'linux',
    },
    [...base.image.layers, layer],
  )
  return daemon.engine.addImage(image, { parent: base.id })
}

export const commit: Route = {
  method: 'POST',
  path: '/commit',
  handle: (call) => {
    const { daemon } = call
    const container = daemon.get(call.query('container') ?? '')
    const repo = call.query('repo')
    const tag = call.query('tag')
    const reference = repo ? withDefaultTag(parse(tag ? `${repo}:${tag}` : repo)) : undefined
    const image = commitContainer(daemon, container, {
      comment: call.query('comment'),
      author: call.query('author'),
      changes: call.queryAll('changes'),
    })
    if (reference) daemon.engine.store.name(image.id, reference, daemon.kernel.wallClock())
    daemon.emit(container, 'commit', { imageID: image.id })
    return json({ Id: image.id }, 201)
  },
}
