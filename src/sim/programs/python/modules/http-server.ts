import type { ModuleDefinition } from './module.ts'

export const httpServer: ModuleDefinition = {
  cost: 25,
  memory: 6_000_000,
  source: `
import os
import socket
import socketserver
import sys
import time
from http import HTTPStatus, _phrases
from http.client import HTTPMessage
from urllib.parse import unquote, quote

class HTTPServer(socketserver.TCPServer):
    allow_reuse_address = 1
    def server_bind(self):
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]

class ThreadingHTTPServer(socketserver.ThreadingMixIn, HTTPServer):
    daemon_threads = True

_ERROR = """<!DOCTYPE HTML>
<html lang="en">
    <head>
        <meta charset="utf-8">
        <title>Error response</title>
    </head>
    <body>
        <h1>Error response</h1>
        <p>Error code: %(code)d</p>
        <p>Message: %(message)s.</p>
        <p>Error code explanation: %(code)s - %(explain)s.</p>
    </body>
</html>
"""
_EXPLAIN = {404: 'Nothing matches the given URI', 501: 'Server does not support this operation', 500: 'Server got itself in trouble', 400: 'Bad request syntax or unsupported method', 403: 'Request forbidden -- authorization will not help', 405: 'Specified method is invalid for this resource'}

class BaseHTTPRequestHandler(socketserver.StreamRequestHandler):
    server_version = 'BaseHTTP/0.6'
    sys_version = 'Python/' + sys.version.split()[0]
    protocol_version = 'HTTP/1.0'
    default_request_version = 'HTTP/0.9'
    error_message_format = _ERROR
    error_content_type = 'text/html;charset=utf-8'
    responses = {}
    MessageClass = HTTPMessage

    def handle(self):
        self.close_connection = True
        self.handle_one_request()
        while not self.close_connection:
            self.handle_one_request()

    def handle_one_request(self):
        self.raw_requestline = self.rfile.readline()
        if not self.raw_requestline:
            self.close_connection = True
            return
        if not self.parse_request():
            return
        method = getattr(self, 'do_' + self.command, None)
        if method is None:
            self.send_error(501, 'Unsupported method (%r)' % self.command)
            return
        method()
        self.wfile.flush()

    def parse_request(self):
        self.command = None
        self.request_version = 'HTTP/0.9'
        self.close_connection = True
        self.requestline = self.raw_requestline.decode('iso-8859-1').rstrip('\\r\\n')
        words = self.requestline.split()
        if len(words) != 3 or not words[2].startswith('HTTP/'):
            self.path = ''
            self.send_error(400, 'Bad request syntax (%r)' % self.requestline)
            return False
        self.command, self.path, self.request_version = words
        self.headers = HTTPMessage()
        while True:
            line = self.rfile.readline().decode('iso-8859-1').rstrip('\\r\\n')
            if not line:
                break
            name, _, value = line.partition(':')
            self.headers.add_header(name, value.strip())
        wish = (self.headers.get('Connection') or '').lower()
        if self.request_version >= 'HTTP/1.1' and self.protocol_version >= 'HTTP/1.1' and wish != 'close':
            self.close_connection = False
        elif wish == 'keep-alive' and self.protocol_version >= 'HTTP/1.1':
            self.close_connection = False
        if (self.headers.get('Expect') or '').lower() == '100-continue':
            self.wfile.write(b'HTTP/1.1 100 Continue\\r\\n\\r\\n')
        return True

    def send_error(self, code, message=None, explain=None):
        short = _phrases.get(int(code), '???')
        message = message or short
        explain = explain or _EXPLAIN.get(int(code), short)
        self.log_error('code %d, message %s', code, message)
        self.send_response(code, message)
        self.send_header('Connection', 'close')
        body = (self.error_message_format % {'code': int(code), 'message': message.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;'), 'explain': explain}).encode()
        self.send_header('Content-Type', self.error_content_type)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(body)

    def send_response(self, code, message=None):
        self.log_request(code)
        self.send_response_only(code, message)
        self.send_header('Server', self.version_string())
        self.send_header('Date', self.date_time_string())

    def send_response_only(self, code, message=None):
        if message is None:
            message = _phrases.get(int(code), '')
        self._buffer = ['%s %d %s\\r\\n' % (self.protocol_version, int(code), message)]

    def send_header(self, keyword, value):
        if not hasattr(self, '_buffer'):
            self._buffer = []
        self._buffer.append('%s: %s\\r\\n' % (keyword, value))
        if keyword.lower() == 'connection':
            self.close_connection = str(value).lower() == 'close'

    def end_headers(self):
        self._buffer.append('\\r\\n')
        self.flush_headers()

    def flush_headers(self):
        if getattr(self, '_buffer', None):
            self.wfile.write(''.join(self._buffer).encode('latin-1', 'replace'))
            self._buffer = []

    def log_request(self, code='-', size='-'):
        self.log_message('"%s" %s %s', self.requestline, str(int(code)) if not isinstance(code, str) else code, str(size))

    def log_error(self, format, *args):
        self.log_message(format, *args)

    def log_message(self, format, *args):
        sys.stderr.write('%s - - [%s] %s\\n' % (self.address_string(), self.log_date_time_string(), format % args))

    def version_string(self):
        return self.server_version + ' ' + self.sys_version

    def date_time_string(self, timestamp=None):
        return time.strftime('%a, %d %b %Y %H:%M:%S GMT', time.gmtime(timestamp))

    def log_date_time_string(self):
        return time.strftime('%d/%b/%Y %H:%M:%S')

    def address_string(self):
        return self.client_address[0]

_TYPES = {'.html': 'text/html', '.htm': 'text/html', '.txt': 'text/plain', '.py': 'text/x-python', '.css': 'text/css', '.js': 'text/javascript', '.json': 'application/json', '.png': 'image/png', '.jpg': 'image/jpeg', '.gif': 'image/gif', '.svg': 'image/svg+xml', '.xml': 'text/xml', '.csv': 'text/csv', '.md': 'text/markdown', '.gz': 'application/gzip', '.sh': 'application/x-sh', '.ico': 'image/vnd.microsoft.icon'}

class SimpleHTTPRequestHandler(BaseHTTPRequestHandler):
    server_version = 'SimpleHTTP/0.6'
    extensions_map = _TYPES
    def __init__(self, *args, directory=None, **kwargs):
        self.directory = directory or os.getcwd()
        super().__init__(*args, **kwargs)

    def do_GET(self):
        self._serve(True)

    def do_HEAD(self):
        self._serve(False)

    def _serve(self, with_body):
        path = self.translate_path(self.path)
        if os.path.isdir(path):
            plain = self.path.split('?')[0]
            if not plain.endswith('/'):
                self.send_response(301)
                self.send_header('Location', plain + '/')
                self.send_header('Content-Length', '0')
                self.end_headers()
                return
            for index in ('index.html', 'index.htm'):
                if os.path.exists(os.path.join(path, index)):
                    path = os.path.join(path, index)
                    break
            else:
                return self._listing(path, with_body)
        if path.endswith('/'):
            self.send_error(404, 'File not found')
            return
        try:
            with open(path, 'rb') as f:
                body = f.read()
        except OSError:
            self.send_error(404, 'File not found')
            return
        self.send_response(200)
        self.send_header('Content-type', self.guess_type(path))
        self.send_header('Content-Length', str(len(body)))
        self.send_header('Last-Modified', self.date_time_string(os.path.getmtime(path)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def _listing(self, path, with_body):
        shown = unquote(self.path.split('?')[0])
        title = 'Directory listing for ' + shown
        rows = []
        for name in sorted(os.listdir(path), key=lambda each: each.lower()):
            full = os.path.join(path, name)
            display = link = name
            if os.path.isdir(full):
                display = link = name + '/'
            if os.path.islink(full):
                display = name + '@'
            rows.append('<li><a href="%s">%s</a></li>' % (quote(link), display.replace('&', '&amp;').replace('<', '&lt;')))
        page = '<!DOCTYPE HTML>\\n<html lang="en">\\n<head>\\n<meta charset="utf-8">\\n<title>%s</title>\\n</head>\\n<body>\\n<h1>%s</h1>\\n<hr>\\n<ul>\\n%s</ul>\\n<hr>\\n</body>\\n</html>\\n' % (title, title, ''.join(row + '\\n' for row in rows))
        body = page.encode()
        self.send_response(200)
        self.send_header('Content-type', 'text/html; charset=utf-8')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def guess_type(self, path):
        return self.extensions_map.get(os.path.splitext(path)[1].lower(), 'application/octet-stream')

    def translate_path(self, path):
        path = unquote(path.split('?', 1)[0].split('#', 1)[0])
        slash = path.rstrip().endswith('/')
        here = self.directory
        for word in path.split('/'):
            if word and word not in ('.', '..'):
                here = os.path.join(here, word)
        return here + '/' if slash else here

def _main(args):
    directory, bind, port = os.getcwd(), '', 8000
    i = 0
    while i < len(args):
        if args[i] in ('-d', '--directory'):
            i += 1
            directory = args[i]
        elif args[i] in ('-b', '--bind'):
            i += 1
            bind = args[i]
        else:
            try:
                port = int(args[i])
            except ValueError:
                sys.stderr.write("usage: server.py [-h] [--cgi] [-b ADDRESS] [-d DIRECTORY] [-p VERSION] [port]\\nserver.py: error: argument port: invalid int value: %r\\n" % args[i])
                sys.exit(2)
        i += 1
    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, directory=directory, **kwargs)
    with ThreadingHTTPServer((bind, port), Handler) as httpd:
        host, port = httpd.socket.getsockname()[:2]
        print('Serving HTTP on %s port %s (http://%s:%s/) ...' % (host, port, host, port))
        try:
            httpd.serve_forever()
        except KeyboardInterrupt:
            print('\\nKeyboard interrupt received, exiting.')
            sys.exit(0)

if __name__ == '__main__':
    _main(sys.argv[1:])
`,
}
