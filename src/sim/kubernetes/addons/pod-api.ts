import { SystemError } from '../../linux/errors.ts'
import type { Process } from '../../linux/process.ts'
import type { HttpMethod, RestPort, RestStream } from '../../rest/port.ts'
import type { KubeObject, Status } from '../api/object.ts'

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'

/** An answer that is no success, with the client library's words. */
export class PodApiError extends Error {
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

/** The API as a program in a Pod reaches it: over the cluster's network, as the Pod's service account. */
export class PodApi {
  readonly namespace: string
  readonly #server: RestPort
  readonly #token: string
  readonly #agent: string

  private constructor(server: RestPort, token: string, namespace: string, agent: string) {
    this.#server = server
    this.#token = token
    this.namespace = namespace
    this.#agent = agent
  }

  /** Reads the service account's files and tries the connection. Throws an Error with client-go's words. */
  static async open(process: Process, server: RestPort, agent: string): Promise<PodApi> {
    const host = process.env.get('KUBERNETES_SERVICE_HOST')
    const port = process.env.get('KUBERNETES_SERVICE_PORT')
    if (!host || !port)
      throw new Error(
        'unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be defined',
      )
    let token: string
    let namespace: string
    try {
      token = process.files.readText(`${ACCOUNT}/token`)
      namespace = process.files.readText(`${ACCOUNT}/namespace`)
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
      throw new Error(`open ${ACCOUNT}/token: ${error.message.toLowerCase()}`)
    }
    try {
      const connection = await process.net.connect({ address: host, port: Number(port) }, { timeout: 30_000 })
      connection.close()
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
      const why = error.code === 'ETIMEDOUT' ? 'i/o timeout' : `connect: ${error.message.toLowerCase()}`
      throw new Error(`Get "https://${host}:${port}/version": dial tcp ${host}:${port}: ${why}`)
    }
    return new PodApi(server, token.trim(), namespace.trim(), agent)
  }

  /** The same, with another account's token. */
  as(token: string): PodApi {
    return new PodApi(this.#server, token, this.namespace, this.#agent)
  }

  async #send(method: HttpMethod, path: string, query: readonly (readonly [string, string])[] = [], body?: unknown) {
    return this.#server.handle({
      method,
      path,
      query,
      headers: {
        authorization: `Bearer ${this.#token}`,
        'user-agent': this.#agent,
        accept: 'application/json',
        ...(body === undefined
          ? {}
          : { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
    })
  }

  /** Throws PodApiError. */
  async request<T = KubeObject>(method: HttpMethod, path: string, body?: unknown): Promise<T> {
    const response = await this.#send(method, path, [], body)
    if (response.status >= 400) {
      const status = response.body as Partial<Status>
      throw new PodApiError(response.status, status?.message ?? 'the server could not find the requested resource')
    }
    return response.body as T
  }

  /** The objects under a collection's path; then calls the handler at each change, for as long as the server streams. */
  async watch(path: string, onChange: () => void): Promise<{ objects: Map<string, KubeObject>; stream: RestStream }> {
    const list = await this.request<{ metadata: { resourceVersion: string }; items: KubeObject[] }>('GET', path)
    const objects = new Map(list.items.map((o) => [keyOf(o), o]))
    const response = await this.#send('GET', path, [
      ['watch', 'true'],
      ['resourceVersion', list.metadata.resourceVersion],
    ])
    if (response.status >= 400 || !response.stream)
      throw new PodApiError(response.status, (response.body as Partial<Status>)?.message ?? 'unknown')
    const { stream } = response
    void (async () => {
      for await (const item of stream) {
        const { type, object } = item as { type: string; object: KubeObject }
        if (type === 'DELETED') objects.delete(keyOf(object))
        else if (type === 'ADDED' || type === 'MODIFIED') objects.set(keyOf(object), object)
        else continue
        onChange()
      }
    })()
    return { objects, stream }
  }
}

/** `namespace/name` */
export const keyOf = (o: KubeObject): string => `${o.metadata.namespace ?? ''}/${o.metadata.name}`
