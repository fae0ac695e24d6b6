import type { ModuleDefinition } from './module.ts'

export const pprint: ModuleDefinition = {
  source: `
import sys as _sys

def pformat(x, indent=1, width=80, **options):
    return _format(x, width, 0)

def _format(x, width, at):
    text = repr(_sorted(x))
    if len(text) + at <= width or not isinstance(x, (list, tuple, dict, set)) or not x:
        return text
    pad = ' ' * (at + 1)
    if isinstance(x, dict):
        parts = []
        for k, v in sorted(x.items(), key=lambda item: str(item[0])):
            key = repr(k) + ': '
            parts.append(key + _format(v, width, at + 1 + len(key)))
        return '{' + (',\\n' + pad).join(parts) + '}'
    opening, closing = ('[', ']') if isinstance(x, list) else ('(', ')') if isinstance(x, tuple) else ('{', '}')
    return opening + (',\\n' + pad).join(_format(v, width, at + 1) for v in x) + closing

def _sorted(x):
    return {k: _sorted(v) for k, v in sorted(x.items(), key=lambda item: str(item[0]))} if type(x) is dict else x

def pprint(x, stream=None, **options):
    (stream or _sys.stdout).write(pformat(x, **options) + '\\n')

pp = pprint
`,
}
