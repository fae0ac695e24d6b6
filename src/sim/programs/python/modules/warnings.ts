import type { ModuleDefinition } from './module.ts'

export const warnings: ModuleDefinition = {
  source: `
import sys as _sys
def warn(message, category=None, stacklevel=1, source=None):
    name = (type(message) if isinstance(message, Warning) else category or UserWarning).__name__
    if name in _off or 'all' in _off:
        return
    _sys.stderr.write('%s: %s\\n' % (name, message))
_off = ['DeprecationWarning', 'PendingDeprecationWarning', 'ImportWarning', 'ResourceWarning']
def filterwarnings(action, message='', category=Warning, module='', lineno=0, append=False):
    if action == 'ignore':
        _off.append('all' if category is Warning else category.__name__)
def simplefilter(action, category=Warning, lineno=0, append=False):
    filterwarnings(action, category=category)
class catch_warnings:
    def __init__(self, record=False):
        pass
    def __enter__(self):
        return []
    def __exit__(self, *details):
        pass
`,
}
