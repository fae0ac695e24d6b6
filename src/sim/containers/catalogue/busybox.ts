import type { CatalogueImage } from '../images/catalogue-registry.ts'
import { Recipe } from '../images/recipe.ts'

const latest = Recipe.scratch()
  .imported('busybox 1.36.1', 1_296_702, 'busybox')
  .configure({ Cmd: ['sh'] })
  .daysOld(17)
const previous = Recipe.scratch()
  .imported('busybox 1.35.0', 1_238_512, 'busybox')
  .configure({ Cmd: ['sh'] })
  .daysOld(400)

export const busybox: CatalogueImage = {
  repository: 'docker.io/library/busybox',
  tags: { latest, '1': latest, '1.36': latest, '1.36.1': latest, stable: latest, '1.35': previous, '1.35.0': previous },
}
