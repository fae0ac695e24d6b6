import type { ModuleDefinition } from './module.ts'

export const tempfile: ModuleDefinition = {
  source: `
import os, random
def gettempdir():
    return os.environ.get('TMPDIR', '/tmp')
tempdir = None
def _name(prefix, suffix, folder):
    return os.path.join(folder or gettempdir(), (prefix or 'tmp') + ''.join(random.choice('abcdefghijklmnopqrstuvwxyz0123456789_') for _ in range(8)) + (suffix or ''))
def mkdtemp(suffix=None, prefix=None, dir=None):
    name = _name(prefix, suffix, dir)
    os.mkdir(name, 0o700)
    return name
def mktemp(suffix='', prefix='tmp', dir=None):
    return _name(prefix, suffix, dir)
def mkstemp(suffix=None, prefix=None, dir=None, text=False):
    name = _name(prefix, suffix, dir)
    open(name, 'w').close()
    return 3, name
class TemporaryDirectory:
    def __init__(self, suffix=None, prefix=None, dir=None):
        self.name = mkdtemp(suffix, prefix, dir)
    def __enter__(self):
        return self.name
    def __exit__(self, *details):
        self.cleanup()
    def cleanup(self):
        import shutil
        shutil.rmtree(self.name, True)
class NamedTemporaryFile:
    def __init__(self, mode='w+b', delete=True, suffix=None, prefix=None, dir=None, **options):
        self.name = _name(prefix, suffix, dir)
        self._delete = delete
        self._file = open(self.name, mode)
    def __getattr__(self, name):
        return getattr(self._file, name)
    def __enter__(self):
        return self
    def __exit__(self, *details):
        self.close()
    def close(self):
        self._file.close()
        if self._delete and os.path.exists(self.name):
            os.remove(self.name)
TemporaryFile = NamedTemporaryFile
`,
}
