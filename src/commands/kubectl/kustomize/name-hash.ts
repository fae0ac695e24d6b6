import { compactJson } from '../json/json.ts'
import { sha256Hex } from './sha256.ts'

const REPLACED: Record<string, string> = { '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' }

/** The suffix that `--append-hash` and kustomize's generators add: ten characters of the content's SHA-256. */
export function nameHash(object: any, name: string = object.metadata.name): string {
  const { kind, data = '', binaryData, stringData, type } = object
  const content: Record<string, unknown> =
    kind === 'Secret'
      ? { kind, name, type: type ?? '', data, ...(stringData ? { stringData } : {}) }
      : { kind, name, data, ...(binaryData ? { binaryData } : {}) }
  return [...sha256Hex(compactJson(content)).slice(0, 10)].map((c) => REPLACED[c] ?? c).join('')
}
