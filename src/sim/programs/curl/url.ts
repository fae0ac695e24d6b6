export interface Url {
  scheme: string
  user: string | undefined
  host: string
  port: number
  /** Path and query, beginning with a slash. */
  target: string
}

/** Parses as curl guesses: without a scheme it is http. Undefined when there is no host. */
export function parseUrl(text: string, base?: Url): Url | undefined {
  const whole = base && !/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? absolute(text, base) : text
  const match =
    /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:([^@/?#]*)@)?(\[[^\]]*\]|[^:/?#]*)(?::(\d*))?([/?][^#]*)?(?:#.*)?$/i.exec(whole)
  if (!match?.[3] || /\s/.test(whole)) return undefined
  const scheme = (match[1] ?? 'http').toLowerCase()
  const target = match[5] ?? '/'
  return {
    scheme,
    user: match[2],
    host: match[3],
    port: match[4] ? Number(match[4]) : scheme === 'https' ? 443 : 80,
    target: target.startsWith('?') ? `/${target}` : target,
  }
}

function absolute(text: string, base: Url): string {
  const origin = `${base.scheme}://${base.host}:${base.port}`
  if (text.startsWith('//')) return `${base.scheme}:${text}`
  if (text.startsWith('/')) return origin + text
  const folder = base.target.replace(/\?.*$/, '').replace(/[^/]*$/, '')
  return origin + folder + text
}

export const usualPort = (url: Url): boolean => url.port === (url.scheme === 'https' ? 443 : 80)

/** `{a,b}` and `[1-3]` in a URL. */
export function globUrl(text: string): string[] {
  const range = /\[(\d+)-(\d+)\]/.exec(text)
  if (range) {
    const out: string[] = []
    for (let n = Number(range[1]); n <= Number(range[2]); n++)
      out.push(
        ...globUrl(text.replace(range[0], String(n).padStart(range[1]!.startsWith('0') ? range[1]!.length : 0, '0'))),
      )
    return out
  }
  const braces = /\{([^}]*,[^}]*)\}/.exec(text)
  return braces ? braces[1]!.split(',').flatMap((part) => globUrl(text.replace(braces[0], part))) : [text]
}
