import type { CatalogueImage } from '../images/catalogue-registry.ts'
import { Recipe } from '../images/recipe.ts'

const image = Recipe.scratch()
  .copy('pause', 742_472, '/pause', ({ executable }) => [['pause', executable('pause', { size: 742_472 })]], 'file')
  .user('65535:65535')
  .entrypoint('/pause')

const TAGS = {
  latest: image,
  '3.1': image,
  '3.2': image,
  '3.5': image,
  '3.6': image,
  '3.7': image,
  '3.8': image,
  '3.9': image,
  '3.10': image,
  '3.10.1': image,
}

/** What holds the namespaces of a Pod. */
export const pause: readonly CatalogueImage[] = [
  'registry.k8s.io/pause',
  'k8s.gcr.io/pause',
  'registry.aliyuncs.com/google_containers/pause',
  'registry.cn-hangzhou.aliyuncs.com/google_containers/pause',
].map((repository) => ({ repository, tags: TAGS }))
