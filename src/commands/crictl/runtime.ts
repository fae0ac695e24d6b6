import { CRI_SOCKET, type CriContainer } from '../../sim/containers/api/create-cri.ts'
import type { ImageInfo } from '../../sim/containers/engine.ts'
import type { Process } from '../../sim/linux/process.ts'
import type { ClientStreams, HttpMethod } from '../../sim/rest/port.ts'

/** Ends crictl with a FATA line. */
export class CrictlError extends Error {}

/** The node's container runtime as crictl speaks to it. */
export class Runtime {
  readonly #process: Process

  constructor(process: Process) {
    this.#process = process
  }

  async call<T>(
    method: HttpMethod,
    path: string,
    options: { query?: Record<string, string>; body?: unknown; upgrade?: ClientStreams } = {},
  ): Promise<T> {
    const port = this.#process.machine.dial(CRI_SOCKET)
    if (!port)
      throw new CrictlError(
        'validate service connection: validate CRI v1 runtime API for endpoint "unix:///run/containerd/containerd.sock": rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /run/containerd/containerd.sock: connect: no such file or directory"',
      )
    const { query, ...rest } = options
    const response = await port.handle({ method, path, ...rest, ...(query ? { query: Object.entries(query) } : {}) })
    if (response.status >= 400) throw new CrictlError((response.body as { message: string }).message)
    return response.body as T
  }

  async containers(): Promise<CriContainer[]> {
    return (await this.call<CriContainer[]>('GET', '/containers')).filter((one) => !one.sandbox).reverse()
  }

  async sandboxes(): Promise<CriContainer[]> {
    return (await this.call<CriContainer[]>('GET', '/containers')).filter((one) => one.sandbox).reverse()
  }

  images(): Promise<ImageInfo[]> {
    return this.call('GET', '/images')
  }
}
