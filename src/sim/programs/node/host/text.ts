import { ERRORS, type ErrorCode } from '../../../linux/errors.ts'
import { toBytes } from '../../http/message.ts'
import type { HostFunctions } from './functions.ts'

/** libuv's words for failed calls. */
const WORDS: Partial<Record<ErrorCode, string>> = {
  EPERM: 'operation not permitted',
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EEXIST: 'file already exists',
  ENOTDIR: 'not a directory',
  EISDIR: 'illegal operation on a directory',
  EINVAL: 'invalid argument',
  ENOTEMPTY: 'directory not empty',
  EROFS: 'read-only file system',
  ENOSPC: 'no space left on device',
  EBADF: 'bad file descriptor',
  EADDRINUSE: 'address already in use',
  EADDRNOTAVAIL: 'address not available',
  ECONNREFUSED: 'connection refused',
  EBUSY: 'resource busy or locked',
  EPIPE: 'broken pipe',
  EXDEV: 'cross-device link not permitted',
  ELOOP: 'too many symbolic links encountered',
  ENAMETOOLONG: 'name too long',
}

export function textFunctions(): HostFunctions {
  return {
    functions: {
      utf8: (text: string) => toBytes(text),
      /** Null: not valid, and that was asked. */
      text: (bytes: Uint8Array, fatal: boolean) => {
        try {
          return new TextDecoder('utf-8', { fatal, ignoreBOM: true }).decode(bytes)
        } catch {
          return null
        }
      },
      errno: (code: ErrorCode) => [ERRORS[code]?.[0] ?? 0, WORDS[code] ?? ERRORS[code]?.[1].toLowerCase() ?? code],
      errorName: (number: number) => Object.entries(ERRORS).find(([, [each]]) => each === number)?.[0] ?? `${number}`,
      errnos: () => Object.fromEntries(Object.entries(ERRORS).map(([code, [number]]) => [code, number])),
    },
  }
}
