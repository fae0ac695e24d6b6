import type { Process } from '../../sim/linux/process.ts'
import type { HttpMethod, RestPort, RestResponse } from '../../sim/rest/port.ts'
import { KubeadmError, read } from './command.ts'

export const ADMIN_CONFIG = '/etc/kubernetes/admin.conf'

/** What kubeadm asks of an API server. */
export class Api {
  readonly #port: RestPort
  readonly #headers: Readonly<Record<string, string>>

  constructor(port: RestPort, headers: Readonly<Record<string, string>>) {
    this.#port = port
    this.#headers = headers
  }

  async call(method: HttpMethod, path: string, body?: unknown, type = 'application/json'): Promise<RestResponse> {
    return this.#port.handle({
      method,
      path,
      headers: {
        ...this.#headers,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': type }),
      },
      ...(body === undefined ? {} : { body }),
    })
  }

  /** Undefined when there is none. */
  async get<T = any>(path: string): Promise<T | undefined> {
    const { status, body } = await this.call('GET', path)
    return status >= 400 ? undefined : (body as T)
  }

  /** Creates it, or puts it in the place of what is there. */
  async put(collection: string, object: { metadata: { name: string } }): Promise<void> {
    const { status } = await this.call('POST', collection, object)
    if (status !== 409) return
    await this.call('PATCH', `${collection}/${object.metadata.name}`, object, 'application/merge-patch+json')
  }
}

/** The cluster as its administrator, by a kubeconfig of this machine. */
export function adminApi(process: Process, file = ADMIN_CONFIG): Api {
  const text = read(process, file)
  if (text === undefined)
    throw new KubeadmError(`failed to load admin kubeconfig: open ${file}: no such file or directory`)
  const server = /server: (\S+)/.exec(text)?.[1] ?? ''
  const certificate = /client-certificate-data: (\S+)/.exec(text)?.[1] ?? ''
  const port = process.machine.dial(server)
  if (!port)
    throw new KubeadmError(
      `couldn't create a Kubernetes client from file "${file}": Get "${server}/version": dial tcp ${server.slice('https://'.length)}: connect: connection refused`,
    )
  return new Api(port, { 'x-client-certificate': certificate })
}
