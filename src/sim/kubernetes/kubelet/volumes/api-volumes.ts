import { type Payload, writeAtomically } from './atomic-writer.ts'
import { configMapFiles, downwardFiles, secretFiles, tokenFile } from './content.ts'
import { unmountIfMounted } from './mounts.ts'
import type { VolumeContext, VolumePlugin } from './plugin.ts'

/** Volumes whose files come from API objects and follow them. */
function apiVolume(
  source: string,
  folder: string,
  content: (context: VolumeContext) => [string, Payload][],
  options: { memory?: boolean } = {},
): VolumePlugin {
  const write = (context: VolumeContext) => {
    const { node, files, directory, pod } = context
    const fsGroup = pod.spec.securityContext?.fsGroup
    const payloads = new Map(content(context))
    if (!files.exists(directory)) {
      files.mkdir(directory, { parents: true })
      files.chmod(directory, 0o777)
      if (options.memory) {
        // Secrets never touch the disk.
        node.host?.system.mount({ type: 'tmpfs', source: 'tmpfs', target: directory, options: ['mode=1777'] })
        files.chmod(directory, 0o1777)
      }
    }
    writeAtomically(
      { files, directory, random: node.random, now: node.wallClock(), ...(fsGroup === undefined ? {} : { fsGroup }) },
      payloads,
    )
    makeNestedMountPoints(context)
  }
  return {
    source,
    folder: `kubernetes.io~${folder}`,
    setUp(context) {
      write(context)
      return context.directory
    },
    update: write,
    tearDown({ node, directory }) {
      if (options.memory) unmountIfMounted(node, directory)
    },
  }
}

/** A container sees such a volume read-only, so the places where others are mounted below it must be there before. */
function makeNestedMountPoints({ pod, volume, files, directory }: VolumeContext): void {
  for (const container of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) {
    const paths = (container.volumeMounts ?? []).map(({ name, mountPath }) => ({ name, path: mountPath }))
    for (const outer of paths.filter(({ name }) => name === volume.name))
      for (const { path } of paths)
        if (path.startsWith(`${outer.path}/`))
          files.mkdir(directory + path.slice(outer.path.length), { parents: true, mode: 0o755 })
  }
}

export const configMap = apiVolume('configMap', 'configmap', (context) =>
  configMapFiles(context, context.volume.configMap!, context.volume.configMap!.defaultMode ?? 0o644),
)

export const secret = apiVolume(
  'secret',
  'secret',
  (context) => {
    const { secretName, items, optional, defaultMode = 0o644 } = context.volume.secret!
    return secretFiles(context, { name: secretName, items, optional }, defaultMode)
  },
  { memory: true },
)

export const downwardAPI = apiVolume(
  'downwardAPI',
  'downward-api',
  (context) =>
    downwardFiles(
      context,
      (context.volume.downwardAPI!.items ?? []) as never,
      context.volume.downwardAPI!.defaultMode ?? 0o644,
    ),
  { memory: true },
)

export const projected = apiVolume(
  'projected',
  'projected',
  (context) => {
    const { sources = [], defaultMode = 0o644 } = context.volume.projected!
    return sources.flatMap((source) => {
      if (source.configMap) return configMapFiles(context, source.configMap, defaultMode)
      if (source.secret) return secretFiles(context, source.secret, defaultMode)
      if (source.downwardAPI) return downwardFiles(context, (source.downwardAPI.items ?? []) as never, defaultMode)
      if (source.serviceAccountToken) return currentToken(context, source.serviceAccountToken, defaultMode)
      return []
    })
  },
  { memory: true },
)

/** Keeps a token that was issued before; a token is renewed at 80 % of its life, which a Pod rarely reaches. */
function currentToken(
  context: VolumeContext,
  source: { audience?: string; expirationSeconds?: number; path: string },
  mode: number,
): [string, Payload][] {
  const { files, directory, node } = context
  const path = `${directory}/..data/${source.path}`
  if (files.exists(path)) {
    const kept = files.stat(path)
    const age = node.wallClock() - kept.modified
    if (age < (source.expirationSeconds ?? 3600) * 800) {
      return [[source.path, { bytes: files.readBytes(path), mode: kept.mode & 0o777, uid: kept.uid }]]
    }
  }
  return tokenFile(context, source, mode)
}
