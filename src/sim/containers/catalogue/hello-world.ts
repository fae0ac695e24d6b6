import type { CatalogueImage } from '../images/catalogue-registry.ts'
import { Recipe } from '../images/recipe.ts'

const image = Recipe.scratch()
  .copy('hello-world', 13_256, '/', ({ executable }) => [['hello', executable('hello', { size: 13_256 })]], 'file')
  .cmd('/hello')

export const helloWorld: CatalogueImage = {
  repository: 'docker.io/library/hello-world',
  tags: { latest: image, linux: image },
}
