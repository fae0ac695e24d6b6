import { md5, sha1, sha256, sha512 } from '../../coreutils/digests.ts'
import { functions } from '../objects/native.ts'
import { PyBytes, type Value } from '../objects/value.ts'
import type { ModuleDefinition } from './module.ts'

const digests: Readonly<Record<string, (bytes: Uint8Array) => string>> = { md5, sha1, sha256, sha512 }

export const hashlib: ModuleDefinition = {
  names: () =>
    functions({
      '_digest(name data)': (vm, name: string, data: Value) => {
        const bytes = data instanceof PyBytes ? data.data : new Uint8Array(0)
        vm.host.charge(bytes.length)
        return digests[name]!(bytes)
      },
    }),
  source: `
class _Hash:
    _sizes = {'md5': (16, 64), 'sha1': (20, 64), 'sha256': (32, 64), 'sha512': (64, 128)}
    def __init__(self, name, data=b''):
        self.name = name
        self.digest_size, self.block_size = self._sizes[name]
        self._data = b''
        self.update(data)
    def update(self, data):
        if isinstance(data, str):
            raise TypeError('Strings must be encoded before hashing')
        self._data += bytes(data)
    def hexdigest(self):
        return _digest(self.name, self._data)
    def digest(self):
        return bytes.fromhex(self.hexdigest())
    def copy(self):
        return _Hash(self.name, self._data)
    def __repr__(self):
        return '<%s _hashlib.HASH object @ 0x7f8a10b00000>' % self.name

algorithms_available = algorithms_guaranteed = {'md5', 'sha1', 'sha256', 'sha512'}

def new(name, data=b'', **options):
    if name.lower() not in _Hash._sizes:
        raise ValueError('unsupported hash type ' + name)
    return _Hash(name.lower(), data)

def md5(data=b'', **options):
    return _Hash('md5', data)

def sha1(data=b'', **options):
    return _Hash('sha1', data)

def sha256(data=b'', **options):
    return _Hash('sha256', data)

def sha512(data=b'', **options):
    return _Hash('sha512', data)
`,
}
