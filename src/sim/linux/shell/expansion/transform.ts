import type { Shell } from '../shell.ts'
import { attributeLetters, declaration } from './declaration.ts'
import type { Lookup } from './lookup.ts'
import { decodeEscapes, singleQuote } from './quote.ts'

/** `${x@Q}` and friends. */
export function transform(shell: Shell, name: string, found: Lookup, operator: string): Lookup {
  const map = (change: (text: string) => string): Lookup => ({ ...found, values: found.values.map(change) })
  switch (operator) {
    case 'Q':
      return map(singleQuote)
    case 'E':
      return map((text) => decodeEscapes(text, 'ansi').text)
    case 'U':
      return map((text) => text.toUpperCase())
    case 'u':
      return map((text) => text.slice(0, 1).toUpperCase() + text.slice(1))
    case 'L':
      return map((text) => text.toLowerCase())
    case 'a': {
      const variable = shell.variables.lookup(name)
      return { values: [variable ? attributeLetters(variable) : ''], set: true, list: undefined }
    }
    case 'A': {
      const variable = shell.variables.lookup(name)
      return {
        values: variable ? [declaration(name, variable, true)] : [],
        set: variable !== undefined,
        list: undefined,
      }
    }
    case 'K':
    case 'k': {
      const variable = shell.variables.lookup(name)
      const pairs = variable?.associative ?? variable?.indexed
      if (!pairs || !found.list) return map(singleQuote)
      const words = [...pairs].flatMap(([key, text]) => (operator === 'k' ? [String(key), text] : [`${key} "${text}"`]))
      return operator === 'k' ? { ...found, values: words } : { ...found, values: [words.join(' ')] }
    }
    default:
      return found
  }
}
