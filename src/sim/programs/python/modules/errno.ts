import type { ModuleDefinition } from './module.ts'

export const errno: ModuleDefinition = {
  source: `
_codes = {'EPERM': 1, 'ENOENT': 2, 'ESRCH': 3, 'EINTR': 4, 'EIO': 5, 'EBADF': 9, 'ECHILD': 10, 'EAGAIN': 11, 'EWOULDBLOCK': 11, 'ENOMEM': 12, 'EACCES': 13, 'EBUSY': 16, 'EEXIST': 17, 'ENOTDIR': 20, 'EISDIR': 21, 'EINVAL': 22, 'EMFILE': 24, 'ENOSPC': 28, 'ESPIPE': 29, 'EROFS': 30, 'EPIPE': 32, 'EINPROGRESS': 115, 'EADDRINUSE': 98, 'EADDRNOTAVAIL': 99, 'ENETUNREACH': 101, 'ECONNABORTED': 103, 'ECONNRESET': 104, 'ENOTCONN': 107, 'ETIMEDOUT': 110, 'ECONNREFUSED': 111, 'EHOSTUNREACH': 113}
for _name in _codes:
    globals()[_name] = _codes[_name]
errorcode = {number: name for name, number in _codes.items()}
`,
}
