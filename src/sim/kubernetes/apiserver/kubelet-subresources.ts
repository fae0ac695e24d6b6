import type { RestRequest, RestResponse } from '../../rest/port.ts'
import { query, queryAll } from '../../rest/port.ts'
import type { KubeletPort } from '../api/kubelet-port.ts'
import type { KubeObject } from '../api/object.ts'
import { badRequest, internalError, pathNotFound, statusFailure } from '../api/status-error.ts'
import type { ResourceInfo } from './registry.ts'
import type { RequestPath } from './request-path.ts'
import type { ServerParts } from './server.ts'

const flag = (request: RestRequest, name: string) => ['true', '1'].includes(query(request, name) ?? '')
const number = (request: RestRequest, name: string) => {
  const text = query(request, name)
  return text === undefined || text === '' ? undefined : Number(text)
}

/** log, exec, attach and portforward: asked of the kubelet of the Pod's node. */
export function kubeletSubresource(
  parts: ServerParts,
  request: RestRequest,
  target: RequestPath,
  info: ResourceInfo,
): RestResponse | Promise<RestResponse> {
  const { namespace = 'default', name, subresource } = target
  const pod = parts.operations.read(info, info.namespaced ? namespace : undefined, name!)
  if (info.name !== 'pods') throw pathNotFound()
  switch (subresource) {
    case 'log':
      return logs(parts, request, pod)
    case 'exec':
    case 'attach':
      return execOrAttach(parts, request, pod, subresource)
    default:
      return portForward(parts, request, pod)
  }
}

function containerNames(pod: KubeObject): { names: string[]; described: string[] } {
  const names: string[] = []
  const described: string[] = []
  for (const [field, suffix] of [
    ['containers', ''],
    ['initContainers', ' (init)'],
    ['ephemeralContainers', ' (ephem)'],
  ] as const)
    for (const container of pod.spec?.[field] ?? []) {
      names.push(container.name)
      described.push(container.name + suffix)
    }
  return { names, described }
}

function chooseContainer(pod: KubeObject, wanted: string | undefined): string {
  const { names } = containerNames(pod)
  const { name } = pod.metadata
  if (!wanted) {
    if (pod.spec.containers.length === 1) return pod.spec.containers[0].name
    const all = pod.spec.containers.map((c: any) => c.name).join(' ')
    const init = (pod.spec.initContainers ?? []).map((c: any) => c.name).join(' ')
    const choose = `a container name must be specified for pod ${name}, choose one of: [${all}]`
    throw badRequest(init ? `${choose} or one of the init containers: [${init}]` : choose)
  }
  if (!names.includes(wanted)) throw badRequest(`container ${wanted} is not valid for pod ${name}`)
  return wanted
}

function kubeletOf(parts: ServerParts, pod: KubeObject): KubeletPort | undefined {
  const node = pod.spec?.nodeName
  if (!node) return undefined
  const kubelet = parts.kubelets.get(node)
  if (kubelet) return kubelet
  const address = parts.operations
    .table(parts.registry.named('nodes')!)
    .get('', node)
    ?.status?.addresses?.find((a: any) => a.type === 'InternalIP')?.address
  if (!address) throw statusFailure(500, '', 'no preferred addresses found; known addresses: []')
  throw internalError(`dial tcp ${address}:10250: connect: connection refused`)
}

function logs(parts: ServerParts, request: RestRequest, pod: KubeObject): RestResponse {
  const container = chooseContainer(pod, query(request, 'container'))
  const headers = { 'content-type': 'text/plain' }
  const kubelet = kubeletOf(parts, pod)
  if (!kubelet) return { status: 200, headers, body: '' }
  const result = kubelet.logs({
    namespace: pod.metadata.namespace!,
    pod: pod.metadata.name,
    container,
    follow: flag(request, 'follow'),
    previous: flag(request, 'previous'),
    timestamps: flag(request, 'timestamps'),
    tailLines: number(request, 'tailLines'),
    limitBytes: number(request, 'limitBytes'),
    sinceSeconds: number(request, 'sinceSeconds'),
    sinceTime: query(request, 'sinceTime') || undefined,
    stream: (query(request, 'stream') as 'Stdout' | 'Stderr' | 'All') || undefined,
  })
  return 'text' in result
    ? { status: 200, headers, body: result.text }
    : { status: 200, headers, stream: result.stream }
}

function execOrAttach(
  parts: ServerParts,
  request: RestRequest,
  pod: KubeObject,
  kind: 'exec' | 'attach',
): RestResponse {
  const container = chooseContainer(pod, query(request, 'container'))
  if (!request.upgrade) throw badRequest('unable to upgrade: missing upgrade headers in request')
  const kubelet = kubeletOf(parts, pod)
  if (!kubelet) throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`)
  kubelet[kind]({
    namespace: pod.metadata.namespace!,
    pod: pod.metadata.name,
    container,
    command: queryAll(request, 'command'),
    tty: flag(request, 'tty'),
    streams: request.upgrade,
  })
  return { status: 101, headers: {} }
}

/** One stream each way: what is read from stdin goes to the port, what comes back to stdout. */
async function portForward(parts: ServerParts, request: RestRequest, pod: KubeObject): Promise<RestResponse> {
  const port = number(request, 'ports')
  if (!request.upgrade || port === undefined) throw badRequest('unable to upgrade: missing upgrade headers in request')
  const kubelet = kubeletOf(parts, pod)
  if (!kubelet) throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`)
  const { upgrade } = request
  const remote = await kubelet.portForward({ namespace: pod.metadata.namespace!, pod: pod.metadata.name, port })
  const outward = async () => {
    for (;;) {
      const bytes = await remote.read()
      if (bytes.length === 0) break
      await upgrade.stdout?.write(bytes)
    }
    upgrade.onStatus?.({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' })
  }
  const inward = async () => {
    while (upgrade.stdin) {
      const bytes = await upgrade.stdin.read()
      if (bytes.length === 0) break
      await remote.write(bytes)
    }
  }
  outward().catch((error) =>
    upgrade.onStatus?.({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: String(error) }),
  )
  inward().catch(() => remote.close())
  return { status: 101, headers: {} }
}
