import { CliError } from '../errors/errors.ts'
import { goSyntax } from '../jsonpath/go-value.ts'
import { JsonPath, JsonPathError } from '../jsonpath/jsonpath.ts'
import type { ObjectPrinter } from './object-printer.ts'

export class JsonPathPrinter implements ObjectPrinter {
  readonly #template: string
  readonly #path: JsonPath
  readonly #asJson: boolean

  constructor(template: string, options: { allowMissingKeys: boolean; asJson: boolean }) {
    this.#template = template
    this.#asJson = options.asJson
    try {
      this.#path = new JsonPath(template, options)
    } catch (error) {
      if (error instanceof JsonPathError) throw new CliError(`error parsing jsonpath ${template}, ${error.message}`)
      throw error
    }
  }

  print(object: any): string {
    try {
      return this.#asJson ? this.#path.json(object) : this.#path.text(object)
    } catch (error) {
      if (!(error instanceof JsonPathError)) throw error
      throw new CliError(
        `error executing jsonpath ${JSON.stringify(this.#template)}: Error executing template: ${error.message}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${this.#template}\n\tobject given to jsonpath engine was:\n\t\t${goSyntax(object)}\n\n`,
      )
    }
  }
}
