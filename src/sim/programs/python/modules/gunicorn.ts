import type { Value } from '../objects/value.ts'
import { installed } from '../runtime/site.ts'
import type { ModuleDefinition } from './module.ts'

export const gunicorn: ModuleDefinition = {
  names: ({ process, version }) =>
    new Map<string, Value>([
      ['_version', installed(process, version).find(({ name }) => name === 'gunicorn')?.version ?? '21.2.0'],
    ]),
  distribution: 'gunicorn',
  cost: 120,
  memory: 12_000_000,
  source: `
import os
import sys
import time
import signal

def _log(text):
    sys.stderr.write('[%s +0000] [%d] [INFO] %s\\n' % (time.strftime('%Y-%m-%d %H:%M:%S'), os.getpid(), text))

def run():
    bind, target, workers, threads, access, i = '127.0.0.1:8000', None, 1, 1, None, 0
    words = sys.argv[1:]
    while words:
        word = words.pop(0)
        name, equals, value = word.partition('=')
        if not name.startswith('-'):
            target = word
            continue
        if not name.startswith('--') and len(name) > 2:
            name, equals, value = name[:2], '=', word[2:]
        if name in ('--reload', '--preload', '--daemon', '-D', '--check-config'):
            continue
        if not equals:
            value = words.pop(0)
        if name in ('-b', '--bind'):
            bind = value
        elif name in ('-w', '--workers'):
            workers = int(value)
        elif name == '--access-logfile':
            access = value
    if target is None:
        sys.stderr.write('\\nError: No application module specified.\\n')
        sys.exit(1)
    module, _, attribute = target.partition(':')
    sys.path.insert(0, os.getcwd())
    _log('Starting gunicorn ' + _version)
    host, _, port = bind.rpartition(':')
    from http.server import ThreadingHTTPServer
    import flask
    from flask._serve import Handler
    loaded = __import__(module)
    for part in module.split('.')[1:]:
        loaded = getattr(loaded, part)
    app = getattr(loaded, (attribute or 'application').rstrip('()'))
    class Bound(Handler):
        server_version = 'gunicorn'
        access_log = access is not None
        def version_string(self):
            return 'gunicorn'
        def log(self, code):
            print('%s - - [%s +0000] "%s" %s %s "-" "%s"' % (self.client_address[0], time.strftime('%d/%b/%Y:%H:%M:%S'), self.requestline, code, 0, self.headers.get('User-Agent', '-')), flush=True)
    Bound.app = app
    server = ThreadingHTTPServer((host or '0.0.0.0', int(port)), Bound)
    server.daemon_threads = True
    _log('Listening at: http://%s:%s (%d)' % (host or '0.0.0.0', port, os.getpid()))
    _log('Using worker: sync')
    for i in range(workers):
        _log('Booting worker with pid: %d' % (os.getpid() + 1 + i))
    def stop(number, frame):
        _log('Handling signal: ' + ('term' if number == 15 else 'int'))
        _log('Shutting down: Master')
        os._exit(0)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    server.serve_forever()
`,
}
