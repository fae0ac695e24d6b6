import type { ModuleDefinition } from './module.ts'

export const ioModule: ModuleDefinition = {
  source: `
SEEK_SET, SEEK_CUR, SEEK_END = 0, 1, 2
DEFAULT_BUFFER_SIZE = 8192

class _Memory:
    _empty = ''
    _newline = '\\n'
    def __init__(self, initial=None, newline='\\n'):
        self._data = initial if initial is not None else self._empty
        self._at = 0
        self.closed = False
    def write(self, data):
        if self.closed:
            raise ValueError('I/O operation on closed file')
        if isinstance(data, str) != isinstance(self._empty, str):
            raise TypeError("string argument expected, got '%s'" % type(data).__name__ if isinstance(self._empty, str) else "a bytes-like object is required, not '%s'" % type(data).__name__)
        self._data = self._data[:self._at] + data + self._data[self._at + len(data):]
        self._at += len(data)
        return len(data)
    def writelines(self, lines):
        for line in lines:
            self.write(line)
    def read(self, n=-1):
        end = len(self._data) if n is None or n < 0 else self._at + n
        part = self._data[self._at:end]
        self._at += len(part)
        return part
    def readline(self, n=-1):
        i = self._data.find(self._newline, self._at)
        end = len(self._data) if i < 0 else i + 1
        part = self._data[self._at:end]
        self._at = end
        return part
    def readlines(self):
        return list(self)
    def __iter__(self):
        while True:
            line = self.readline()
            if not line:
                return
            yield line
    def getvalue(self):
        return self._data
    def getbuffer(self):
        return self._data
    def seek(self, at, whence=0):
        self._at = at if whence == 0 else self._at + at if whence == 1 else len(self._data) + at
        return self._at
    def tell(self):
        return self._at
    def truncate(self, size=None):
        self._data = self._data[:self._at if size is None else size]
    def flush(self):
        pass
    def close(self):
        self.closed = True
    def isatty(self):
        return False
    def readable(self):
        return True
    writable = seekable = readable
    def __enter__(self):
        return self
    def __exit__(self, *details):
        self.close()

class StringIO(_Memory):
    pass

class BytesIO(_Memory):
    _empty = b''
    _newline = b'\\n'

open = open
UnsupportedOperation = OSError
class IOBase:
    pass
class TextIOWrapper(IOBase):
    pass
`,
}
