import { Template, TemplateExecutionError, TemplateSyntaxError } from '../../go-template/template.ts'
import { CliError } from '../errors/errors.ts'
import { compactJson } from '../json/json.ts'
import { goPrint } from '../jsonpath/go-value.ts'
import type { ObjectPrinter } from './object-printer.ts'

/** Output that was already written when the command failed. */
export class PartialOutput extends CliError {
  readonly output: string
  constructor(message: string, output: string) {
    super(message)
    this.output = output
  }
}

export class GoTemplatePrinter implements ObjectPrinter {
  readonly #source: string
  readonly #template: Template

  constructor(source: string, allowMissingKeys: boolean) {
    this.#source = source
    try {
      this.#template = new Template(source, {
        name: 'output',
        missingKey: allowMissingKeys ? 'default' : 'error',
        functions: { exists, base64decode },
      })
    } catch (error) {
      if (error instanceof TemplateSyntaxError) throw new CliError(`error parsing template ${source}, ${error.message}`)
      throw error
    }
  }

  print(object: any): string {
    try {
      return this.#template.execute(object)
    } catch (error) {
      if (!(error instanceof TemplateExecutionError)) throw error
      // Values of decoded JSON are interfaces to Go.
      const message = error.message.replace(/in type (string|float64|bool)$/, 'in type interface {}')
      const details = `Error executing template: ${message}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${this.#source}\n\traw data was:\n\t\t${compactJson(object)}\n\tobject given to template engine was:\n\t\t${goPrint(object)}\n\n`
      throw new PartialOutput(
        `error executing template ${JSON.stringify(this.#source)}: ${message}`,
        error.output + details,
      )
    }
  }
}

const exists = (value: unknown, ...keys: unknown[]): boolean => {
  let current = value as any
  for (const key of keys) {
    if (current === null || typeof current !== 'object' || !(String(key) in current)) return false
    current = current[String(key)]
  }
  return true
}

const base64decode = (text: unknown): string =>
  new TextDecoder().decode(Uint8Array.from(atob(String(text)), (c) => c.charCodeAt(0)))
