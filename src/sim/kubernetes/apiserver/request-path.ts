/** What a path under /api or /apis means. */
export interface RequestPath {
  group: string
  version: string
  namespace?: string
  resource: string
  name?: string
  subresource?: string
  /** What follows the subresource (proxy). */
  rest?: string
  /** The deprecated `/watch/` prefix. */
  watch?: boolean
}

/** Undefined when the path names no resource. */
export function parseResourcePath(path: string): RequestPath | undefined {
  const segments = path
    .split('/')
    .filter((s) => s !== '')
    .map(decode)
  const root = segments.shift()
  let group = ''
  if (root === 'apis') group = segments.shift() ?? ''
  else if (root !== 'api') return undefined
  const version = segments.shift()
  if (!version || segments.length === 0) return undefined
  const watch = segments[0] === 'watch' && segments.length > 1
  if (watch) segments.shift()
  let namespace: string | undefined
  if (segments[0] === 'namespaces' && segments.length > 2 && !NAMESPACE_SUBRESOURCES.has(segments[2]!)) {
    namespace = segments[1]
    segments.splice(0, 2)
  }
  const [resource, name, subresource, ...rest] = segments
  if (!resource) return undefined
  return {
    group,
    version,
    ...(namespace === undefined ? {} : { namespace }),
    resource,
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
    ...(rest.length > 0 ? { rest: rest.join('/') } : {}),
    ...(watch ? { watch } : {}),
  }
}

const NAMESPACE_SUBRESOURCES = new Set(['status', 'finalize'])

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
