import { toText } from '../../http/message.ts'
import type { ServerRequest } from '../../http/server.ts'

export interface Parameters {
  get(name: string): string | undefined
  all(name: string): string[]
}

/** Of the URL and, for forms, of the body. */
export function parametersOf(request: ServerRequest): Parameters {
  const [, search = ''] = request.target.split('?')
  const isForm = request.headers.some(([n, v]) => /^content-type$/i.test(n) && /x-www-form-urlencoded/.test(v))
  const body = isForm ? toText(request.body) : ''
  const decode = (text: string) => {
    try {
      return decodeURIComponent(text.replaceAll('+', ' '))
    } catch {
      return text
    }
  }
  const pairs = [body, search]
    .flatMap((text) => text.split('&'))
    .filter(Boolean)
    .map((pair) => {
      const at = pair.indexOf('=')
      return at < 0 ? [decode(pair), ''] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))]
    })
  return {
    get: (name) => pairs.find(([key]) => key === name)?.[1],
    all: (name) => pairs.filter(([key]) => key === name).map(([, value]) => value!),
  }
}
