import type { ModuleDefinition } from './module.ts'

export const urllibRequest: ModuleDefinition = {
  cost: 20,
  memory: 5_000_000,
  source: `
import sys
from http.client import HTTPConnection
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit, urljoin, urlencode, quote, unquote

class Request:
    def __init__(self, url, data=None, headers={}, origin_req_host=None, unverifiable=False, method=None):
        self.full_url = url
        self.data = data
        self.headers = {name.capitalize(): value for name, value in headers.items()}
        self.method = method
    def add_header(self, name, value):
        self.headers[name.capitalize()] = value
    def get_header(self, name, default=None):
        return self.headers.get(name, default)
    def get_method(self):
        return self.method or ('POST' if self.data is not None else 'GET')
    def get_full_url(self):
        return self.full_url

def urlopen(url, data=None, timeout=None, *, context=None):
    request = url if isinstance(url, Request) else Request(url, data)
    for _ in range(10):
        parts = urlsplit(request.full_url)
        if not parts.scheme:
            raise ValueError('unknown url type: %r' % request.full_url)
        if parts.scheme != 'http':
            if parts.scheme == 'https':
                raise NotImplementedError('not simulated: HTTPS from Python')
            raise URLError('unknown url type: ' + parts.scheme)
        if not parts.hostname:
            raise URLError('no host given')
        connection = HTTPConnection(parts.hostname, parts.port or 80, timeout)
        headers = {}
        if request.data is not None:
            headers['Content-Type'] = 'application/x-www-form-urlencoded'
        headers['User-Agent'] = 'Python-urllib/%d.%d' % sys.version_info[:2]
        for name, value in request.headers.items():
            for known in list(headers):
                if known.lower() == name.lower():
                    del headers[known]
            headers[name] = value
        headers['Connection'] = 'close'
        headers['Host'] = parts.netloc.rpartition('@')[2]
        try:
            connection.request(request.get_method(), (parts.path or '/') + ('?' + parts.query if parts.query else ''), request.data, headers)
        except OSError as error:
            raise URLError(error)
        response = connection.getresponse()
        response.url = request.full_url
        if response.status in (301, 302, 303, 307, 308) and response.headers.get('Location'):
            request = Request(urljoin(request.full_url, response.headers.get('Location')), headers=request.headers)
            continue
        if not 200 <= response.status < 300:
            raise HTTPError(request.full_url, response.status, response.reason, response.headers, response)
        return response
    raise HTTPError(request.full_url, response.status, 'redirect loop', response.headers, response)

def urlretrieve(url, filename):
    with urlopen(url) as response:
        with open(filename, 'wb') as out:
            out.write(response.read())
        return filename, response.headers
`,
}
