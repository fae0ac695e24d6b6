import { error, typeError } from '../objects/errors.ts'
import { functions } from '../objects/native.ts'
import { PyBytes, typeName, type Value } from '../objects/value.ts'
import type { ModuleDefinition } from './module.ts'

const latin = (value: Value): string => {
  if (typeof value === 'string') return value
  if (value instanceof PyBytes) return [...value.data].map((byte) => String.fromCharCode(byte)).join('')
  throw typeError(`a bytes-like object is required, not '${typeName(value)}'`)
}
const bytes = (text: string): PyBytes => new PyBytes(Uint8Array.from(text, (c) => c.charCodeAt(0)))

function encode(value: Value): string {
  if (typeof value === 'string') throw typeError("a bytes-like object is required, not 'str'")
  return btoa(latin(value))
}

function decode(value: Value): PyBytes {
  const text = latin(value).replace(/[^A-Za-z0-9+/=]/g, '')
  if (text.replace(/=+$/, '').length % 4 === 1 || (!text.endsWith('=') && text.length % 4 !== 0))
    throw error('ValueError', 'Incorrect padding')
  return bytes(atob(text))
}

export const base64: ModuleDefinition = {
  names: () =>
    functions({
      'b64encode(data altchars?)': (_vm, data: Value) => bytes(encode(data)),
      'b64decode(data altchars? validate?)': (_vm, data: Value) => decode(data),
      'standard_b64encode(data)': (_vm, data: Value) => bytes(encode(data)),
      'standard_b64decode(data)': (_vm, data: Value) => decode(data),
      'encodebytes(data)': (_vm, data: Value) => bytes(`${encode(data)}\n`),
      'urlsafe_b64encode(data)': (_vm, data: Value) => bytes(encode(data).replaceAll('+', '-').replaceAll('/', '_')),
      'urlsafe_b64decode(data)': (_vm, data: Value) => decode(latin(data).replaceAll('-', '+').replaceAll('_', '/')),
      'b16encode(data)': (_vm, data: Value) =>
        bytes([...latin(data)].map((c) => c.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()).join('')),
    }),
}
