import type { CatalogueImage } from '../images/catalogue-registry.ts'
import type { Recipe } from '../images/recipe.ts'
import { alpineBase } from './alpine.ts'
import { debianBase } from './debian.ts'

function python(base: Recipe, flavour: string, size: number, version = '3.12.1'): Recipe {
  const [branch, major] = /^(\d+)\.\d+/.exec(version)!
  return base
    .env('LANG', 'C.UTF-8')
    .env('PYTHON_VERSION', version)
    .run(`python ${version} ${flavour}`, size, 'make install', ({ executable }) => [
      [`usr/local/bin/python${branch}`, executable('python3', { size: 14_400 })],
      [`usr/local/bin/python${major}`, { target: `python${branch}` }],
      ['usr/local/bin/python', { target: `python${major}` }],
      [`usr/local/bin/pip${major}`, executable('pip', { size: 220 })],
      ['usr/local/bin/pip', { target: `pip${major}` }],
    ])
    .cmd(`python${major}`)
}

const alpine = python(alpineBase, 'alpine', 43_000_000)
const slim = python(debianBase, 'slim', 82_000_000)
const latest = python(debianBase, 'full', 970_000_000)
const two = python(debianBase, 'full', 850_000_000, '2.7.18').daysOld(2_300)
const twoSlim = python(debianBase, 'slim', 93_000_000, '2.7.18').daysOld(2_300)
const twoAlpine = python(alpineBase, 'alpine', 66_000_000, '2.7.18').daysOld(2_300)

export const python3: CatalogueImage = {
  repository: 'docker.io/library/python',
  tags: {
    latest,
    '3': latest,
    '3.12': latest,
    slim,
    '3-slim': slim,
    '3.12-slim': slim,
    alpine,
    '3-alpine': alpine,
    '3.12-alpine': alpine,
    '2': two,
    '2.7': two,
    '2.7-slim': twoSlim,
    '2.7-alpine': twoAlpine,
  },
}
