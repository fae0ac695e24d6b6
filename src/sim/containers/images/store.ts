import type { ImageInfo } from '../engine.ts'
import type { Image } from './image.ts'
import { canonical, familiarName, parseReference, type Reference, repositoryOf, withDefaultTag } from './reference.ts'

/** An image as one machine knows it. */
export interface StoredImage extends ImageInfo {
  readonly image: Image
  /** Id of the image it was built on here; empty when pulled or loaded. */
  readonly parent: string
  /** Milliseconds since 1970; undefined when never tagged here. */
  readonly tagged: number | undefined
}

interface Entry {
  image: Image
  tags: Set<string>
  digests: Set<string>
  parent: string
  tagged: number | undefined
  order: number
}

/** The images of one machine, with their names. */
export class ImageStore {
  readonly #entries = new Map<string, Entry>()
  readonly #byName = new Map<string, string>()
  #order = 0

  add(image: Image, options: { parent?: string } = {}): StoredImage {
    let entry = this.#entries.get(image.id)
    if (!entry) {
      entry = {
        image,
        tags: new Set(),
        digests: new Set(),
        parent: options.parent ?? '',
        tagged: undefined,
        order: this.#order++,
      }
      this.#entries.set(image.id, entry)
    } else if (options.parent) entry.parent = options.parent
    return view(entry)
  }

  /** Gives an image a tag (taking it from another image) or a repository digest. */
  name(id: string, reference: Reference, when?: number): void {
    const entry = this.#entries.get(id)
    if (!entry) throw new Error(`no image ${id}`)
    const name = canonical(reference)
    const holder = this.#byName.get(name)
    if (holder !== undefined && holder !== id) this.#entries.get(holder)?.tags.delete(name)
    this.#byName.set(name, id)
    if (reference.digest) entry.digests.add(name)
    else {
      entry.tags.add(name)
      if (when !== undefined) entry.tagged = when
    }
  }

  /** Takes a tag or digest away; the image stays. */
  unname(name: string): void {
    const id = this.#byName.get(name)
    const entry = id === undefined ? undefined : this.#entries.get(id)
    this.#byName.delete(name)
    entry?.tags.delete(name)
    entry?.digests.delete(name)
  }

  delete(id: string): void {
    const entry = this.#entries.get(id)
    if (!entry) return
    for (const name of [...entry.tags, ...entry.digests]) this.#byName.delete(name)
    this.#entries.delete(id)
  }

  byId(id: string): StoredImage | undefined {
    const entry = this.#entries.get(id)
    return entry && view(entry)
  }

  /** By tag, digest, id or the beginning of an id (at least one character, unambiguous). */
  find(text: string): StoredImage | undefined {
    const id = this.#resolve(text)
    return id === undefined ? undefined : this.byId(id)
  }

  #resolve(text: string): string | undefined {
    if (this.#entries.has(text)) return text
    const hex = text.replace(/^sha256:/, '')
    if (/^[0-9a-f]{64}$/.test(hex)) return this.#entries.has(`sha256:${hex}`) ? `sha256:${hex}` : undefined
    try {
      const reference = withDefaultTag(parseReference(text))
      const name = canonical(reference.digest ? { ...reference, tag: undefined } : reference)
      const named = this.#byName.get(name)
      if (named) return named
    } catch {
      // Not a name: it may still be the beginning of an id.
    }
    if (!/^[0-9a-f]+$/.test(hex)) return undefined
    const matches = [...this.#entries.keys()].filter((id) => id.startsWith(`sha256:${hex}`))
    return matches.length === 1 ? matches[0] : undefined
  }

  /** Newest last, as they came. */
  all(): StoredImage[] {
    return [...this.#entries.values()].sort((a, b) => a.order - b.order).map(view)
  }

  /** Images built directly on one. */
  children(id: string): StoredImage[] {
    return this.all().filter((image) => image.parent === id)
  }
}

function view(entry: Entry): StoredImage {
  const { image, parent, tagged } = entry
  return {
    image,
    id: image.id,
    tags: [...entry.tags].sort(),
    digests: [...entry.digests].sort(),
    size: image.size,
    config: image.config,
    parent,
    tagged,
  }
}

/** `docker.io/library/nginx:alpine` → `nginx:alpine` */
export function familiarOf(name: string): string {
  const reference = parseReference(name)
  return familiarName(reference) + name.slice(repositoryOf(reference).length)
}
