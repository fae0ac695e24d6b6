import type { Value } from '../objects/value.ts'
import { installed } from '../runtime/site.ts'
import type { ModuleDefinition } from './module.ts'

export const requests: ModuleDefinition = {
  names: ({ process, version }) =>
    new Map<string, Value>([
      [
        '_version',
        installed(process, version).find(({ name }) => name.toLowerCase() === 'requests')?.version ?? '2.31.0',
      ],
    ]),
  distribution: 'requests',
  isPackage: true,
  cost: 140,
  memory: 14_000_000,
  source: `
import json as _json
import time as _time
from http.client import HTTPConnection, RemoteDisconnected
from urllib.parse import urlsplit, urljoin, urlencode, quote
import base64 as _base64
import socket as _socket

__version__ = _version
_OSError = OSError

class RequestException(IOError):
    __module__ = 'requests.exceptions'
    def __init__(self, *args, response=None, request=None):
        self.args = args
        self.response = response
        self.request = request
    def __str__(self):
        return str(self.args[0]) if self.args else ''
class HTTPError(RequestException):
    __module__ = 'requests.exceptions'
class ConnectionError(RequestException):
    __module__ = 'requests.exceptions'
class Timeout(RequestException):
    __module__ = 'requests.exceptions'
class ConnectTimeout(ConnectionError, Timeout):
    __module__ = 'requests.exceptions'
class ReadTimeout(Timeout):
    __module__ = 'requests.exceptions'
class TooManyRedirects(RequestException):
    __module__ = 'requests.exceptions'
class MissingSchema(RequestException, ValueError):
    __module__ = 'requests.exceptions'
class InvalidSchema(RequestException, ValueError):
    __module__ = 'requests.exceptions'
class InvalidURL(RequestException, ValueError):
    __module__ = 'requests.exceptions'
class JSONDecodeError(RequestException, ValueError):
    __module__ = 'requests.exceptions'

class _Exceptions:
    pass
exceptions = _Exceptions()
for _each in (RequestException, HTTPError, ConnectionError, Timeout, ConnectTimeout, ReadTimeout, TooManyRedirects, MissingSchema, InvalidSchema, InvalidURL, JSONDecodeError):
    setattr(exceptions, _each.__name__, _each)

class CaseInsensitiveDict:
    def __init__(self, pairs=()):
        self._store = {}
        for key, value in (pairs.items() if hasattr(pairs, 'items') else pairs):
            self[key] = value
    def __setitem__(self, key, value):
        self._store[key.lower()] = (key, value)
    def __getitem__(self, key):
        return self._store[key.lower()][1]
    def __delitem__(self, key):
        del self._store[key.lower()]
    def __contains__(self, key):
        return key.lower() in self._store
    def __iter__(self):
        return iter([key for key, _ in self._store.values()])
    def __len__(self):
        return len(self._store)
    def get(self, key, default=None):
        return self[key] if key in self else default
    def keys(self):
        return [key for key, _ in self._store.values()]
    def values(self):
        return [value for _, value in self._store.values()]
    def items(self):
        return list(self._store.values())
    def update(self, other):
        for key, value in other.items():
            self[key] = value
    def setdefault(self, key, value):
        if key not in self:
            self[key] = value
        return self[key]
    def __repr__(self):
        return str(dict(self.items()))

class _Elapsed:
    def __init__(self, seconds):
        self._seconds = seconds
    def total_seconds(self):
        return self._seconds

class _PreparedRequest:
    pass

class Response:
    def __init__(self):
        self.history = []
        self.encoding = None
    @property
    def ok(self):
        return self.status_code < 400
    @property
    def text(self):
        return self.content.decode('utf-8', 'replace')
    @property
    def is_redirect(self):
        return 'location' in self.headers and self.status_code in (301, 302, 303, 307, 308)
    def json(self, **options):
        try:
            return _json.loads(self.content.decode())
        except ValueError as error:
            raise JSONDecodeError(str(error))
    def raise_for_status(self):
        if self.status_code >= 400:
            kind = 'Client' if self.status_code < 500 else 'Server'
            raise HTTPError('%s %s Error: %s for url: %s' % (self.status_code, kind, self.reason, self.url), response=self)
    def iter_content(self, chunk_size=1, decode_unicode=False):
        for i in range(0, len(self.content), chunk_size or len(self.content) or 1):
            yield self.content[i:i + chunk_size]
    def iter_lines(self, decode_unicode=False):
        for line in self.content.splitlines():
            yield line.decode() if decode_unicode else line
    def close(self):
        pass
    def __bool__(self):
        return self.ok
    def __enter__(self):
        return self
    def __exit__(self, *details):
        pass
    def __repr__(self):
        return '<Response [%d]>' % self.status_code

_errno = {111: 'Connection refused', 113: 'No route to host', 101: 'Network is unreachable', 110: 'Connection timed out'}

class Session:
    def __init__(self):
        self.headers = CaseInsensitiveDict({'User-Agent': 'python-requests/' + __version__, 'Accept-Encoding': 'gzip, deflate', 'Accept': '*/*', 'Connection': 'keep-alive'})
        self.auth = None
        self.params = {}
        self.cookies = {}
        self.verify = True
    def __enter__(self):
        return self
    def __exit__(self, *details):
        pass
    def close(self):
        pass
    def mount(self, prefix, adapter):
        pass
    def request(self, method, url, params=None, data=None, headers=None, cookies=None, files=None, auth=None, timeout=None, allow_redirects=True, proxies=None, stream=None, verify=None, cert=None, json=None, hooks=None):
        method = method.upper()
        started = _time.time()
        sent = CaseInsensitiveDict(self.headers)
        query = urlencode({**self.params, **params} if isinstance(params, dict) else params or self.params, True) if params or self.params else ''
        body = None
        if json is not None:
            body = _json.dumps(json).encode()
            sent['Content-Type'] = 'application/json'
        elif isinstance(data, (dict, list, tuple)):
            body = urlencode(data, True).encode()
            sent['Content-Type'] = 'application/x-www-form-urlencoded'
        elif data is not None:
            body = data.encode() if isinstance(data, str) else data.read() if hasattr(data, 'read') else data
        auth = auth or self.auth
        if auth:
            sent['Authorization'] = 'Basic ' + _base64.b64encode(('%s:%s' % tuple(auth)).encode()).decode()
        jar = {**self.cookies, **(cookies or {})}
        if jar:
            sent['Cookie'] = '; '.join('%s=%s' % pair for pair in jar.items())
        for key, value in (headers or {}).items():
            if value is not None:
                sent[key] = value
        history = []
        while True:
            parts = urlsplit(url)
            if not parts.scheme:
                raise MissingSchema("Invalid URL '%s': No scheme supplied. Perhaps you meant https://%s?" % (url, url))
            if parts.scheme == 'https':
                raise NotImplementedError('not simulated: HTTPS from Python')
            if parts.scheme != 'http':
                raise InvalidSchema("No connection adapters were found for '%s'" % url)
            if not parts.hostname:
                raise InvalidURL("Invalid URL '%s': No host supplied" % url)
            target = (quote(parts.path, '/%:@!$&\\'()*+,;=~') or '/') + ('?' + '&'.join(q for q in (parts.query, query) if q) if parts.query or query else '')
            response = self._exchange(method, parts, target, body, sent, timeout, started)
            response.url = '%s://%s%s' % (parts.scheme, parts.netloc, target)
            response.history = list(history)
            if not (allow_redirects and response.is_redirect):
                return response
            history.append(response)
            if len(history) > 30:
                raise TooManyRedirects('Exceeded 30 redirects.')
            url = urljoin(response.url, response.headers['Location'])
            query = ''
            if response.status_code in (301, 302, 303) and method != 'HEAD':
                method, body = 'GET', None
    def _exchange(self, method, parts, target, body, headers, timeout, started):
        port = parts.port or 80
        wait = timeout[0] if isinstance(timeout, tuple) else timeout
        connection = HTTPConnection(parts.hostname, port, wait)
        where = "HTTPConnectionPool(host='%s', port=%d): " % (parts.hostname, port)
        lost = where + 'Max retries exceeded with url: %s (Caused by %%s)' % target
        try:
            connection.connect()
        except _socket.gaierror as error:
            raise ConnectionError(lost % ('NameResolutionError("<urllib3.connection.HTTPConnection object at 0x7f8a10a3c9d0>: Failed to resolve \\'%s\\' ([Errno %d] %s)")' % (parts.hostname, error.args[0], error.args[1])))
        except _OSError as error:
            if str(error) == 'timed out':
                raise ConnectTimeout(lost % ("ConnectTimeoutError(<urllib3.connection.HTTPConnection object at 0x7f8a10a3c9d0>, 'Connection to %s timed out. (connect timeout=%s)')" % (parts.hostname, wait)))
            raise ConnectionError(lost % ("NewConnectionError('<urllib3.connection.HTTPConnection object at 0x7f8a10a3c9d0>: Failed to establish a new connection: [Errno %d] %s')" % (error.args[0], error.args[1])))
        try:
            connection.request(method, target, body, {'Host': parts.netloc.rpartition('@')[2], **dict(headers.items()), 'Connection': 'close' if False else headers.get('Connection', 'keep-alive')})
            answer = connection.getresponse()
            content = answer.read()
        except RemoteDisconnected as error:
            raise ConnectionError("('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))")
        except _OSError as error:
            if str(error) == 'timed out':
                raise ReadTimeout(where + 'Read timed out. (read timeout=%s)' % wait)
            raise ConnectionError("('Connection aborted.', %r)" % error)
        finally:
            connection.close()
        made = Response()
        made.status_code = answer.status
        made.reason = answer.reason
        made.headers = CaseInsensitiveDict(answer.headers.items())
        made.content = content
        made.encoding = 'utf-8'
        made.cookies = {}
        for value in answer.headers.get_all('Set-Cookie') or []:
            key, _, rest = value.partition('=')
            made.cookies[key] = rest.split(';')[0]
            self.cookies[key] = rest.split(';')[0]
        made.elapsed = _Elapsed(_time.time() - started)
        made.request = _PreparedRequest()
        made.request.method = method
        made.request.headers = headers
        made.request.body = body
        return made
    def get(self, url, **options):
        return self.request('GET', url, **options)
    def post(self, url, data=None, json=None, **options):
        return self.request('POST', url, data=data, json=json, **options)
    def put(self, url, data=None, **options):
        return self.request('PUT', url, data=data, **options)
    def patch(self, url, data=None, **options):
        return self.request('PATCH', url, data=data, **options)
    def delete(self, url, **options):
        return self.request('DELETE', url, **options)
    def head(self, url, **options):
        options.setdefault('allow_redirects', False)
        return self.request('HEAD', url, **options)
    def options(self, url, **options):
        return self.request('OPTIONS', url, **options)

session = Session

def request(method, url, **options):
    return Session().request(method, url, **options)

def get(url, params=None, **options):
    return request('GET', url, params=params, **options)

def post(url, data=None, json=None, **options):
    return request('POST', url, data=data, json=json, **options)

def put(url, data=None, **options):
    return request('PUT', url, data=data, **options)

def patch(url, data=None, **options):
    return request('PATCH', url, data=data, **options)

def delete(url, **options):
    return request('DELETE', url, **options)

def head(url, **options):
    options.setdefault('allow_redirects', False)
    return request('HEAD', url, **options)

class codes:
    ok = 200
    created = 201
    not_found = 404
`,
}
