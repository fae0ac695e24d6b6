import type { CatalogueImage } from '../images/catalogue-registry.ts'
import { Recipe } from '../images/recipe.ts'

const image = Recipe.scratch()
  .copy(
    'http-echo 1.0',
    6_200_000,
    '/http-echo',
    ({ executable }) => [['http-echo', executable('http-echo', { size: 6_200_000 })]],
    'file',
  )
  .expose('5678')
  .entrypoint('/http-echo')

export const httpEcho: CatalogueImage = {
  repository: 'docker.io/hashicorp/http-echo',
  tags: { latest: image, '1.0': image, '1.0.0': image, '0.2.3': image },
}
