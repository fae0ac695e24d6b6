import type { CatalogueImage } from '../images/catalogue-registry.ts'
import { Recipe } from '../images/recipe.ts'
import { alpineBase } from './alpine.ts'

/** An image that holds one program on next to nothing, as most cluster components come. */
export function serverImage(
  program: string,
  size: number,
  options: {
    path?: string
    alpine?: boolean
    ports?: string[]
    args?: string[]
    user?: string
    others?: Record<string, string>
  } = {},
): Recipe {
  const { path = `/${program}`, ports = [], args, user, others = {} } = options
  const base = options.alpine ? alpineBase : Recipe.scratch()
  let recipe = base.copy(
    `server ${path} ${size}`,
    size,
    path,
    ({ executable }) => [
      [path.slice(1), executable(program, { size })] as const,
      ...Object.entries(others).map(([other, name]) => [other.slice(1), executable(name)] as const),
    ],
    'file',
  )
  if (ports.length > 0) recipe = recipe.expose(...ports)
  if (user) recipe = recipe.user(user)
  recipe = recipe.entrypoint(path)
  return args ? recipe.cmd(...args) : recipe
}

/** One image under several repositories and tags. */
export function published(recipe: Recipe, repositories: readonly string[], tags: readonly string[]): CatalogueImage[] {
  return repositories.map((repository) => ({
    repository,
    tags: Object.fromEntries(tags.map((tag) => [tag, recipe])),
  }))
}
