import type { ModuleDefinition } from './module.ts'

export const pathlib: ModuleDefinition = {
  source: `
import os, fnmatch, glob as _glob

class PurePath:
    def __init__(self, *parts):
        text = os.path.join(*[os.fspath(p) for p in parts]) if parts else '.'
        words = [w for w in text.split('/') if w and w != '.']
        self._text = ('/' if text.startswith('/') else '') + '/'.join(words) or '.'
    def __fspath__(self):
        return self._text
    def __str__(self):
        return self._text
    def __repr__(self):
        return 'PosixPath(%r)' % self._text
    def __truediv__(self, other):
        return type(self)(self._text, other)
    def __rtruediv__(self, other):
        return type(self)(other, self._text)
    def joinpath(self, *others):
        return type(self)(self._text, *others)
    def __eq__(self, other):
        return isinstance(other, PurePath) and self._text == other._text
    def __lt__(self, other):
        return self._text < other._text
    def __hash__(self):
        return hash(self._text)
    @property
    def name(self):
        return os.path.basename(self._text) if self._text not in ('.', '/') else ''
    @property
    def stem(self):
        return os.path.splitext(self.name)[0]
    @property
    def suffix(self):
        return os.path.splitext(self.name)[1]
    @property
    def parent(self):
        return type(self)(os.path.dirname(self._text) or '.')
    @property
    def parents(self):
        out, at = [], self
        while at.parent != at:
            at = at.parent
            out.append(at)
        return out
    @property
    def parts(self):
        return (('/',) if self._text.startswith('/') else ()) + tuple(w for w in self._text.split('/') if w)
    def is_absolute(self):
        return self._text.startswith('/')
    def as_posix(self):
        return self._text
    def with_suffix(self, suffix):
        return self.parent / (self.stem + suffix)
    def with_name(self, name):
        return self.parent / name
    def relative_to(self, other):
        return type(self)(os.path.relpath(self._text, os.fspath(other)))
    def match(self, pattern):
        return fnmatch.fnmatchcase(self.name, pattern)

class Path(PurePath):
    @classmethod
    def cwd(cls):
        return cls(os.getcwd())
    @classmethod
    def home(cls):
        return cls(os.path.expanduser('~'))
    def exists(self):
        return os.path.exists(self._text)
    def is_file(self):
        return os.path.isfile(self._text)
    def is_dir(self):
        return os.path.isdir(self._text)
    def is_symlink(self):
        return os.path.islink(self._text)
    def open(self, mode='r', **options):
        return open(self._text, mode, **options)
    def read_text(self, encoding=None, errors=None):
        with open(self._text) as f:
            return f.read()
    def read_bytes(self):
        with open(self._text, 'rb') as f:
            return f.read()
    def write_text(self, text, encoding=None):
        with open(self._text, 'w') as f:
            return f.write(text)
    def write_bytes(self, data):
        with open(self._text, 'wb') as f:
            return f.write(data)
    def mkdir(self, mode=0o777, parents=False, exist_ok=False):
        if exist_ok and self.is_dir():
            return
        (os.makedirs if parents else os.mkdir)(self._text)
    def rmdir(self):
        os.rmdir(self._text)
    def unlink(self, missing_ok=False):
        if missing_ok and not self.exists():
            return
        os.unlink(self._text)
    def rename(self, target):
        os.rename(self._text, os.fspath(target))
        return Path(target)
    def touch(self, mode=0o666, exist_ok=True):
        open(self._text, 'a').close()
    def stat(self):
        return os.stat(self._text)
    def iterdir(self):
        return iter([self / name for name in os.listdir(self._text)])
    def glob(self, pattern):
        return iter([Path(p) for p in sorted(_glob.glob(os.path.join(self._text, pattern), recursive=True))])
    def rglob(self, pattern):
        return self.glob('**/' + pattern)
    def resolve(self, strict=False):
        return Path(os.path.realpath(self._text))
    absolute = resolve
    def expanduser(self):
        return Path(os.path.expanduser(self._text))

PosixPath = Path
PurePosixPath = PurePath
`,
}
