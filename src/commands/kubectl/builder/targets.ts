import type { ApiResource } from '../discovery/resource.ts'
import { CliError, NoResourceMatch } from '../errors/errors.ts'
import type { Session } from '../session.ts'

/** What arguments name: one object, or all of a kind. */
export interface Target {
  resource: ApiResource
  /** Undefined: cluster-wide, or all namespaces. */
  namespace: string | undefined
  /** Undefined: the whole list. */
  name: string | undefined
}

export interface TargetOptions {
  /** A type alone is enough: list it. */
  listable?: boolean
  allNamespaces?: boolean
  selector?: string
  fieldSelector?: string
  all?: boolean
  /** `logs NAME` means `logs pods NAME`. */
  defaultType?: string
}

export const MIXED_FORMS =
  "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'"

export const MISSING_RESOURCE = `You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'`

/** Reads `pods a b`, `pods,svc`, `deploy/x svc/y` and so on. */
export async function targetsOf(
  session: Session,
  args: readonly string[],
  options: TargetOptions = {},
): Promise<Target[]> {
  if (args.length === 0) throw new CliError(MISSING_RESOURCE)
  const selecting = Boolean(options.selector || options.fieldSelector || options.all)
  if (args.some((arg) => arg.includes('/'))) return pairs(session, args, options, selecting)
  const [types = '', ...names] = options.defaultType && args.length === 1 ? [options.defaultType, ...args] : args
  const resources = await resourcesOf(session, types)
  if (names.length === 0) {
    if (!options.listable && !selecting) throw new CliError('resource(s) were provided, but no name was specified')
    return resources.map((resource) => ({
      resource,
      namespace: namespaceOf(session, resource, options),
      name: undefined,
    }))
  }
  if (selecting) throw new CliError('name cannot be provided when a selector is specified')
  if (options.allNamespaces) throw new CliError('a resource cannot be retrieved by name across all namespaces')
  return resources.flatMap((resource) =>
    names.map((name) => ({ resource, namespace: namespaceOf(session, resource, options), name })),
  )
}

async function pairs(
  session: Session,
  args: readonly string[],
  options: TargetOptions,
  selecting: boolean,
): Promise<Target[]> {
  const targets: Target[] = []
  if (args.some((arg) => !arg.includes('/'))) throw new CliError(MIXED_FORMS)
  for (const arg of args) {
    const [type, name, ...more] = arg.split('/')
    if (more.length > 0) throw new CliError('arguments in resource/name form may not have more than one slash')
    if (!type || !name || type.includes(','))
      throw new CliError('arguments in resource/name form must have a single resource and name')
    if (selecting) throw new CliError('selectors and the all flag cannot be used when passing resource/name arguments')
    if (options.allNamespaces) throw new CliError('a resource cannot be retrieved by name across all namespaces')
    for (const resource of await resourcesOf(session, type)) {
      targets.push({ resource, namespace: namespaceOf(session, resource, options), name })
    }
  }
  return targets
}

async function resourcesOf(session: Session, types: string): Promise<ApiResource[]> {
  const found: ApiResource[] = []
  for (const type of types.split(',')) {
    if (type === '') throw new CliError('arguments in resource/name form must have a single resource and name')
    const category = await session.mapper.category(type)
    found.push(...(category.length > 0 ? category : [await resourceNamed(session, type)]))
  }
  return found.filter((r, i) => found.findIndex((x) => x.resource === r.resource && x.group === r.group) === i)
}

function namespaceOf(session: Session, resource: ApiResource, options: TargetOptions): string | undefined {
  return resource.namespaced && !options.allNamespaces ? session.namespace : undefined
}

/** The served resource of that name; without one, a plain error as the builder words it. */
export async function resourceNamed(session: Session, type: string): Promise<ApiResource> {
  try {
    return await session.mapper.resource(type)
  } catch (error) {
    throw error instanceof NoResourceMatch ? new CliError(error.message) : error
  }
}
