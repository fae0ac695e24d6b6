import type { RestPort, RestRequest, RestResponse } from '../../rest/port.ts'
import { ImagePullError, StartError } from '../engine.ts'
import { canonical, parseReference, withDefaultTag } from '../images/reference.ts'
import type { Container } from '../runtime/container.ts'
import type { Engine } from '../runtime/create-engine.ts'
import { rfc3339Nano9 } from '../timestamp.ts'
import { loadArchive } from './load-archive.ts'

/** Where a node's container runtime listens. */
export const CRI_SOCKET = 'unix:///run/containerd/containerd.sock'

const KIND = 'io.cri-containerd.kind'

/** A container or sandbox as the runtime interface tells it. */
export interface CriContainer {
  id: string
  sandbox: boolean
  name: string
  pod: string
  namespace: string
  uid: string
  attempt: number
  image: string
  imageId: string
  /** ms since 1970 */
  createdAt: number
  startedAt: number | undefined
  finishedAt: number | undefined
  exitCode: number | undefined
  running: boolean
  pid: number
  labels: Readonly<Record<string, string>>
  annotations: Readonly<Record<string, string>>
  ip: string | undefined
  logPath: string
  cpu: number
  memory: number
}

function view(container: Container): CriContainer {
  const labels = container.spec.labels ?? {}
  const annotations = container.spec.annotations ?? {}
  const { cpu, memory } = container.usage()
  return {
    id: container.id,
    sandbox: labels[KIND] === 'sandbox',
    name: labels['io.kubernetes.container.name'] ?? container.spec.name,
    pod: labels['io.kubernetes.pod.name'] ?? '',
    namespace: labels['io.kubernetes.pod.namespace'] ?? '',
    uid: labels['io.kubernetes.pod.uid'] ?? '',
    attempt: Number(annotations['io.kubernetes.container.restartCount'] ?? 0),
    image: annotations['io.kubernetes.container.image'] ?? container.spec.image,
    imageId: container.image.id,
    createdAt: container.createdAt,
    startedAt: container.startedAt,
    finishedAt: container.finishedAt,
    exitCode: container.exitCode,
    running: container.running,
    pid: container.process?.hostPid ?? 0,
    labels,
    annotations,
    ip: container.ip,
    logPath: '',
    cpu,
    memory,
  }
}

/** The container runtime's port on a node, for crictl: what the kubelet's engine holds. */
export function createCri(engine: Engine): RestPort {
  const find = (id: string) => {
    const found = engine.containers().filter((container) => container.id.startsWith(id))
    if (found.length !== 1)
      throw new Error(
        `rpc error: code = NotFound desc = an error occurred when try to find container "${id}": not found`,
      )
    return found[0]!
  }
  const ok = (body: unknown): RestResponse => ({ status: 200, headers: {}, body })
  const handle = async (request: RestRequest): Promise<RestResponse> => {
    const [, what = '', id = '', verb = ''] = request.path.split('/')
    const query = new Map(request.query ?? [])
    if (what === 'containers' && id === '') return ok(engine.containers().map(view))
    if (what === 'images' && request.method === 'GET') return ok(engine.images())
    // containerd's own, beside the runtime interface: what ctr uses.
    if (what === 'images' && id === 'load')
      return ok(loadArchive(engine, request.body as Uint8Array, engine.options.kernel.wallClock()))
    if (what === 'images' && id === 'tag') {
      const found = engine.store.find(query.get('image') ?? '')
      if (!found) throw new Error(`image "${query.get('image')}": not found`)
      const name = withDefaultTag(parseReference(query.get('name') ?? ''))
      engine.store.name(found.id, name, engine.options.kernel.wallClock())
      return ok({})
    }
    if (what === 'images' && id === 'untag') {
      const name = query.get('image') ?? ''
      const found = engine.store.find(name)
      if (!found) throw new Error(`image "${name}": not found`)
      if (found.tags.length > 1) engine.store.unname(canonical(withDefaultTag(parseReference(name))))
      else engine.removeImage(name)
      return ok({})
    }
    if (what === 'images' && request.method === 'POST')
      return ok({ id: (await engine.pull(query.get('image') ?? '')).id })
    if (what === 'images') {
      if (!engine.image(query.get('image') ?? '')) throw new Error(`no such image ${query.get('image')}`)
      engine.removeImage(query.get('image') ?? '')
      return ok({})
    }
    const container = find(id)
    if (verb === 'log') {
      const tail = Number(query.get('tail') ?? -1)
      const lines = container.logs()
      const stamps = query.get('timestamps') === 'true'
      return ok(
        (tail >= 0 ? lines.slice(-tail || lines.length) : lines).map((line) => ({
          stream: line.stream,
          text: `${stamps ? `${rfc3339Nano9(line.time)} ` : ''}${line.text}${line.partial ? '' : '\n'}`,
        })),
      )
    }
    if (verb === 'exec') {
      const { argv, tty } = request.body as { argv: string[]; tty: boolean }
      const execution = await container.exec({ argv, tty, streams: request.upgrade ?? {} })
      request.upgrade?.onResize?.((size) => execution.resize(size))
      return ok(await execution.exitCode)
    }
    if (verb === 'pause' || verb === 'resume') {
      if (verb === 'pause') container.pause()
      else container.unpause()
      return ok({})
    }
    if (verb === 'stop') {
      await container.stop(Number(query.get('timeout') ?? 0) * 1000)
      return ok({})
    }
    if (request.method === 'DELETE') {
      container.remove()
      return ok({})
    }
    return ok(view(container))
  }
  return {
    handle: async (request) => {
      try {
        return await handle(request)
      } catch (error) {
        if (error instanceof StartError)
          return {
            status: 400,
            headers: {},
            body: { message: `execing command in container: command terminated with: ${error.message}: unknown` },
          }
        if (error instanceof ImagePullError) return { status: 404, headers: {}, body: { message: error.message } }
        return { status: 404, headers: {}, body: { message: (error as Error).message } }
      }
    },
  }
}
