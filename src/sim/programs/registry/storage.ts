import type { Files } from '../../linux/file.ts'

const ROOT = '/var/lib/registry/docker/registry/v2'

/** Blobs and repositories as the distribution registry lays them out on disk. */
export class RegistryStorage {
  readonly #files: Files

  constructor(files: Files) {
    this.#files = files
  }

  repositories(): string[] {
    const found: string[] = []
    const visit = (folder: string, name: string) => {
      if (!this.#files.exists(folder)) return
      for (const entry of this.#files.list(folder)) {
        if (entry.type !== 'directory') continue
        if (entry.name === '_manifests') found.push(name)
        else if (!entry.name.startsWith('_'))
          visit(`${folder}/${entry.name}`, name === '' ? entry.name : `${name}/${entry.name}`)
      }
    }
    visit(`${ROOT}/repositories`, '')
    return found.sort()
  }

  tags(name: string): string[] | undefined {
    const folder = `${ROOT}/repositories/${name}/_manifests/tags`
    return this.#files.exists(folder)
      ? this.#files
          .list(folder)
          .map((entry) => entry.name)
          .sort()
      : undefined
  }

  hasBlob(name: string, digest: string): boolean {
    return this.#files.exists(`${ROOT}/repositories/${name}/_layers/${slashed(digest)}/link`)
  }

  /** Undefined when there is none. */
  blob(digest: string): Uint8Array | undefined {
    const path = blobPath(digest)
    return this.#files.exists(path) ? this.#files.readBytes(path) : undefined
  }

  putBlob(name: string, digest: string, bytes: Uint8Array): void {
    this.#write(blobPath(digest), bytes)
    this.linkBlob(name, digest)
  }

  linkBlob(name: string, digest: string): void {
    this.#write(`${ROOT}/repositories/${name}/_layers/${slashed(digest)}/link`, digest)
  }

  /** The digest that a tag or digest stands for. */
  resolve(name: string, reference: string): string | undefined {
    const link = reference.startsWith('sha256:')
      ? `${ROOT}/repositories/${name}/_manifests/revisions/${slashed(reference)}/link`
      : `${ROOT}/repositories/${name}/_manifests/tags/${reference}/current/link`
    return this.#files.exists(link) ? this.#files.readText(link) : undefined
  }

  putManifest(name: string, reference: string, digest: string, bytes: Uint8Array): void {
    this.#write(blobPath(digest), bytes)
    const manifests = `${ROOT}/repositories/${name}/_manifests`
    this.#write(`${manifests}/revisions/${slashed(digest)}/link`, digest)
    if (reference.startsWith('sha256:')) return
    this.#write(`${manifests}/tags/${reference}/current/link`, digest)
    this.#write(`${manifests}/tags/${reference}/index/${slashed(digest)}/link`, digest)
  }

  #write(path: string, content: string | Uint8Array): void {
    const folder = path.slice(0, path.lastIndexOf('/'))
    if (!this.#files.exists(folder)) this.#files.mkdir(folder, { parents: true })
    this.#files.write(path, content)
  }
}

function slashed(digest: string): string {
  return digest.replace(':', '/')
}

function blobPath(digest: string): string {
  const hex = digest.slice(7)
  return `${ROOT}/blobs/sha256/${hex.slice(0, 2)}/${hex}/data`
}
