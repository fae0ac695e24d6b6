import { parseGroupVersion } from '../discovery/resource.ts'
import type { ObjectPrinter } from './object-printer.ts'

/** `deployment.apps/web created`, or with `-o name` only `deployment.apps/web`. */
export class NamePrinter implements ObjectPrinter {
  readonly #operation: string
  readonly #short: boolean
  constructor(operation: string, short = false) {
    this.#operation = operation
    this.#short = short
  }

  print(object: any): string {
    if (Array.isArray(object?.items)) return object.items.map((item: any) => this.print(item)).join('')
    const operation = this.#short || this.#operation === '' ? '' : ` ${this.#operation}`
    return `${objectName(object)}${operation}\n`
  }
}

/** `deployment.apps/web` */
export function objectName(object: any): string {
  const { group } = parseGroupVersion(object?.apiVersion ?? '')
  const kind = String(object?.kind ?? '').toLowerCase()
  const name = object?.metadata?.name || '<unknown>'
  if (!kind) return `<unknown>/${name}`
  return `${group ? `${kind}.${group}` : kind}/${name}`
}
