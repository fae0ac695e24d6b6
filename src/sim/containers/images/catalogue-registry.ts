import type { Image } from './image.ts'
import type { Ingredients, Recipe } from './recipe.ts'
import type { Reference } from './reference.ts'
import { type Registry, RegistryError } from './registry.ts'

/** A repository of the catalogue and its tags. */
export interface CatalogueImage {
  /** `docker.io/library/nginx` */
  readonly repository: string
  readonly tags: Readonly<Record<string, Recipe>>
}

/** Images are the same wherever the same is put into them: all worlds share them. */
const MADE = new WeakMap<Ingredients, Map<Recipe, Image>>()

/** A public registry (Docker Hub, quay.io …) that holds what the catalogue lists for its host. */
export class CatalogueRegistry implements Registry {
  readonly #repositories = new Map<string, Readonly<Record<string, Recipe>>>()
  readonly #ingredients: Ingredients
  readonly #made: Map<Recipe, Image>
  readonly #byDigest = new Map<string, Image>()

  constructor(domain: string, images: readonly CatalogueImage[], ingredients: Ingredients) {
    this.#ingredients = ingredients
    this.#made = MADE.get(ingredients) ?? new Map()
    MADE.set(ingredients, this.#made)
    for (const { repository, tags } of images)
      if (repository.startsWith(`${domain}/`)) this.#repositories.set(repository.slice(domain.length + 1), tags)
  }

  find(reference: Reference): Image {
    const tags = this.#repositories.get(reference.path)
    if (!tags) throw new RegistryError('denied', 'requested access to the resource is denied')
    if (reference.digest) {
      for (const recipe of Object.values(tags)) this.#make(recipe)
      const image = this.#byDigest.get(reference.digest)
      if (image) return image
    }
    const recipe = tags[reference.tag ?? 'latest']
    if (!recipe || reference.digest) throw new RegistryError('unknown-manifest', 'manifest unknown')
    return this.#make(recipe)
  }

  tags(path: string): readonly string[] | undefined {
    const tags = this.#repositories.get(path)
    return tags && Object.keys(tags).sort()
  }

  #make(recipe: Recipe): Image {
    let image = this.#made.get(recipe)
    if (!image) {
      image = recipe.make(this.#ingredients)
      this.#made.set(recipe, image)
    }
    this.#byDigest.set(image.manifest.digest, image)
    return image
  }
}
