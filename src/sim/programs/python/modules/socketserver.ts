import type { ModuleDefinition } from './module.ts'

export const socketserver: ModuleDefinition = {
  source: `
import socket
import threading

class BaseServer:
    timeout = None
    def __init__(self, server_address, RequestHandlerClass):
        self.server_address = server_address
        self.RequestHandlerClass = RequestHandlerClass
        self._stop = False
    def serve_forever(self, poll_interval=0.5):
        self._stop = False
        while not self._stop:
            self.handle_request()
    def shutdown(self):
        self._stop = True
        self.server_close()
    def handle_request(self):
        try:
            request, client = self.get_request()
        except OSError:
            if self._stop:
                return
            raise
        if self.verify_request(request, client):
            self.process_request(request, client)
    def verify_request(self, request, client_address):
        return True
    def process_request(self, request, client_address):
        self._process(request, client_address)
    def _process(self, request, client_address):
        try:
            self.finish_request(request, client_address)
        except Exception:
            self.handle_error(request, client_address)
        finally:
            self.shutdown_request(request)
    def finish_request(self, request, client_address):
        self.RequestHandlerClass(request, client_address, self)
    def shutdown_request(self, request):
        request.close()
    def handle_error(self, request, client_address):
        import sys, traceback
        print('-' * 40, file=sys.stderr)
        print('Exception occurred during processing of request from', client_address, file=sys.stderr)
        traceback.print_exc()
        print('-' * 40, file=sys.stderr)
    def server_close(self):
        pass
    def __enter__(self):
        return self
    def __exit__(self, *details):
        self.server_close()

class TCPServer(BaseServer):
    request_queue_size = 5
    allow_reuse_address = False
    def __init__(self, server_address, RequestHandlerClass, bind_and_activate=True):
        BaseServer.__init__(self, server_address, RequestHandlerClass)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if bind_and_activate:
            self.server_bind()
            self.server_activate()
    def server_bind(self):
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
    def server_activate(self):
        self.socket.listen(self.request_queue_size)
    def server_close(self):
        self.socket.close()
    def get_request(self):
        return self.socket.accept()
    def fileno(self):
        return self.socket.fileno()

class UDPServer(TCPServer):
    def __init__(self, server_address, RequestHandlerClass, bind_and_activate=True):
        BaseServer.__init__(self, server_address, RequestHandlerClass)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(server_address)
    def get_request(self):
        data, client = self.socket.recvfrom(8192)
        return (data, self.socket), client
    def shutdown_request(self, request):
        pass

class ThreadingMixIn:
    daemon_threads = False
    def process_request(self, request, client_address):
        threading.Thread(target=self._process, args=(request, client_address), daemon=self.daemon_threads).start()

class ThreadingTCPServer(ThreadingMixIn, TCPServer):
    pass

class ThreadingUDPServer(ThreadingMixIn, UDPServer):
    pass

class BaseRequestHandler:
    def __init__(self, request, client_address, server):
        self.request = request
        self.client_address = client_address
        self.server = server
        self.setup()
        try:
            self.handle()
        finally:
            self.finish()
    def setup(self):
        pass
    def handle(self):
        pass
    def finish(self):
        pass

class _Writer:
    def __init__(self, sock):
        self._sock = sock
    def write(self, data):
        self._sock.sendall(data)
        return len(data)
    def flush(self):
        pass
    def close(self):
        pass

class StreamRequestHandler(BaseRequestHandler):
    timeout = None
    def setup(self):
        self.connection = self.request
        if self.timeout is not None:
            self.connection.settimeout(self.timeout)
        self.rfile = self.connection.makefile('rb')
        self.wfile = _Writer(self.connection)
`,
}
