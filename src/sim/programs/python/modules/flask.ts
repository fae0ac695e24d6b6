import { native } from '../objects/native.ts'
import type { Value } from '../objects/value.ts'
import { installed } from '../runtime/site.ts'
import type { ModuleDefinition } from './module.ts'

export const flask: ModuleDefinition = {
  names: ({ process, version }) => {
    const flask = installed(process, version).find(({ name }) => name.toLowerCase() === 'flask')?.version ?? '3.0.0'
    const address = () => {
      for (const [, at = ''] of process.files.readText('/etc/hosts').matchAll(/^(\d+\.\d+\.\d+\.\d+)\s/gm))
        if (!at.startsWith('127.')) return at
      return '127.0.0.1'
    }
    return new Map<string, Value>([
      ['_version', flask],
      ['_werkzeug', flask.startsWith('1.') ? '1.0.1' : flask.startsWith('2.') ? '2.3.7' : '3.0.1'],
      ['_address', native('_address', '', address)],
      ['_pin', [0, 0, 0].map(() => process.random.int(100, 999)).join('-')],
    ])
  },
  distribution: 'flask',
  isPackage: true,
  cost: 180,
  memory: 17_000_000,
  source: `
import os
import re
import sys
import json as _json
import time as _time
import traceback as _traceback
from http import _phrases
from urllib.parse import parse_qsl, unquote, quote, urlencode

__version__ = _version

class _Current:
    def __init__(self, name):
        object.__setattr__(self, '_name', name)
    def _get(self):
        import threading
        found = _contexts.get(threading.get_ident())
        if found is None:
            raise RuntimeError('Working outside of request context.\\n\\nThis typically means that you attempted to use functionality that needed\\nan active HTTP request. Consult the documentation on testing for\\ninformation about how to avoid this problem.')
        return found[object.__getattribute__(self, '_name')]
    def __getattr__(self, name):
        return getattr(self._get(), name)
    def __setattr__(self, name, value):
        setattr(self._get(), name, value)
    def __getitem__(self, key):
        return self._get()[key]
    def __setitem__(self, key, value):
        self._get()[key] = value
    def __contains__(self, key):
        return key in self._get()
    def __repr__(self):
        return repr(self._get())

_contexts = {}
request = _Current('request')
g = _Current('g')
session = _Current('session')
current_app = _Current('app')

class _Globals:
    def get(self, name, default=None):
        return getattr(self, name, default)
    def __contains__(self, name):
        return hasattr(self, name)

class MultiDict(dict):
    def __init__(self, pairs=()):
        dict.__init__(self)
        self._all = {}
        for key, value in pairs:
            self._all.setdefault(key, []).append(value)
            if key not in self:
                self[key] = value
    def get(self, key, default=None, type=None):
        if key not in self:
            return default
        value = self[key]
        if type is not None:
            try:
                return type(value)
            except (ValueError, TypeError):
                return default
        return value
    def getlist(self, key):
        return self._all.get(key, [])
    def __missing__(self, key):
        raise BadRequestKeyError(key)
    def to_dict(self, flat=True):
        return dict(self) if flat else dict(self._all)
    def __repr__(self):
        return 'ImmutableMultiDict(%r)' % ([(k, v) for k in self._all for v in self._all[k]],)

class Headers:
    def __init__(self, pairs=()):
        self._items = [(k, str(v)) for k, v in (pairs.items() if hasattr(pairs, 'items') else pairs)]
    def get(self, name, default=None, type=None):
        for key, value in self._items:
            if key.lower() == name.lower():
                return value if type is None else type(value)
        return default
    def __getitem__(self, name):
        found = self.get(name)
        if found is None:
            raise BadRequestKeyError(name)
        return found
    def __setitem__(self, name, value):
        self._items = [(k, v) for k, v in self._items if k.lower() != name.lower()]
        self._items.append((name, str(value)))
    set = __setitem__
    def add(self, name, value):
        self._items.append((name, str(value)))
    def update(self, other):
        for k, v in (other.items() if hasattr(other, 'items') else other):
            self[k] = v
    def extend(self, other):
        self.update(other)
    def __contains__(self, name):
        return self.get(name) is not None
    def __iter__(self):
        return iter(self._items)
    def items(self):
        return list(self._items)
    def keys(self):
        return [k for k, _ in self._items]
    def values(self):
        return [v for _, v in self._items]
    def __str__(self):
        return ''.join('%s: %s\\r\\n' % item for item in self._items) + '\\r\\n'
    __repr__ = __str__

_DESCRIPTIONS = {
    400: 'The browser (or proxy) sent a request that this server could not understand.',
    401: "The server could not verify that you are authorized to access the URL requested. You either supplied the wrong credentials (e.g. a bad password), or your browser doesn't understand how to supply the credentials required.",
    403: "You don't have the permission to access the requested resource. It is either read-protected or not readable by the server.",
    404: 'The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.',
    405: 'The method is not allowed for the requested URL.',
    409: 'A conflict happened while processing the request. The resource might have been modified while the request was being processed.',
    415: "The server does not support the media type transmitted in the request.",
    418: 'This server is a teapot, not a coffee machine',
    422: 'The request was well-formed but was unable to be followed due to semantic errors.',
    429: 'This user has exceeded an allotted request count. Try again later.',
    500: 'The server encountered an internal error and was unable to complete your request. Either the server is overloaded or there is an error in the application.',
    503: 'The server is temporarily unable to service your request due to maintenance downtime or capacity problems. Please try again later.',
}

class HTTPException(Exception):
    code = 500
    def __init__(self, description=None, response=None):
        Exception.__init__(self)
        self.description = description or _DESCRIPTIONS.get(self.code, '')
        self.response = response
    @property
    def name(self):
        return _phrases.get(self.code, 'Unknown Error').title().replace('Http', 'HTTP') if self.code not in (418,) else "I'm a teapot"
    def get_response(self):
        if self.response is not None:
            return self.response
        made = Response('<!doctype html>\\n<html lang=en>\\n<title>%d %s</title>\\n<h1>%s</h1>\\n<p>%s</p>\\n' % (self.code, self.name, self.name, _escape(self.description)), self.code)
        made.headers['Content-Type'] = 'text/html; charset=utf-8'
        return made
    def __str__(self):
        return '%d %s: %s' % (self.code, self.name, self.description)

def _escape(text):
    return str(text).replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;').replace("'", '&#39;').replace('"', '&#34;')

def _exception(code):
    return type(_phrases.get(code, 'HTTP%d' % code).replace(' ', '').replace("'", ''), (HTTPException,), {'code': code})

_exceptions = {code: _exception(code) for code in _phrases if code >= 400}
BadRequest = _exceptions[400]
NotFound = _exceptions[404]

class BadRequestKeyError(_exceptions[400], KeyError):
    def __init__(self, key=None):
        HTTPException.__init__(self)

def abort(code, *args, **kwargs):
    if isinstance(code, Response):
        raise HTTPException(response=code)
    if code not in _exceptions:
        raise LookupError('no exception for %r' % code)
    raise _exceptions[code](*args, **kwargs)

class Request:
    def __init__(self, method, target, headers, body, remote):
        self.method = method
        self.path, _, query = target.partition('?')
        self.path = unquote(self.path)
        self.query_string = query.encode()
        self.headers = headers
        self.data = body
        self.args = MultiDict(parse_qsl(query, True))
        self.remote_addr = remote
        self.host = headers.get('Host', 'localhost')
        self.scheme = 'http'
        self.full_path = target if query else target + '?'
        self.url = 'http://' + self.host + target
        self.base_url = 'http://' + self.host + self.path
        self.host_url = self.url_root = 'http://' + self.host + '/'
        self.script_root = ''
        self.content_type = headers.get('Content-Type')
        self.mimetype = (self.content_type or '').split(';')[0].strip()
        self.content_length = len(body)
        self.user_agent = _Agent(headers.get('User-Agent', ''))
        self.is_json = self.mimetype == 'application/json' or self.mimetype.endswith('+json')
        self.view_args = {}
        self.endpoint = None
        self.url_rule = None
        self.environ = {'REQUEST_METHOD': method, 'PATH_INFO': self.path, 'REMOTE_ADDR': remote}
        self.cookies = {}
        self.files = MultiDict()
        for part in (headers.get('Cookie') or '').split(';'):
            if '=' in part:
                key, _, value = part.strip().partition('=')
                self.cookies[key] = value
        self.form = MultiDict(parse_qsl(body.decode('utf-8', 'replace'), True) if self.mimetype == 'application/x-www-form-urlencoded' else ())
        self.values = MultiDict(list(self.args.items()) + list(self.form.items()))
    def get_data(self, cache=True, as_text=False):
        return self.data.decode() if as_text else self.data
    @property
    def json(self):
        return self.get_json()
    def get_json(self, force=False, silent=False, cache=True):
        if not (force or self.is_json):
            if silent:
                return None
            raise _exceptions[415]("Did not attempt to load JSON data because the request Content-Type was not 'application/json'.")
        try:
            return _json.loads(self.data)
        except ValueError:
            if silent:
                return None
            raise BadRequest('The browser (or proxy) sent a request that this server could not understand.')
    @property
    def access_route(self):
        return [self.remote_addr]
    def __repr__(self):
        return '<Request %r [%s]>' % (self.url, self.method)

class _Agent:
    def __init__(self, text):
        self.string = text
    def __str__(self):
        return self.string

class Response:
    default_mimetype = 'text/html'
    def __init__(self, response=None, status=200, headers=None, mimetype=None, content_type=None, direct_passthrough=False):
        if isinstance(response, str):
            response = response.encode('utf-8')
        self._stream = None
        if response is None:
            response = b''
        elif not isinstance(response, (bytes, bytearray)):
            self._stream = response
            response = b''
        self.data = response
        self.headers = Headers()
        if isinstance(status, str):
            self.status_code = int(status.split()[0])
        else:
            self.status_code = int(status or 200)
        kind = content_type or mimetype or self.default_mimetype
        if kind.startswith('text/') and 'charset' not in kind:
            kind += '; charset=utf-8'
        self.headers['Content-Type'] = kind
        if headers:
            self.headers.update(headers)
    @property
    def status(self):
        return '%d %s' % (self.status_code, _phrases.get(self.status_code, 'UNKNOWN').upper())
    @status.setter
    def status(self, value):
        self.status_code = int(str(value).split()[0])
    @property
    def mimetype(self):
        return self.headers.get('Content-Type', '').split(';')[0]
    @mimetype.setter
    def mimetype(self, value):
        self.headers['Content-Type'] = value + ('; charset=utf-8' if value.startswith('text/') else '')
    @property
    def content_type(self):
        return self.headers.get('Content-Type')
    @content_type.setter
    def content_type(self, value):
        self.headers['Content-Type'] = value
    def get_data(self, as_text=False):
        return self.data.decode() if as_text else self.data
    def set_data(self, data):
        self.data = data.encode() if isinstance(data, str) else data
    @property
    def json(self):
        return _json.loads(self.data)
    def get_json(self, **options):
        return _json.loads(self.data)
    @property
    def text(self):
        return self.data.decode()
    def set_cookie(self, key, value='', max_age=None, path='/', httponly=False, **options):
        self.headers.add('Set-Cookie', '%s=%s%s%s; Path=%s' % (key, value, '; Max-Age=%d' % max_age if max_age is not None else '', '; HttpOnly' if httponly else '', path))
    def delete_cookie(self, key, path='/'):
        self.set_cookie(key, '', max_age=0, path=path)

def make_response(*args):
    return _respond(args[0] if len(args) == 1 else args if args else '')

def _dumps(value, app=None):
    pretty = app is not None and app.debug
    return _json.dumps(value, sort_keys=True, indent=2 if pretty else None, separators=None if pretty else (',', ':'), default=str, ensure_ascii=True)

def jsonify(*args, **kwargs):
    value = args[0] if len(args) == 1 and not kwargs else list(args) if args else kwargs
    import threading
    found = _contexts.get(threading.get_ident())
    return Response(_dumps(value, found and found['app']) + '\\n', mimetype='application/json')

def _respond(value):
    status = headers = None
    if isinstance(value, tuple):
        if len(value) == 3:
            value, status, headers = value
        elif len(value) == 2:
            value, second = value
            if isinstance(second, (dict, list, tuple, Headers)):
                headers = second
            else:
                status = second
        else:
            raise TypeError('The view function did not return a valid response tuple. The tuple must have the form (body, status, headers), (body, status), or (body, headers).')
    if value is None:
        raise TypeError("The view function for %r did not return a valid response. The function either returned None or ended without a return statement." % request.endpoint)
    if isinstance(value, (dict, list)) and not isinstance(value, Response):
        made = jsonify(value)
    elif isinstance(value, Response):
        made = value
    elif isinstance(value, (str, bytes, bytearray)) or hasattr(value, '__iter__') or hasattr(value, '__next__'):
        made = Response(value)
    else:
        raise TypeError("The view function did not return a valid response. The return type must be a string, dict, list, tuple with headers or status, Response instance, or WSGI callable, but it was a %s." % type(value).__name__)
    if status is not None:
        made.status_code = int(str(status).split()[0])
    if headers:
        made.headers.update(headers)
    return made

def redirect(location, code=302):
    made = Response('<!doctype html>\\n<html lang=en>\\n<title>Redirecting...</title>\\n<h1>Redirecting...</h1>\\n<p>You should be redirected automatically to the target URL: <a href="%s">%s</a>. If not, click the link.\\n' % (_escape(location), _escape(location)), code)
    made.headers['Location'] = location
    return made

_CONVERTERS = {'string': ('[^/]+', str), 'default': ('[^/]+', str), 'int': ('[0-9]+', int), 'float': ('[0-9]+[.][0-9]+', float), 'path': ('.+?', str), 'uuid': ('[A-Fa-f0-9-]{36}', str)}

class Rule:
    def __init__(self, rule, endpoint, methods, defaults=None):
        self.rule = rule
        self.endpoint = endpoint
        self.methods = set(m.upper() for m in methods)
        self.defaults = defaults or {}
        if 'GET' in self.methods:
            self.methods.add('HEAD')
        self.methods.add('OPTIONS')
        self.kinds = {}
        pattern = ''
        weight = 0
        for part in re.split(r'(<[^>]+>)', rule):
            if part.startswith('<') and part.endswith('>'):
                kind, colon, name = part[1:-1].rpartition(':')
                expression, convert = _CONVERTERS[kind.split('(')[0] or 'default']
                self.kinds[name] = convert
                pattern += '(?P<%s>%s)' % (name, expression)
                weight += 2 if kind == 'path' else 1
            else:
                pattern += re.escape(part)
        self.weight = weight
        self.slash = rule.endswith('/') and rule != '/'
        self.pattern = re.compile('^' + (pattern[:-1] + '(?P<__slash>/?)' if self.slash else pattern) + '$')
    def match(self, path):
        found = self.pattern.match(path)
        if not found:
            return None
        values = found.groupdict()
        if self.slash and not values.pop('__slash'):
            return 'slash'
        values.pop('__slash', None)
        return {**self.defaults, **{name: self.kinds[name](value) for name, value in values.items()}}

class Config(dict):
    def from_mapping(self, *args, **kwargs):
        self.update(*args, **kwargs)
    def from_object(self, thing):
        for key in dir(thing):
            if key.isupper():
                self[key] = getattr(thing, key)
    def from_prefixed_env(self, prefix='FLASK'):
        for key, value in os.environ.items():
            if key.startswith(prefix + '_'):
                self[key[len(prefix) + 1:]] = value
    def from_pyfile(self, *args, **kwargs):
        raise NotImplementedError('not simulated: config.from_pyfile')

class _Scaffold:
    def _setup(self):
        self._before = []
        self._after = []
        self._teardown = []
        self._handlers = {}
    def route(self, rule, **options):
        def decorate(f):
            self.add_url_rule(rule, options.pop('endpoint', None), f, **options)
            return f
        return decorate
    def _method(self, method, rule, options):
        return self.route(rule, methods=[method], **options)
    def get(self, rule, **options):
        return self._method('GET', rule, options)
    def post(self, rule, **options):
        return self._method('POST', rule, options)
    def put(self, rule, **options):
        return self._method('PUT', rule, options)
    def delete(self, rule, **options):
        return self._method('DELETE', rule, options)
    def patch(self, rule, **options):
        return self._method('PATCH', rule, options)
    def before_request(self, f):
        self._before.append(f)
        return f
    def after_request(self, f):
        self._after.append(f)
        return f
    def teardown_request(self, f):
        self._teardown.append(f)
        return f
    def errorhandler(self, code):
        def decorate(f):
            self._handlers[code] = f
            return f
        return decorate
    def register_error_handler(self, code, f):
        self._handlers[code] = f

class Blueprint(_Scaffold):
    def __init__(self, name, import_name, url_prefix=None, **options):
        self.name = name
        self.url_prefix = url_prefix
        self._rules = []
        self._setup()
    def add_url_rule(self, rule, endpoint=None, view_func=None, **options):
        self._rules.append((rule, endpoint or view_func.__name__, view_func, options))

class Flask(_Scaffold):
    def __init__(self, import_name, static_folder='static', template_folder='templates', static_url_path=None, **options):
        self.import_name = import_name
        self.name = import_name if import_name != '__main__' else os.path.splitext(os.path.basename(getattr(sys.modules['__main__'], '__file__', 'app')))[0]
        self.root_path = os.path.dirname(os.path.abspath(getattr(sys.modules.get(import_name), '__file__', None) or 'x'))
        self.template_folder = template_folder
        self.static_folder = static_folder
        self.config = Config({'DEBUG': False, 'TESTING': False, 'SECRET_KEY': None, 'ENV': 'production'})
        self.debug = os.environ.get('FLASK_DEBUG', '') in ('1', 'true', 'True')
        self.secret_key = None
        self.view_functions = {}
        self.url_map = []
        self.jinja_env = None
        self.extensions = {}
        self._setup()
        self._before_first = []
        if static_folder and os.path.isdir(os.path.join(self.root_path, static_folder)):
            self.add_url_rule('/static/<path:filename>', 'static', lambda filename: send_from_directory(os.path.join(self.root_path, static_folder), filename))
    @property
    def logger(self):
        import logging
        found = logging.getLogger(self.name)
        if not found.handlers and not logging.getLogger().handlers:
            handler = logging.StreamHandler()
            handler.setFormatter(logging.Formatter('[%(asctime)s] %(levelname)s in %(module)s: %(message)s'))
            found.addHandler(handler)
        if self.debug and not found.level:
            found.setLevel(logging.DEBUG)
        return found
    def add_url_rule(self, rule, endpoint=None, view_func=None, methods=None, defaults=None, strict_slashes=None, **options):
        endpoint = endpoint or view_func.__name__
        if not rule.startswith('/'):
            raise ValueError("URL rule %r must start with a slash." % rule)
        if endpoint in self.view_functions and view_func is not None and self.view_functions[endpoint] is not view_func:
            raise AssertionError('View function mapping is overwriting an existing endpoint function: ' + endpoint)
        self.view_functions[endpoint] = view_func
        self.url_map.append(Rule(rule, endpoint, methods or ('GET',), defaults))
        self.url_map.sort(key=lambda each: each.weight)
    def register_blueprint(self, blueprint, url_prefix=None, **options):
        prefix = url_prefix or blueprint.url_prefix or ''
        for rule, endpoint, view, rest in blueprint._rules:
            self.add_url_rule(prefix + rule, blueprint.name + '.' + endpoint, view, **rest)
        self._before += blueprint._before
        self._after += blueprint._after
        self._handlers.update(blueprint._handlers)
    def before_first_request(self, f):
        self._before_first.append(f)
        return f
    def teardown_appcontext(self, f):
        return f
    def context_processor(self, f):
        return f
    def app_context(self):
        return _Context(self, None)
    def test_request_context(self, path='/', method='GET', **options):
        return _Context(self, Request(method, path, Headers({'Host': 'localhost'}), b'', '127.0.0.1'))
    def test_client(self):
        return _Client(self)

    def _handled(self, error):
        code = getattr(error, 'code', None)
        if isinstance(error, HTTPException):
            found = self._handlers.get(code) or next((f for k, f in self._handlers.items() if isinstance(k, type) and isinstance(error, k)), None)
            return found(error) if found else error.get_response()
        for cls in type(error).__mro__:
            if cls in self._handlers:
                return self._handlers[cls](error)
        sys.stderr.write('[%s,%03d] ERROR in app: Exception on %s [%s]\\n' % (_time.strftime('%Y-%m-%d %H:%M:%S'), int(_time.time() * 1000) % 1000, request.path, request.method))
        sys.stderr.write(_traceback.format_exc())
        wrapped = _exceptions[500]()
        wrapped.original_exception = error
        return self._handled(wrapped)

    def _dispatch(self, made):
        try:
            while self._before_first:
                self._before_first.pop(0)()
            for f in self._before:
                early = f()
                if early is not None:
                    return early
            allowed = set()
            for rule in self.url_map:
                values = rule.match(made.path)
                if values is None:
                    continue
                if values == 'slash':
                    return redirect(made.base_url + '/' + ('?' + made.query_string.decode() if made.query_string else ''), 308)
                if made.method not in rule.methods:
                    allowed |= rule.methods
                    continue
                made.endpoint, made.view_args, made.url_rule = rule.endpoint, values, rule
                if made.method == 'OPTIONS' and 'OPTIONS' not in getattr(self.view_functions[rule.endpoint], 'methods', ()):
                    found = Response('')
                    found.headers['Allow'] = ', '.join(sorted(rule.methods))
                    return found
                return self.view_functions[rule.endpoint](**values)
            if allowed:
                error = _exceptions[405]()
                error.response = error.get_response()
                error.response.headers['Allow'] = ', '.join(sorted(allowed))
                raise error
            raise NotFound()
        except Exception as error:
            return self._handled(error)

    def handle(self, made):
        import threading
        ident = threading.get_ident()
        before = _contexts.get(ident)
        _contexts[ident] = {'request': made, 'g': _Globals(), 'session': {}, 'app': self}
        try:
            value = self._dispatch(made)
            try:
                found = _respond(value)
            except Exception as error:
                found = _respond(self._handled(error))
            for f in self._after:
                found = f(found)
            if found._stream is not None:
                found.data = b''.join(part.encode() if isinstance(part, str) else part for part in found._stream)
                found._stream = None
            for f in self._teardown:
                f(None)
            return found
        finally:
            if before is None:
                _contexts.pop(ident, None)
            else:
                _contexts[ident] = before

    def run(self, host=None, port=None, debug=None, load_dotenv=True, threaded=True, use_reloader=None, processes=1, ssl_context=None, **options):
        from flask._serve import serve
        if debug is not None:
            self.debug = bool(debug)
        serve(self, host or '127.0.0.1', int(5000 if port is None else port), use_reloader is not False, "app", threaded)

    def __call__(self, environ, start_response):
        raise NotImplementedError('not simulated: WSGI calls of a Flask application')

class _Context:
    def __init__(self, app, made):
        self.app = app
        self.request = made
    def __enter__(self):
        import threading
        _contexts[threading.get_ident()] = {'request': self.request, 'g': _Globals(), 'session': {}, 'app': self.app}
        return self
    def push(self):
        self.__enter__()
    def __exit__(self, *details):
        import threading
        _contexts.pop(threading.get_ident(), None)

class _Client:
    def __init__(self, app):
        self.app = app
    def open(self, path, method='GET', data=None, json=None, headers=None, **options):
        pairs = Headers(headers or {})
        pairs['Host'] = 'localhost'
        body = b''
        if json is not None:
            body = _json.dumps(json).encode()
            pairs['Content-Type'] = 'application/json'
        elif isinstance(data, dict):
            body = urlencode(data).encode()
            pairs['Content-Type'] = 'application/x-www-form-urlencoded'
        elif data is not None:
            body = data.encode() if isinstance(data, str) else data
        return self.app.handle(Request(method, path, pairs, body, '127.0.0.1'))
    def get(self, path, **options):
        return self.open(path, 'GET', **options)
    def post(self, path, **options):
        return self.open(path, 'POST', **options)
    def put(self, path, **options):
        return self.open(path, 'PUT', **options)
    def delete(self, path, **options):
        return self.open(path, 'DELETE', **options)

def url_for(endpoint, _external=False, **values):
    import threading
    app = _contexts[threading.get_ident()]['app']
    for rule in app.url_map:
        if rule.endpoint == endpoint:
            path = re.sub(r'<(?:[^:>]+:)?([^>]+)>', lambda m: quote(str(values.pop(m.group(1)))), rule.rule)
            if values:
                path += '?' + urlencode(values)
            return (request.host_url.rstrip('/') if _external else '') + path
    raise LookupError("Could not build url for endpoint %r." % endpoint)

def render_template_string(source, **context):
    from flask._templates import render
    return render(source, {'request': request, 'g': g, 'url_for': url_for, **context})

def render_template(name, **context):
    import threading
    app = _contexts[threading.get_ident()]['app']
    path = os.path.join(app.root_path, app.template_folder, name)
    if not os.path.exists(path):
        raise TemplateNotFound(name)
    with open(path) as f:
        return render_template_string(f.read(), **context)

class TemplateNotFound(LookupError):
    __module__ = 'jinja2.exceptions'

def send_from_directory(directory, filename, **options):
    return send_file(os.path.join(directory, filename))

def send_file(path, mimetype=None, **options):
    from http.server import _TYPES
    if not os.path.isfile(path):
        raise NotFound()
    with open(path, 'rb') as f:
        return Response(f.read(), mimetype=mimetype or _TYPES.get(os.path.splitext(path)[1], 'application/octet-stream'))

def escape(text):
    return _escape(text)

def stream_with_context(generator):
    return generator

def flash(message, category='message'):
    pass

def get_flashed_messages(**options):
    return []

json = _json
`,
}
