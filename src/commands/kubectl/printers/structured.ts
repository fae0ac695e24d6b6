import { indentedJson } from '../json/json.ts'
import { toYaml } from '../yaml/dump.ts'
import { toKyaml } from '../yaml/kyaml.ts'
import type { ObjectPrinter } from './object-printer.ts'

/** Without metadata.managedFields, also in a list's items. */
export function withoutManagedFields(object: any): any {
  if (typeof object !== 'object' || object === null) return object
  const out = { ...object }
  if (out.metadata?.managedFields) {
    const { managedFields: _, ...metadata } = out.metadata
    out.metadata = metadata
  }
  if (Array.isArray(out.items) && typeof out.kind === 'string' && out.kind.endsWith('List')) {
    out.items = out.items.map(withoutManagedFields)
  }
  return out
}

export class JsonPrinter implements ObjectPrinter {
  readonly #managedFields: boolean
  readonly #typed: boolean
  constructor(managedFields: boolean, typed: boolean) {
    this.#managedFields = managedFields
    this.#typed = typed
  }

  print(object: any): string {
    const shown = this.#managedFields ? object : withoutManagedFields(object)
    return `${indentedJson(shown, 4, !this.#typed)}\n`
  }
}

export class YamlPrinter implements ObjectPrinter {
  readonly #managedFields: boolean
  #count = 0
  constructor(managedFields: boolean) {
    this.#managedFields = managedFields
  }

  print(object: any): string {
    const shown = this.#managedFields ? object : withoutManagedFields(object)
    return `${this.#count++ > 0 ? '---\n' : ''}${toYaml(shown)}`
  }
}

export class KyamlPrinter implements ObjectPrinter {
  readonly #managedFields: boolean
  constructor(managedFields: boolean) {
    this.#managedFields = managedFields
  }

  print(object: any): string {
    return `---\n${toKyaml(this.#managedFields ? object : withoutManagedFields(object))}`
  }
}
