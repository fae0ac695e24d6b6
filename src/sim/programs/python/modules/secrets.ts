import type { ModuleDefinition } from './module.ts'

export const secrets: ModuleDefinition = {
  source: `
import random as _random
def token_hex(nbytes=32):
    return ''.join(_random.choice('0123456789abcdef') for _ in range(nbytes * 2))
def token_bytes(nbytes=32):
    return _random.randbytes(nbytes)
def token_urlsafe(nbytes=32):
    return ''.join(_random.choice('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_') for _ in range((nbytes * 4 + 2) // 3))
choice = _random.choice
randbelow = lambda n: _random.randrange(n)
`,
}
