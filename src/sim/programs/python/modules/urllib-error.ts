import type { ModuleDefinition } from './module.ts'

export const urllibError: ModuleDefinition = {
  source: `
class URLError(OSError):
    def __init__(self, reason, filename=None):
        self.args = (reason,)
        self.reason = reason
    def __str__(self):
        return '<urlopen error %s>' % self.reason

class HTTPError(URLError):
    def __init__(self, url, code, msg, hdrs, fp):
        self.url = url
        self.code = self.status = code
        self.msg = self.reason = msg
        self.headers = self.hdrs = hdrs
        self.fp = fp
        self.filename = url
    def __str__(self):
        return 'HTTP Error %s: %s' % (self.code, self.msg)
    def __repr__(self):
        return '<HTTPError %s: %r>' % (self.code, self.msg)
    def read(self, *args):
        return self.fp.read(*args)
    def getcode(self):
        return self.code
    def info(self):
        return self.headers
    def close(self):
        self.fp.close()
`,
}
