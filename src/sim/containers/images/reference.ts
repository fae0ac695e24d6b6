/** An image's name, taken apart as github.com/distribution/reference does. */
export interface Reference {
  /** `docker.io`, `127.0.0.1:5000` */
  readonly domain: string
  /** `library/nginx` */
  readonly path: string
  readonly tag?: string
  /** `sha256:…` */
  readonly digest?: string
}

/** `message` begins with `invalid reference format`. */
export class InvalidReference extends Error {}

const INVALID = 'invalid reference format'
const COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*'
const DOMAIN =
  '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*(?::[0-9]+)?'
const PATTERN = new RegExp(
  `^(${DOMAIN}/)?(${COMPONENT}(?:/${COMPONENT})*)(?::([\\w][\\w.-]{0,127}))?(?:@([A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?$`,
)

/** What a person types: `nginx`, `nginx:alpine`, `quay.io/a/b@sha256:…`. Throws InvalidReference. */
export function parseReference(text: string): Reference {
  if (/^[a-f0-9]{64}$/.test(text))
    throw new InvalidReference(`invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`)
  const slash = text.indexOf('/')
  const first = slash < 0 ? '' : text.slice(0, slash)
  const hasDomain = slash >= 0 && (/[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first)
  let domain = hasDomain ? first : 'docker.io'
  if (domain === 'index.docker.io') domain = 'docker.io'
  let rest = hasDomain ? text.slice(slash + 1) : text
  if (domain === 'docker.io' && !rest.includes('/')) rest = `library/${rest}`
  const name = /^[^@]*?(?=:[^/]*$|@|$)/.exec(rest)![0]
  if (name.toLowerCase() !== name) throw new InvalidReference(`${INVALID}: repository name (${name}) must be lowercase`)
  const match = PATTERN.exec(`${domain}/${rest}`)
  if (!match?.[1]) throw new InvalidReference(INVALID)
  const [, , path, tag, digest] = match
  if (digest && !/^sha256:[a-f0-9]{64}$/.test(digest)) throw new InvalidReference('invalid checksum digest length')
  return { domain, path: path!, ...(tag ? { tag } : {}), ...(digest ? { digest } : {}) }
}

/** Adds `latest` where there is neither tag nor digest. */
export function withDefaultTag(reference: Reference): Reference {
  return reference.tag || reference.digest ? reference : { ...reference, tag: 'latest' }
}

/** `docker.io/library/nginx` */
export function repositoryOf(reference: Reference): string {
  return `${reference.domain}/${reference.path}`
}

/** `docker.io/library/nginx:alpine` */
export function canonical(reference: Reference): string {
  return repositoryOf(reference) + suffix(reference)
}

/** As docker shows it: `nginx`, `geektime/helloworld`, `127.0.0.1:5000/app`. */
export function familiarName(reference: Reference): string {
  if (reference.domain !== 'docker.io') return repositoryOf(reference)
  const short = reference.path.replace(/^library\//, '')
  return short.includes('/') ? reference.path : short
}

/** `nginx:alpine` */
export function familiar(reference: Reference): string {
  return familiarName(reference) + suffix(reference)
}

function suffix(reference: Reference): string {
  return (reference.tag ? `:${reference.tag}` : '') + (reference.digest ? `@${reference.digest}` : '')
}
