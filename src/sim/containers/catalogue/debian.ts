import type { CatalogueImage } from '../images/catalogue-registry.ts'
import { Recipe } from '../images/recipe.ts'

/** The base that Debian's own image, Ubuntu's stand-in and the images on Debian share. */
export const debianBase = Recipe.scratch().base('debian 12', 48_305_507, 'debian')

const debianImage = debianBase.cmd('bash')

export const debian: CatalogueImage = {
  repository: 'docker.io/library/debian',
  tags: {
    latest: debianImage,
    '12': debianImage,
    bookworm: debianImage,
    'bookworm-slim': debianImage,
    stable: debianImage,
    'stable-slim': debianImage,
  },
}
