import type { CatalogueImage } from '../images/catalogue-registry.ts'
import { Recipe } from '../images/recipe.ts'
import { alpineBase } from './alpine.ts'

const scratch = Recipe.scratch()
const busyboxBase = Recipe.scratch().imported('prom-busybox 1.34.1', 1_239_820, 'busybox')

/** An image that holds one program on next to nothing, as most cluster components come. */
export function serverImage(
  program: string,
  size: number,
  options: {
    path?: string
    alpine?: boolean
    /** On busybox, as the Prometheus project's images are. */
    busybox?: boolean
    /** Files besides the executables: paths without a leading slash. */
    files?: Record<string, string>
    folders?: readonly string[]
    workdir?: string
    ports?: string[]
    args?: string[]
    user?: string
    others?: Record<string, string>
  } = {},
): Recipe {
  const { path = `/${program}`, ports = [], args, user, others = {}, files = {}, folders = [] } = options
  const base = options.alpine ? alpineBase : options.busybox ? busyboxBase : scratch
  let recipe = base.copy(
    `server ${path} ${size}`,
    size,
    path,
    ({ executable }) => [
      [path.slice(1), executable(program, { size })] as const,
      ...Object.entries(others).map(([other, name]) => [other.slice(1), executable(name)] as const),
      // A user's name is looked up in the image's own list.
      ...(user && !/^\d+$/.test(user) && base === scratch
        ? [['etc/passwd', { content: `${user}:x:65534:65534:${user}:/home:/bin/false\n` }] as const]
        : []),
      ...Object.entries(files).map(([name, content]) => [name, { content }] as const),
      ...folders.map((name) => [name, { directory: true, uid: 65_534, gid: 65_534 }] as const),
    ],
    'file',
  )
  if (ports.length > 0) recipe = recipe.expose(...ports)
  if (options.workdir) recipe = recipe.workdir(options.workdir)
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
