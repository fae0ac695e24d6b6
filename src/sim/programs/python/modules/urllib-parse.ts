import type { ModuleDefinition } from './module.ts'

export const urllibParse: ModuleDefinition = {
  source: `
_SAFE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~'

def quote(text, safe='/', encoding=None, errors=None):
    data = text if isinstance(text, bytes) else str(text).encode('utf-8')
    return ''.join(chr(b) if chr(b) in _SAFE or chr(b) in safe else '%%%02X' % b for b in data)

def quote_plus(text, safe='', encoding=None, errors=None):
    return quote(text, safe + ' ').replace(' ', '+')

def unquote_to_bytes(text):
    if isinstance(text, str):
        text = text.encode('utf-8')
    out = []
    i = 0
    while i < len(text):
        if text[i] == 37 and i + 2 < len(text) + 0 and _hex(text[i + 1:i + 3]):
            out.append(int(text[i + 1:i + 3].decode(), 16))
            i += 3
        else:
            out.append(text[i])
            i += 1
    return bytes(out)

def _hex(pair):
    return len(pair) == 2 and all(chr(c) in '0123456789abcdefABCDEF' for c in pair)

def unquote(text, encoding='utf-8', errors='replace'):
    return unquote_to_bytes(text).decode('utf-8', 'replace') if '%' in text else text

def unquote_plus(text, encoding='utf-8', errors='replace'):
    return unquote(text.replace('+', ' '))

def urlencode(query, doseq=False, safe='', quote_via=quote_plus):
    pairs = query.items() if hasattr(query, 'items') else query
    out = []
    for key, value in pairs:
        values = value if doseq and isinstance(value, (list, tuple)) else [value]
        for each in values:
            out.append(quote_via(str(key)) + '=' + quote_via(each if isinstance(each, bytes) else str(each)))
    return '&'.join(out)

def parse_qsl(qs, keep_blank_values=False, strict_parsing=False):
    pairs = []
    for part in qs.split('&'):
        if not part:
            continue
        key, _, value = part.partition('=')
        if value or keep_blank_values:
            pairs.append((unquote_plus(key), unquote_plus(value)))
    return pairs

def parse_qs(qs, keep_blank_values=False, strict_parsing=False):
    found = {}
    for key, value in parse_qsl(qs, keep_blank_values):
        found.setdefault(key, []).append(value)
    return found

class _Parts(tuple):
    def _place(self):
        at = self.netloc.rpartition('@')[2]
        host, colon, port = at.rpartition(':') if ':' in at.rpartition(']')[2] else (at, '', '')
        return (host if colon else at).strip('[]'), port
    scheme = property(lambda self: self[0])
    netloc = property(lambda self: self[1])
    path = property(lambda self: self[2])
    query = property(lambda self: self[-2])
    fragment = property(lambda self: self[-1])
    @property
    def hostname(self):
        return self._place()[0].lower() or None
    @property
    def port(self):
        port = self._place()[1]
        return int(port) if port else None
    @property
    def username(self):
        user = self.netloc.rpartition('@')[0]
        return user.partition(':')[0] or None
    @property
    def password(self):
        return self.netloc.rpartition('@')[0].partition(':')[2] or None

class SplitResult(_Parts):
    def geturl(self):
        return urlunsplit(self)
    def __repr__(self):
        return 'SplitResult(scheme=%r, netloc=%r, path=%r, query=%r, fragment=%r)' % tuple(self)

class ParseResult(_Parts):
    params = property(lambda self: self[3])
    def geturl(self):
        return urlunsplit((self.scheme, self.netloc, self.path, self.query, self.fragment))
    def _replace(self, **changes):
        names = ('scheme', 'netloc', 'path', 'params', 'query', 'fragment')
        return ParseResult([changes.get(name, value) for name, value in zip(names, self)])
    def __repr__(self):
        return 'ParseResult(scheme=%r, netloc=%r, path=%r, params=%r, query=%r, fragment=%r)' % tuple(self)

def urlsplit(url, scheme='', allow_fragments=True):
    netloc = query = fragment = ''
    head, colon, rest = url.partition(':')
    if colon and head and head[0].isalpha() and all(c.isalnum() or c in '+-.' for c in head):
        scheme, url = head.lower(), rest
    if url[:2] == '//':
        ends = [i for i in (url.find(c, 2) for c in '/?#') if i >= 0]
        end = min(ends) if ends else len(url)
        netloc, url = url[2:end], url[end:]
    if '#' in url:
        url, _, fragment = url.partition('#')
    if '?' in url:
        url, _, query = url.partition('?')
    return SplitResult([scheme, netloc, url, query, fragment])

def urlparse(url, scheme='', allow_fragments=True):
    scheme, netloc, path, query, fragment = urlsplit(url, scheme)
    return ParseResult([scheme, netloc, path, '', query, fragment])

def urlunsplit(parts):
    scheme, netloc, path, query, fragment = parts
    url = path
    if netloc:
        url = '//' + netloc + ('/' if path and path[0] != '/' else '') + path
    if scheme:
        url = scheme + ':' + url
    return url + ('?' + query if query else '') + ('#' + fragment if fragment else '')

def urlunparse(parts):
    scheme, netloc, path, params, query, fragment = parts
    return urlunsplit((scheme, netloc, path, query, fragment))

def urljoin(base, url, allow_fragments=True):
    if not base:
        return url
    if urlsplit(url).scheme:
        return url
    b, u = urlsplit(base), urlsplit(url)
    if u.netloc:
        return urlunsplit((b.scheme, u.netloc, u.path, u.query, u.fragment))
    if not u.path:
        return urlunsplit((b.scheme, b.netloc, b.path, u.query or b.query, u.fragment))
    path = u.path if u.path.startswith('/') else b.path.rpartition('/')[0] + '/' + u.path
    out = []
    for word in path.split('/'):
        if word == '..':
            if len(out) > 1:
                out.pop()
        elif word != '.':
            out.append(word)
    if path.endswith(('/.', '/..')):
        out.append('')
    return urlunsplit((b.scheme, b.netloc, '/'.join(out), u.query, u.fragment))
`,
}
