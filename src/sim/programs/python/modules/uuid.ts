import { functions } from '../objects/native.ts'
import type { ModuleDefinition } from './module.ts'

export const uuid: ModuleDefinition = {
  names: ({ process }) => functions({ _random: () => process.random.uuid() }),
  source: `
class UUID:
    def __init__(self, hex):
        self.hex = hex.replace('-', '').replace('{', '').replace('}', '').replace('urn:uuid:', '').lower()
        if len(self.hex) != 32:
            raise ValueError('badly formed hexadecimal UUID string')
    @property
    def int(self):
        return int(self.hex, 16)
    @property
    def bytes(self):
        return bytes.fromhex(self.hex)
    @property
    def version(self):
        return int(self.hex[12], 16)
    def __str__(self):
        h = self.hex
        return '-'.join([h[:8], h[8:12], h[12:16], h[16:20], h[20:]])
    def __repr__(self):
        return "UUID('%s')" % self
    def __eq__(self, other):
        return isinstance(other, UUID) and self.hex == other.hex
    def __hash__(self):
        return hash(self.hex)

def uuid4():
    return UUID(_random())
uuid1 = uuid4
NAMESPACE_DNS = UUID('6ba7b810-9dad-11d1-80b4-00c04fd430c8')
NAMESPACE_URL = UUID('6ba7b811-9dad-11d1-80b4-00c04fd430c8')

def _named(digest, namespace, name, version):
    h = digest(namespace.bytes + name.encode()).hexdigest()[:32]
    return UUID(h[:12] + str(version) + h[13:16] + '%x' % (int(h[16], 16) & 3 | 8) + h[17:])

def uuid5(namespace, name):
    import hashlib
    return _named(hashlib.sha1, namespace, name, 5)

def uuid3(namespace, name):
    import hashlib
    return _named(hashlib.md5, namespace, name, 3)
`,
}
