import type { CatalogueImage } from '../images/catalogue-registry.ts'
import type { Recipe } from '../images/recipe.ts'
import { alpineBase } from './alpine.ts'
import { debianBase } from './debian.ts'

function python(base: Recipe, flavour: string, size: number): Recipe {
  return base
    .env('LANG', 'C.UTF-8')
    .env('PYTHON_VERSION', '3.12.1')
    .run(`python 3.12.1 ${flavour}`, size, 'make install', ({ executable }) => [
      ['usr/local/bin/python3.12', executable('python3', { size: 14_400 })],
      ['usr/local/bin/python3', { target: 'python3.12' }],
      ['usr/local/bin/python', { target: 'python3' }],
      ['usr/local/bin/pip3', executable('pip', { size: 220 })],
      ['usr/local/bin/pip', { target: 'pip3' }],
    ])
    .cmd('python3')
}

const alpine = python(alpineBase, 'alpine', 43_000_000)
const slim = python(debianBase, 'slim', 82_000_000)
const latest = python(debianBase, 'full', 970_000_000)

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
  },
}
