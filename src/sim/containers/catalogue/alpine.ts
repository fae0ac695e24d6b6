import type { CatalogueImage } from '../images/catalogue-registry.ts'
import { Recipe } from '../images/recipe.ts'

export const alpineBase = Recipe.scratch()
  .imported('alpine 3.18.4', 1_085_461, 'alpine')
  .configure({ Cmd: ['/bin/sh'] })
  .daysOld(16)

export const alpine: CatalogueImage = {
  repository: 'docker.io/library/alpine',
  tags: { latest: alpineBase, '3': alpineBase, '3.18': alpineBase, '3.18.4': alpineBase },
}
