import { md5, sha1, sha256, sha512 } from '../../coreutils/digests.ts'
import type { HostFunctions } from './functions.ts'

const DIGESTS: Readonly<Record<string, (bytes: Uint8Array) => string>> = { md5, sha1, sha256, sha512 }

export function digestFunctions(): HostFunctions {
  return {
    functions: {
      /** Hexadecimal; null when there is no such digest here. */
      digest: (name: string, bytes: Uint8Array) => DIGESTS[name]?.(bytes) ?? null,
      digests: () => Object.keys(DIGESTS),
    },
  }
}
