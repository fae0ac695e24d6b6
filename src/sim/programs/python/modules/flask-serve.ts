import type { ModuleDefinition } from './module.ts'

export const flaskServe: ModuleDefinition = {
  distribution: 'flask',
  source: `
import os
import sys
import time
import signal
import flask
from http import _phrases
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer

_old = flask._version.startswith('1.')

class Handler(BaseHTTPRequestHandler):
    server_version = 'Werkzeug/' + flask._werkzeug
    app = None
    # A connection is one request's only, as the development server has it.
    protocol_version = 'HTTP/1.0' if _old else 'HTTP/1.1'
    access_log = True
    def handle_one_request(self):
        self.raw_requestline = self.rfile.readline()
        self.close_connection = True
        if not self.raw_requestline or not self.parse_request():
            return
        self.close_connection = True
        length = int(self.headers.get('Content-Length') or 0)
        body = self.rfile.read(length) if length else b''
        made = flask.Request(self.command, self.path, flask.Headers(self.headers.items()), body, self.client_address[0])
        response = self.app.handle(made)
        code = response.status_code
        phrase = _phrases.get(code, 'UNKNOWN').upper()
        if self.access_log:
            self.log(code)
        lines = ['%s %d %s' % (self.protocol_version, code, phrase)]
        pairs = response.headers.items()
        if _old:
            lines += ['%s: %s' % pair for pair in pairs]
            lines.append('Content-Length: %d' % len(response.data))
            lines += ['Server: ' + self.version_string(), 'Date: ' + self.date_time_string()]
        else:
            lines += ['Server: ' + self.version_string(), 'Date: ' + self.date_time_string()]
            lines += ['%s: %s' % pair for pair in pairs]
            if code not in (204, 304):
                lines.append('Content-Length: %d' % len(response.data))
            lines.append('Connection: close')
        data = b'' if self.command == 'HEAD' else response.data
        self.wfile.write(('\\r\\n'.join(lines) + '\\r\\n\\r\\n').encode('latin-1') + data)
    def log(self, code):
        line = '"%s" %s -' % (self.requestline, code)
        if sys.stderr.isatty() and code != 200:
            line = line
        sys.stderr.write('%s - - [%s] %s\\n' % (self.client_address[0], self.log_date_time_string(), line))
    def version_string(self):
        return self.server_version + ' ' + self.sys_version

def serve(app, host, port, reloader, name, threaded=True, banner=True):
    if host == '':
        host = '0.0.0.0'
    class Bound(Handler):
        pass
    Bound.app = app
    if _old:
        print(' * Serving Flask app "%s" (lazy loading)' % app.name, flush=True)
        print(' * Environment: %s' % os.environ.get('FLASK_ENV', 'production'), flush=True)
        if os.environ.get('FLASK_ENV', 'production') == 'production':
            print('   WARNING: This is a development server. Do not use it in a production deployment.\\n   Use a production WSGI server instead.', flush=True)
        print(' * Debug mode: ' + ('on' if app.debug else 'off'), flush=True)
    else:
        print(" * Serving Flask app '%s'" % app.name, flush=True)
        print(' * Debug mode: ' + ('on' if app.debug else 'off'), flush=True)
    try:
        server = (ThreadingHTTPServer if threaded else HTTPServer)((host, port), Bound)
    except OSError as error:
        if error.errno == 98 and not _old:
            sys.stdout.flush()
            sys.stderr.write('Address already in use\\nPort %d is in use by another program. Either identify and stop that program, or start the server with a different port.\\n' % port)
            sys.exit(1)
        if error.errno == 13:
            sys.stderr.write('Permission denied\\n')
            sys.exit(1)
        raise
    server.daemon_threads = True
    log = sys.stderr.write
    if _old:
        log(' * Running on http://%s:%d/ (Press CTRL+C to quit)\\n' % (host, port))
    else:
        lines = []
        if host == '0.0.0.0':
            lines.append(' * Running on all addresses (0.0.0.0)')
            lines.append(' * Running on http://127.0.0.1:%d' % port)
            lines.append(' * Running on http://%s:%d' % (flask._address(), port))
        else:
            lines.append(' * Running on http://%s:%d' % (host, port))
        log('WARNING: This is a development server. Do not use it in a production deployment. Use a production WSGI server instead.\\n' + '\\n'.join(lines) + '\\nPress CTRL+C to quit\\n')
    if app.debug and reloader:
        log(' * Restarting with stat\\n')
        if not _old:
            log(' * Debugger is active!\\n * Debugger PIN: %s\\n' % flask._pin)
        else:
            log(' * Debugger is active!\\n * Debugger PIN: %s\\n' % flask._pin)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
`,
}
