import { CliError } from '../errors/errors.ts'

export interface Changes {
  set: Map<string, string>
  remove: string[]
}

/** Splits arguments into what names objects and what changes them: `pods a k=v other-`. */
export function splitChanges(args: readonly string[], what: string): { resources: string[]; changes: string[] } {
  const resources: string[] = []
  const changes: string[] = []
  for (const arg of args) {
    const isChange = (arg.includes('=') && !arg.startsWith('=')) || arg.endsWith('-')
    if (changes.length > 0 && !isChange)
      throw new CliError(`all resources must be specified before ${what} changes: ${arg}`)
    if (isChange) changes.push(arg)
    else resources.push(arg)
  }
  return { resources, changes }
}

export function parseChanges(
  texts: readonly string[],
  what: string,
  checkValue?: (pair: string, value: string) => void,
): Changes {
  const changes: Changes = { set: new Map(), remove: [] }
  for (const text of texts) {
    const eq = text.indexOf('=')
    if (eq > 0) {
      checkValue?.(text, text.slice(eq + 1))
      changes.set.set(text.slice(0, eq), text.slice(eq + 1))
    } else changes.remove.push(text.slice(0, -1))
  }
  if (changes.remove.some((key) => changes.set.has(key))) {
    throw new CliError(
      `can not both modify and remove ${/^[aeiou]/.test(what) ? 'an' : 'a'} ${what} in the same command`,
    )
  }
  return changes
}
