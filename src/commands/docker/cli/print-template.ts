import { DOCKER_FUNCTIONS } from '../../go-template/functions.ts'
import { Template, TemplateExecutionError, TemplateSyntaxError } from '../../go-template/template.ts'
import { toJson } from '../../go-template/value.ts'
import { expandEscapes } from '../format/list.ts'
import { typed } from '../format/typed.ts'
import { CommandError } from './session.ts'

/** One value through `--format`: `json` or a template. */
export function printTemplate(format: string, value: unknown, name: string, typeName: string): string {
  if (format === 'json') return toJson(value)
  try {
    return new Template(expandEscapes(format), { functions: DOCKER_FUNCTIONS }).execute(typed(value, '', typeName))
  } catch (error) {
    if (error instanceof TemplateSyntaxError) throw new CommandError(`template parsing error: ${error.message}`, 64)
    if (error instanceof TemplateExecutionError) throw new CommandError(named(error.message, name))
    throw error
  }
}

/** The template's own name in an error: `template: version:1:2: executing "version"`. */
function named(message: string, name: string): string {
  return name === ''
    ? message
    : message.replace(/^template: :/, `template: ${name}:`).replace('executing ""', `executing "${name}"`)
}
