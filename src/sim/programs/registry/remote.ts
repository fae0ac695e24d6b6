import type { ImageFile } from '../../containers/images/config.ts'
import { Image, MANIFEST } from '../../containers/images/image.ts'
import type { Layer } from '../../containers/images/layer.ts'
import type { Reference } from '../../containers/images/reference.ts'
import { type PushProgress, type Registry, RegistryError } from '../../containers/images/registry.ts'
import { SystemError } from '../../linux/errors.ts'
import type { Sockets } from '../../linux/socket.ts'
import { sendRequest } from '../http/client.ts'
import { type Headers, header } from '../http/message.ts'
import { collect } from '../http/reader.ts'

/** Of a layer's blob this much is really sent; the world knows layers by their identity. */
const SENT = 65_536

/** A registry that runs in the simulated network, spoken to over HTTP by the distribution API. */
export class RemoteRegistry implements Registry {
  readonly #domain: string
  readonly #sockets: Sockets
  readonly #layers: ReadonlyMap<string, Layer>
  /** Repositories of this registry that a layer is known to be in. */
  readonly #known = new Map<string, string[]>()
  #tags: readonly string[] | undefined

  constructor(domain: string, sockets: Sockets, layers: ReadonlyMap<string, Layer>) {
    this.#domain = domain
    this.#sockets = sockets
    this.#layers = layers
  }

  tags(): readonly string[] | undefined {
    return this.#tags
  }

  async find(reference: Reference): Promise<Image> {
    const { path } = reference
    const manifest = await this.#call('GET', `/v2/${path}/manifests/${reference.digest ?? reference.tag ?? 'latest'}`, {
      headers: [['Accept', MANIFEST]],
    })
    if (manifest.status === 404) throw new RegistryError('unknown-manifest', 'manifest unknown')
    const { config } = JSON.parse(new TextDecoder().decode(manifest.body)) as { config: { digest: string } }
    const blob = await this.#call('GET', `/v2/${path}/blobs/${config.digest}`)
    if (blob.status !== 200) throw new RegistryError('invalid', 'blob unknown to registry')
    const { rootfs, ...file } = JSON.parse(new TextDecoder().decode(blob.body)) as ImageFile
    const layers = rootfs.diff_ids.map((diffId) => {
      const layer = this.#layers.get(diffId)
      if (!layer) throw new RegistryError('invalid', `not simulated: a layer from outside this world (${diffId})`)
      this.#remember(layer.digest, path)
      return layer
    })
    const list = await this.#call('GET', `/v2/${path}/tags/list`)
    this.#tags = (JSON.parse(new TextDecoder().decode(list.body)) as { tags?: string[] }).tags
    return new Image(file, layers)
  }

  async push(reference: Reference, image: Image, progress: PushProgress): Promise<void> {
    const { path } = reference
    await this.#call('GET', '/v2/')
    const missing: Layer[] = []
    for (const layer of image.layers) {
      const there = await this.#call('HEAD', `/v2/${path}/blobs/${layer.digest}`)
      if (there.status === 200) progress(layer, 'Layer already exists')
      else missing.push(layer)
    }
    for (const layer of missing.reverse()) {
      const from = this.#known.get(layer.digest)?.find((name) => name !== path)
      const mounted =
        from && (await this.#call('POST', `/v2/${path}/blobs/uploads/?mount=${layer.digest}&from=${from}`))
      if (mounted && mounted.status === 201) progress(layer, `Mounted from ${from}`)
      else {
        await this.#upload(path, layer.digest, blobOf(layer))
        progress(layer, 'Pushed')
      }
    }
    for (const layer of image.layers) this.#remember(layer.digest, path)
    await this.#upload(path, image.id, new TextEncoder().encode(JSON.stringify(image.file)))
    await this.#call('PUT', `/v2/${path}/manifests/${reference.tag ?? 'latest'}`, {
      headers: [['Content-Type', MANIFEST]],
      body: image.manifest.bytes,
    })
  }

  async #upload(path: string, digest: string, body: Uint8Array): Promise<void> {
    const begun = await this.#call('POST', `/v2/${path}/blobs/uploads/`)
    const location = header(begun.headers, 'location') ?? `/v2/${path}/blobs/uploads/1`
    await this.#call('PUT', `${location}?digest=${digest}`, {
      headers: [['Content-Type', 'application/octet-stream']],
      body,
    })
  }

  #remember(digest: string, repository: string): void {
    const known = this.#known.get(digest) ?? []
    if (!known.includes(repository)) this.#known.set(digest, [...known, repository])
  }

  async #call(
    method: string,
    target: string,
    options: { headers?: Headers; body?: string | Uint8Array } = {},
  ): Promise<{ status: number; headers: Headers; body: Uint8Array }> {
    const [host = '', port = '443'] = this.#domain.split(':')
    let address: string | undefined
    try {
      address = (await this.#sockets.resolve(host))[0]
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
    }
    if (!address) throw new RegistryError('no-such-host', `dial tcp: lookup ${host}: no such host`)
    try {
      const connection = await this.#sockets.connect({ address, port: Number(port) }, { timeout: 15_000 })
      try {
        const response = await sendRequest(connection, {
          method,
          target,
          headers: [
            ['Host', this.#domain],
            ['User-Agent', 'docker/20.10.24+dfsg1'],
            ['Connection', 'close'],
            ...(options.headers ?? []),
          ],
          ...(options.body === undefined ? {} : { body: options.body }),
        })
        if (!response) throw new RegistryError('refused', 'EOF')
        return { status: response.status, headers: response.headers, body: await collect(response.body) }
      } finally {
        connection.close()
      }
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
      throw new RegistryError(error.code === 'ETIMEDOUT' ? 'timeout' : 'refused', error.message)
    }
  }
}

function blobOf(layer: Layer): Uint8Array {
  const bytes = new Uint8Array(Math.min(layer.compressedSize, SENT))
  bytes.set(new TextEncoder().encode(`layer ${layer.diffId}\n`).subarray(0, bytes.length))
  return bytes
}
