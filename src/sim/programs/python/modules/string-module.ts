import type { ModuleDefinition } from './module.ts'

export const stringModule: ModuleDefinition = {
  source: `
import re as _re
ascii_lowercase = 'abcdefghijklmnopqrstuvwxyz'
ascii_uppercase = ascii_lowercase.upper()
ascii_letters = ascii_lowercase + ascii_uppercase
digits = '0123456789'
hexdigits = digits + 'abcdefABCDEF'
octdigits = '01234567'
punctuation = r"""!"#$%&'()*+,-./:;<=>?@[\\]^_\`{|}~"""
whitespace = ' \\t\\n\\r\\v\\f'
printable = digits + ascii_letters + punctuation + whitespace

def capwords(s, sep=None):
    return (sep or ' ').join(x.capitalize() for x in s.split(sep))

class Template:
    def __init__(self, template):
        self.template = template
    def _run(self, mapping, safe):
        def by(m):
            if m.group(1):
                return '$'
            name = m.group(2) or m.group(3)
            if safe and name not in mapping:
                return m.group(0)
            return str(mapping[name])
        return _re.sub(r'\\$(?:(\\$)|(\\w+)|\\{(\\w+)\\})', by, self.template)
    def substitute(self, mapping={}, **kws):
        return self._run({**mapping, **kws}, False)
    def safe_substitute(self, mapping={}, **kws):
        return self._run({**mapping, **kws}, True)
`,
}
