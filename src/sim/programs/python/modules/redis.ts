import type { ModuleDefinition } from './module.ts'

export const redis: ModuleDefinition = {
  distribution: 'redis',
  isPackage: true,
  cost: 60,
  memory: 6_000_000,
  source: `
import socket
import time

class RedisError(Exception):
    __module__ = 'redis.exceptions'
class ConnectionError(RedisError):
    __module__ = 'redis.exceptions'
class TimeoutError(RedisError):
    __module__ = 'redis.exceptions'
class BusyLoadingError(ConnectionError):
    __module__ = 'redis.exceptions'
class ResponseError(RedisError):
    __module__ = 'redis.exceptions'
class DataError(RedisError):
    __module__ = 'redis.exceptions'
class WatchError(RedisError):
    __module__ = 'redis.exceptions'
class AuthenticationError(ConnectionError):
    __module__ = 'redis.exceptions'

class _Exceptions:
    pass
exceptions = _Exceptions()
for _each in (RedisError, ConnectionError, TimeoutError, BusyLoadingError, ResponseError, DataError, WatchError, AuthenticationError):
    setattr(exceptions, _each.__name__, _each)

_OSError = OSError
_words = {}

def _encode(value):
    if isinstance(value, bytes):
        return value
    if isinstance(value, bool) or value is None or isinstance(value, (list, dict, tuple, set)):
        raise DataError("Invalid input of type: '%s'. Convert to a bytes, string, int or float first." % type(value).__name__)
    if isinstance(value, float):
        return repr(value).encode()
    return str(value).encode()

class _Connection:
    def __init__(self, host, port, db, password, username, timeout):
        self._place = (host, int(port))
        self._setup = (db, username, password)
        self._timeout = timeout
        self._sock = None
    def connect(self):
        if self._sock:
            return
        host, port = self._place
        try:
            self._sock = socket.create_connection((host, port), self._timeout)
        except socket.gaierror as error:
            raise ConnectionError('Error %s connecting to %s:%s. %s.' % (error.args[0], host, port, error.args[1]))
        except _OSError as error:
            if str(error) == 'timed out':
                raise TimeoutError('Timeout connecting to server')
            raise ConnectionError('Error %s connecting to %s:%s. %s.' % (error.args[0], host, port, error.args[1]))
        self._in = self._sock.makefile('rb')
        db, username, password = self._setup
        if password:
            self.send('AUTH', *([username] if username else []), password)
            self.reply()
        if db:
            self.send('SELECT', db)
            self.reply()
    def close(self):
        if self._sock:
            self._sock.close()
            self._sock = None
    def send(self, *words):
        out = [b'*%d\\r\\n' % len(words)] if False else [('*%d\\r\\n' % len(words)).encode()]
        for word in words:
            data = _encode(word)
            out.append(('$%d\\r\\n' % len(data)).encode() + data + b'\\r\\n')
        self._sock.sendall(b''.join(out))
    def reply(self):
        try:
            line = self._in.readline()
        except _OSError as error:
            self.close()
            raise ConnectionError('Error while reading from %s:%s : %s' % (self._place[0], self._place[1], error.args))
        if not line:
            self.close()
            raise ConnectionError('Connection closed by server.')
        kind, rest = line[:1], line[1:].rstrip(b'\\r\\n')
        if kind == b'+':
            return rest
        if kind == b'-':
            text = rest.decode()
            if text.startswith('LOADING'):
                raise BusyLoadingError(text[8:])
            if text.startswith(('NOAUTH', 'WRONGPASS')):
                raise AuthenticationError(text.partition(' ')[2])
            return ResponseError(text[4:] if text.startswith('ERR ') else text)
        if kind == b':':
            return int(rest)
        if kind == b'$':
            if int(rest) < 0:
                return None
            data = self._in.read(int(rest))
            self._in.read(2)
            return data
        count = int(rest)
        return None if count < 0 else [self.reply() for _ in range(count)]

class ConnectionPool:
    def __init__(self, host='localhost', port=6379, db=0, password=None, username=None, decode_responses=False, **options):
        self.connection_kwargs = dict(host=host, port=port, db=db, password=password, username=username, decode_responses=decode_responses, **options)
    @classmethod
    def from_url(cls, url, **options):
        return cls(**_parse(url), **options)
    def disconnect(self):
        pass

def _parse(url):
    from urllib.parse import urlparse
    parts = urlparse(url)
    found = {'host': parts.hostname or 'localhost', 'port': parts.port or 6379}
    if parts.password:
        found['password'] = parts.password
    if parts.username:
        found['username'] = parts.username
    if parts.path.strip('/'):
        found['db'] = int(parts.path.strip('/'))
    return found

class Redis:
    def __init__(self, host='localhost', port=6379, db=0, password=None, socket_timeout=None, socket_connect_timeout=None, connection_pool=None, decode_responses=False, username=None, retry_on_timeout=False, charset=None, encoding='utf-8', **options):
        if connection_pool is not None:
            given = connection_pool.connection_kwargs
            host, port, db, password, username, decode_responses = given['host'], given['port'], given['db'], given['password'], given['username'], given['decode_responses']
        self.connection_pool = connection_pool
        self._args = (host, port, db, password, username, socket_connect_timeout or socket_timeout)
        self._free = []
        self._decode = decode_responses
        self._place = (host, port, db)
    @classmethod
    def from_url(cls, url, **options):
        return cls(**_parse(url), **options)
    def __repr__(self):
        return 'Redis<ConnectionPool<Connection<host=%s,port=%s,db=%s>>>' % self._place
    def _decoded(self, value):
        if self._decode and isinstance(value, bytes):
            return value.decode()
        if isinstance(value, list):
            return [self._decoded(each) for each in value]
        return value
    def execute_command(self, *words, **options):
        connection = self._free.pop() if self._free else _Connection(*self._args)
        fresh = connection._sock is None
        connection.connect()
        try:
            connection.send(*words)
            value = connection.reply()
        except (ConnectionError, _OSError) as error:
            connection.close()
            if fresh:
                if isinstance(error, ConnectionError):
                    raise
                raise ConnectionError('Error %s while writing to socket. %s.' % (error.args[0], error.args[1]))
            # It was closed while it lay idle.
            connection.connect()
            connection.send(*words)
            value = connection.reply()
        self._free.append(connection)
        if isinstance(value, ResponseError):
            raise value
        return self._decoded(value)
    def close(self):
        for each in self._free:
            each.close()
        self._free = []
    def __enter__(self):
        return self
    def __exit__(self, *details):
        self.close()
    def _ok(self, *words):
        return self.execute_command(*words) in (b'OK', 'OK')
    def ping(self):
        return self.execute_command('PING') in (b'PONG', 'PONG')
    def set(self, name, value, ex=None, px=None, nx=False, xx=False, keepttl=False, get=False):
        words = ['SET', name, value]
        if ex is not None:
            words += ['EX', int(ex.total_seconds()) if hasattr(ex, 'total_seconds') else ex]
        if px is not None:
            words += ['PX', px]
        words += ['NX'] * nx + ['XX'] * xx
        value = self.execute_command(*words)
        return None if value is None else True
    def get(self, name):
        return self.execute_command('GET', name)
    __getitem__ = get
    def __setitem__(self, name, value):
        self.set(name, value)
    def __contains__(self, name):
        return bool(self.exists(name))
    def getset(self, name, value):
        return self.execute_command('GETSET', name, value)
    def setex(self, name, seconds, value):
        return self._ok('SETEX', name, seconds, value)
    def setnx(self, name, value):
        return bool(self.execute_command('SETNX', name, value))
    def mset(self, mapping):
        return self._ok('MSET', *[x for pair in mapping.items() for x in pair])
    def mget(self, keys, *more):
        return self.execute_command('MGET', *(list(keys) if isinstance(keys, (list, tuple)) else [keys]), *more)
    def append(self, name, value):
        return self.execute_command('APPEND', name, value)
    def strlen(self, name):
        return self.execute_command('STRLEN', name)
    def incr(self, name, amount=1):
        return self.execute_command('INCRBY', name, amount)
    incrby = incr
    def incrbyfloat(self, name, amount=1.0):
        return float(self.execute_command('INCRBYFLOAT', name, amount))
    def decr(self, name, amount=1):
        return self.execute_command('DECRBY', name, amount)
    decrby = decr
    def delete(self, *names):
        return self.execute_command('DEL', *names)
    def exists(self, *names):
        return self.execute_command('EXISTS', *names)
    def expire(self, name, seconds):
        return bool(self.execute_command('EXPIRE', name, seconds))
    def persist(self, name):
        return bool(self.execute_command('PERSIST', name))
    def ttl(self, name):
        return self.execute_command('TTL', name)
    def type(self, name):
        return self.execute_command('TYPE', name)
    def keys(self, pattern='*'):
        return self.execute_command('KEYS', pattern)
    def scan_iter(self, match='*', count=None):
        return iter(self.keys(match or '*'))
    def rename(self, old, new):
        return self._ok('RENAME', old, new)
    def dbsize(self):
        return self.execute_command('DBSIZE')
    def flushdb(self):
        return self._ok('FLUSHDB')
    def flushall(self):
        return self._ok('FLUSHALL')
    def save(self):
        return self._ok('SAVE')
    def lpush(self, name, *values):
        return self.execute_command('LPUSH', name, *values)
    def rpush(self, name, *values):
        return self.execute_command('RPUSH', name, *values)
    def lpop(self, name):
        return self.execute_command('LPOP', name)
    def rpop(self, name):
        return self.execute_command('RPOP', name)
    def blpop(self, keys, timeout=0):
        value = self.execute_command('BLPOP', *(keys if isinstance(keys, (list, tuple)) else [keys]), timeout or 0)
        return tuple(value) if value else None
    def brpop(self, keys, timeout=0):
        value = self.execute_command('BRPOP', *(keys if isinstance(keys, (list, tuple)) else [keys]), timeout or 0)
        return tuple(value) if value else None
    def lrange(self, name, start, end):
        return self.execute_command('LRANGE', name, start, end)
    def llen(self, name):
        return self.execute_command('LLEN', name)
    def ltrim(self, name, start, end):
        return self._ok('LTRIM', name, start, end)
    def lrem(self, name, count, value):
        return self.execute_command('LREM', name, count, value)
    def lindex(self, name, index):
        return self.execute_command('LINDEX', name, index)
    def sadd(self, name, *values):
        return self.execute_command('SADD', name, *values)
    def srem(self, name, *values):
        return self.execute_command('SREM', name, *values)
    def smembers(self, name):
        return set(self.execute_command('SMEMBERS', name))
    def sismember(self, name, value):
        return bool(self.execute_command('SISMEMBER', name, value))
    def scard(self, name):
        return self.execute_command('SCARD', name)
    def hset(self, name, key=None, value=None, mapping=None):
        words = [] if key is None else [key, value]
        for pair in (mapping or {}).items():
            words += pair
        return self.execute_command('HSET', name, *words)
    def hmset(self, name, mapping):
        return self._ok('HMSET', name, *[x for pair in mapping.items() for x in pair])
    def hget(self, name, key):
        return self.execute_command('HGET', name, key)
    def hmget(self, name, keys):
        return self.execute_command('HMGET', name, *keys)
    def hgetall(self, name):
        flat = self.execute_command('HGETALL', name)
        return dict(zip(flat[::2], flat[1::2]))
    def hdel(self, name, *keys):
        return self.execute_command('HDEL', name, *keys)
    def hexists(self, name, key):
        return bool(self.execute_command('HEXISTS', name, key))
    def hincrby(self, name, key, amount=1):
        return self.execute_command('HINCRBY', name, key, amount)
    def hkeys(self, name):
        return self.execute_command('HKEYS', name)
    def hvals(self, name):
        return self.execute_command('HVALS', name)
    def hlen(self, name):
        return self.execute_command('HLEN', name)
    def zadd(self, name, mapping):
        return self.execute_command('ZADD', name, *[x for member, score in mapping.items() for x in (score, member)])
    def zincrby(self, name, amount, value):
        return float(self.execute_command('ZINCRBY', name, amount, value))
    def _scored(self, flat, scores):
        return [(m, float(s)) for m, s in zip(flat[::2], flat[1::2])] if scores else flat
    def zrange(self, name, start, end, desc=False, withscores=False):
        return self._scored(self.execute_command('ZREVRANGE' if desc else 'ZRANGE', name, start, end, *['WITHSCORES'] * withscores), withscores)
    def zrevrange(self, name, start, end, withscores=False):
        return self.zrange(name, start, end, True, withscores)
    def zscore(self, name, value):
        found = self.execute_command('ZSCORE', name, value)
        return None if found is None else float(found)
    def zcard(self, name):
        return self.execute_command('ZCARD', name)
    def zrem(self, name, *values):
        return self.execute_command('ZREM', name, *values)
    def publish(self, channel, message):
        return self.execute_command('PUBLISH', channel, message)
    def info(self, section=None):
        text = self.execute_command('INFO', *([section] if section else []))
        found = {}
        for line in (text.decode() if isinstance(text, bytes) else text).splitlines():
            if ':' in line and not line.startswith('#'):
                key, _, value = line.partition(':')
                try:
                    found[key] = int(value)
                except ValueError:
                    found[key] = value
        return found
    def config_set(self, name, value):
        return self._ok('CONFIG', 'SET', name, value)
    def pipeline(self, transaction=True):
        return Pipeline(self)
    def pubsub(self, **options):
        return PubSub(self)

StrictRedis = Redis

def from_url(url, **options):
    return Redis.from_url(url, **options)

class Pipeline(Redis):
    def __init__(self, client):
        self._client = client
        self._queue = []
        self._decode = client._decode
        self._place = client._place
    def execute_command(self, *words, **options):
        self._queue.append(words)
        return self
    def set(self, name, value, ex=None, px=None, nx=False, xx=False):
        return self.execute_command('SET', name, value, *(['EX', ex] if ex is not None else []))
    def _ok(self, *words):
        return self.execute_command(*words)
    def execute(self):
        queue, self._queue = self._queue, []
        out = []
        for words in queue:
            value = self._client.execute_command(*words)
            out.append(True if value in (b'OK', 'OK') else value)
        return out
    def __exit__(self, *details):
        self._queue = []

class PubSub:
    def __init__(self, client):
        self._client = client
        self._connection = _Connection(*client._args)
        self._kept = []
    def subscribe(self, *channels, **handlers):
        self._connection.connect()
        self._connection.send('SUBSCRIBE', *channels, *handlers)
    def psubscribe(self, *patterns):
        self._connection.connect()
        self._connection.send('PSUBSCRIBE', *patterns)
    def unsubscribe(self, *channels):
        self._connection.send('UNSUBSCRIBE', *channels)
    def _message(self):
        value = self._client._decoded(self._connection.reply())
        kind = value[0].decode() if isinstance(value[0], bytes) else value[0]
        if kind == 'pmessage':
            return {'type': kind, 'pattern': value[1], 'channel': value[2], 'data': value[3]}
        return {'type': kind, 'pattern': None, 'channel': value[1], 'data': value[2]}
    def listen(self):
        while True:
            yield self._message()
    def get_message(self, ignore_subscribe_messages=False, timeout=0.0):
        self._connection._sock.settimeout(timeout or 0.01)
        try:
            message = self._message()
        except ConnectionError:
            return None
        return None if ignore_subscribe_messages and message['type'].endswith('subscribe') else message
    def close(self):
        self._connection.close()
`,
}
