import { SystemError } from '../../../linux/errors.ts'
import type { OpenFile } from '../../../linux/file.ts'
import type { Process } from '../../../linux/process.ts'
import { SIGNALS } from '../../../linux/signals.ts'
import { PyDict } from '../objects/dict.ts'
import { osError, PyError } from '../objects/errors.ts'
import { functions } from '../objects/native.ts'
import { builtinClass, Obj, PyBytes, PyList, PyTuple, type Value, Wait } from '../objects/value.ts'
import { PyFile } from '../runtime/file-object.ts'
import { valuesOf } from '../vm/iterate.ts'
import type { ModuleDefinition } from './module.ts'

const childClass = builtinClass('_Child', undefined, 'subprocess')
class Child extends Obj {
  readonly process: Process
  constructor(process: Process) {
    super(childClass)
    this.process = process
  }
}

/** What the module's Python half needs: starting a process with its streams, and waiting for it. */
export const subprocess: ModuleDefinition = {
  cost: 5,
  memory: 1_500_000,
  names: ({ process, stdout }) =>
    functions({
      '_spawn(argv cwd env streams)': (vm, argv: Value, cwd: Value, env: Value, streams: PyTuple) => {
        const words = valuesOf(vm, argv).map(String)
        const fds = new Map<number, OpenFile>()
        const mine: Value[] = []
        const theirs: OpenFile[] = []
        streams.items.forEach((stream, fd) => {
          if (stream === -1) {
            const { read, write } = process.pipe()
            const [own, other] = fd === 0 ? [write, read] : [read, write]
            fds.set(fd, other)
            theirs.push(other)
            mine.push(new PyFile(own, { name: fd, mode: fd === 0 ? 'wb' : 'rb', text: false, fileno: 3 }))
            return
          }
          mine.push(null)
          if (stream === -3) fds.set(fd, process.files.open('/dev/null', { read: true, write: true }))
          else if (stream === -2) fds.set(fd, fds.get(1) ?? process.stdout)
          else if (stream instanceof PyFile) fds.set(fd, stream.handle)
        })
        const start = async (): Promise<Value> => {
          await stdout.flush()
          try {
            const started = process.spawn({
              argv: words,
              fds,
              ...(cwd === null ? {} : { cwd: String(cwd) }),
              ...(env instanceof PyDict
                ? { env: new Map([...env.entries()].map(([name, value]) => [String(name), String(value)])) }
                : {}),
            })
            return new PyTuple([new Child(started), started.pid, ...mine])
          } catch (thrown) {
            if (thrown instanceof SystemError) throw new PyError(osError(thrown, words[0] ?? ''))
            throw thrown
          } finally {
            for (const file of theirs) file.release()
          }
        }
        return new Wait(start())
      },
      '_wait(child)': (_vm, child: Child) =>
        new Wait(process.wait(child.process).then(({ code, signal }) => (signal ? -SIGNALS[signal] : (code ?? 0)))),
      '_poll(child)': (_vm, child: Child) => {
        const status = child.process.exitStatus
        return status ? (status.signal ? -SIGNALS[status.signal] : (status.code ?? 0)) : null
      },
      '_communicate(child files data)': (vm, child: Child, files: Value, data: Value) => {
        const [stdin, ...outputs] = valuesOf(vm, files)
        const run = async (): Promise<Value> => {
          const reading = outputs.map(async (file) => {
            if (!(file instanceof PyFile)) return null
            for (;;) {
              const all = file.take(Number.POSITIVE_INFINITY)
              if (all) return new PyBytes(all)
              await file.fill()
            }
          })
          if (stdin instanceof PyFile) {
            if (data instanceof PyBytes) {
              try {
                await stdin.handle.write(data.data)
              } catch (thrown) {
                if (!(thrown instanceof SystemError)) throw thrown
              }
            }
            await stdin.close()
          }
          const read = await Promise.all(reading)
          const { code, signal } = await process.wait(child.process)
          return new PyList([...read, signal ? -SIGNALS[signal] : (code ?? 0)])
        }
        return new Wait(run())
      },
    }),
  source: `
import os, signal as _signal

PIPE, STDOUT, DEVNULL = -1, -2, -3

class SubprocessError(Exception):
    pass

class CalledProcessError(SubprocessError):
    def __init__(self, returncode, cmd, output=None, stderr=None):
        self.args = (returncode, cmd)
        self.returncode = returncode
        self.cmd = cmd
        self.output = self.stdout = output
        self.stderr = stderr
    def __str__(self):
        if self.returncode < 0:
            return "Command '%s' died with %r." % (self.cmd, _signal.Signals(-self.returncode))
        return "Command '%s' returned non-zero exit status %d." % (self.cmd, self.returncode)

class TimeoutExpired(SubprocessError):
    def __init__(self, cmd, timeout, output=None, stderr=None):
        self.args = (cmd, timeout)
        self.cmd, self.timeout = cmd, timeout
    def __str__(self):
        return "Command '%s' timed out after %s seconds" % (self.cmd, self.timeout)

class CompletedProcess:
    def __init__(self, args, returncode, stdout=None, stderr=None):
        self.args, self.returncode, self.stdout, self.stderr = args, returncode, stdout, stderr
    def check_returncode(self):
        if self.returncode:
            raise CalledProcessError(self.returncode, self.args, self.stdout, self.stderr)
    def __repr__(self):
        parts = ['args=%r' % (self.args,), 'returncode=%r' % self.returncode]
        if self.stdout is not None:
            parts.append('stdout=%r' % (self.stdout,))
        if self.stderr is not None:
            parts.append('stderr=%r' % (self.stderr,))
        return 'CompletedProcess(%s)' % ', '.join(parts)

class _Text:
    def __init__(self, binary):
        self._binary = binary
    def read(self, n=-1):
        return self._binary.read(n).decode()
    def readline(self):
        return self._binary.readline().decode()
    def readlines(self):
        return self.read().splitlines(True)
    def write(self, text):
        return self._binary.write(text.encode())
    def flush(self):
        self._binary.flush()
    def close(self):
        self._binary.close()
    def __iter__(self):
        while True:
            line = self.readline()
            if not line:
                return
            yield line

class Popen:
    def __init__(self, args, bufsize=-1, executable=None, stdin=None, stdout=None, stderr=None, preexec_fn=None, close_fds=True, shell=False, cwd=None, env=None, universal_newlines=None, startupinfo=None, creationflags=0, restore_signals=True, start_new_session=False, pass_fds=(), *, text=None, encoding=None, errors=None, **options):
        self.args = args
        if shell:
            argv = ['/bin/sh', '-c', args if isinstance(args, str) else args[0]]
        else:
            argv = [args] if isinstance(args, str) else [os.fspath(a) for a in args]
        self._text = bool(text or universal_newlines or encoding)
        self.returncode = None
        self._child, self.pid, *self._files = _spawn(argv, cwd, env, (stdin, stdout, stderr))
        self.stdin, self.stdout, self.stderr = [_Text(f) if f is not None and self._text else f for f in self._files]
    def poll(self):
        if self.returncode is None:
            self.returncode = _poll(self._child)
        return self.returncode
    def wait(self, timeout=None):
        if self.returncode is None:
            if timeout is not None:
                import time
                end = time.monotonic() + timeout
                while self.poll() is None:
                    if time.monotonic() >= end:
                        raise TimeoutExpired(self.args, timeout)
                    time.sleep(0.05)
            else:
                self.returncode = _wait(self._child)
        return self.returncode
    def communicate(self, input=None, timeout=None):
        if timeout is not None:
            self.wait(timeout)
        if isinstance(input, str):
            input = input.encode()
        out, err, self.returncode = _communicate(self._child, self._files, input)
        if self._text:
            out, err = [x if x is None else x.decode() for x in (out, err)]
        return out, err
    def send_signal(self, number):
        if self.poll() is None:
            os.kill(self.pid, number)
    def terminate(self):
        self.send_signal(15)
    def kill(self):
        self.send_signal(9)
    def __enter__(self):
        return self
    def __exit__(self, *details):
        for each in (self.stdout, self.stderr, self.stdin):
            if each is not None:
                each.close()
        self.wait()

def run(*popenargs, input=None, capture_output=False, timeout=None, check=False, **kwargs):
    if capture_output:
        kwargs['stdout'] = kwargs['stderr'] = PIPE
    if input is not None:
        kwargs['stdin'] = PIPE
    process = Popen(*popenargs, **kwargs)
    try:
        out, err = process.communicate(input, timeout)
    except TimeoutExpired:
        process.kill()
        process.wait()
        raise
    done = CompletedProcess(process.args, process.returncode, out, err)
    if check:
        done.check_returncode()
    return done

def call(*args, timeout=None, **kwargs):
    return Popen(*args, **kwargs).wait(timeout)

def check_call(*args, **kwargs):
    code = call(*args, **kwargs)
    if code:
        raise CalledProcessError(code, args[0])
    return 0

def check_output(*args, timeout=None, **kwargs):
    return run(*args, stdout=PIPE, timeout=timeout, check=True, **kwargs).stdout

def getoutput(cmd):
    return getstatusoutput(cmd)[1]

def getstatusoutput(cmd):
    done = run(cmd, shell=True, stdout=PIPE, stderr=STDOUT, text=True)
    return done.returncode, done.stdout.rstrip('\\n')
`,
}
