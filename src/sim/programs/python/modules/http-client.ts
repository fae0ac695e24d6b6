import type { ModuleDefinition } from './module.ts'

export const httpClient: ModuleDefinition = {
  source: `
import socket

class HTTPException(Exception):
    pass
class RemoteDisconnected(ConnectionResetError):
    pass

class HTTPMessage:
    def __init__(self):
        self._items = []
    def add_header(self, name, value):
        self._items.append((name, value))
    def get(self, name, default=None):
        for key, value in self._items:
            if key.lower() == name.lower():
                return value
        return default
    def get_all(self, name, default=None):
        return [value for key, value in self._items if key.lower() == name.lower()] or default
    def __getitem__(self, name):
        return self.get(name)
    def __setitem__(self, name, value):
        self._items.append((name, value))
    def __contains__(self, name):
        return self.get(name) is not None
    def __iter__(self):
        return iter([key for key, _ in self._items])
    def __len__(self):
        return len(self._items)
    def keys(self):
        return [key for key, _ in self._items]
    def values(self):
        return [value for _, value in self._items]
    def items(self):
        return list(self._items)
    def get_content_type(self):
        return (self.get('Content-Type') or 'text/plain').split(';')[0].strip()
    def __str__(self):
        return ''.join('%s: %s\\n' % item for item in self._items) + '\\n'

class HTTPResponse:
    def __init__(self, sock, method):
        self._sock = sock
        self.fp = sock.makefile('rb')
        line = self.fp.readline().decode('latin-1')
        if not line:
            raise RemoteDisconnected('Remote end closed connection without response')
        version, _, rest = line.strip().partition(' ')
        code, _, self.reason = rest.partition(' ')
        self.status = self.code = int(code)
        self.version = 10 if version == 'HTTP/1.0' else 11
        self.headers = self.msg = HTTPMessage()
        while True:
            line = self.fp.readline().decode('latin-1').rstrip('\\r\\n')
            if not line:
                break
            name, _, value = line.partition(':')
            self.headers.add_header(name, value.strip())
        self._method = method
        self._body = None
        self._at = 0
        self.url = ''
    def _all(self):
        if self._body is None:
            if self._method == 'HEAD' or self.status in (204, 304):
                self._body = b''
            elif 'chunked' in (self.headers.get('Transfer-Encoding') or ''):
                parts = []
                while True:
                    size = int(self.fp.readline().strip() or b'0', 16)
                    if size == 0:
                        self.fp.readline()
                        break
                    parts.append(self.fp.read(size))
                    self.fp.readline()
                self._body = b''.join(parts)
            elif self.headers.get('Content-Length') is not None:
                self._body = self.fp.read(int(self.headers.get('Content-Length')))
            else:
                self._body = self.fp.read()
        return self._body
    def read(self, amt=None):
        body = self._all()
        part = body[self._at:] if amt is None else body[self._at:self._at + amt]
        self._at += len(part)
        return part
    def readline(self):
        body = self._all()[self._at:]
        line = body[:body.find(b'\\n') + 1] if b'\\n' in body else body
        self._at += len(line)
        return line
    def __iter__(self):
        while True:
            line = self.readline()
            if not line:
                return
            yield line
    def getheader(self, name, default=None):
        return self.headers.get(name, default)
    def getheaders(self):
        return self.headers.items()
    def info(self):
        return self.headers
    def getcode(self):
        return self.status
    def geturl(self):
        return self.url
    def close(self):
        self._sock.close()
    def __enter__(self):
        return self
    def __exit__(self, *details):
        self.close()

class HTTPConnection:
    default_port = 80
    def __init__(self, host, port=None, timeout=None):
        if port is None and ':' in host:
            host, _, port = host.partition(':')
        self.host = host
        self.port = int(port or self.default_port)
        self.timeout = timeout
        self.sock = None
    def connect(self):
        self.sock = socket.create_connection((self.host, self.port), self.timeout)
    def request(self, method, url, body=None, headers={}):
        if self.sock is None:
            self.connect()
        if isinstance(body, str):
            body = body.encode()
        names = [name.lower() for name in headers]
        lines = ['%s %s HTTP/1.1' % (method, url)]
        if 'host' not in names:
            lines.append('Host: ' + (self.host if self.port == self.default_port else '%s:%d' % (self.host, self.port)))
        if 'accept-encoding' not in names:
            lines.append('Accept-Encoding: identity')
        if body is not None and 'content-length' not in names:
            lines.append('Content-Length: %d' % len(body))
        elif body is None and method in ('POST', 'PUT', 'PATCH') and 'content-length' not in names:
            lines.append('Content-Length: 0')
        for name, value in headers.items():
            lines.append('%s: %s' % (name, value))
        self.sock.sendall(('\\r\\n'.join(lines) + '\\r\\n\\r\\n').encode('latin-1') + (body or b''))
        self._method = method
    def getresponse(self):
        return HTTPResponse(self.sock, self._method)
    def close(self):
        if self.sock:
            self.sock.close()
            self.sock = None
`,
}
