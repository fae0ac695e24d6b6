import { SystemError } from '../../../linux/errors.ts'
import type { OpenFile } from '../../../linux/file.ts'
import type { Connection, DatagramSocket, Listener } from '../../../linux/socket.ts'
import { error, exceptionClass, osError, PyError, typeError } from '../objects/errors.ts'
import { functions, methods } from '../objects/native.ts'
import { asFloat, toIndex } from '../objects/numbers.ts'
import {
  builtinClass,
  Obj,
  PyBytes,
  type PyClass,
  PyException,
  PyList,
  PyTuple,
  typeName,
  type Value,
  Wait,
} from '../objects/value.ts'
import { PyFile } from '../runtime/file-object.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { ModuleDefinition } from './module.ts'
import { hostname } from './os.ts'

const CONSTANTS = {
  AF_UNSPEC: 0,
  AF_UNIX: 1,
  AF_INET: 2,
  AF_INET6: 10,
  SOCK_STREAM: 1,
  SOCK_DGRAM: 2,
  SOL_SOCKET: 1,
  SO_REUSEADDR: 2,
  SO_BROADCAST: 6,
  SO_KEEPALIVE: 9,
  SO_REUSEPORT: 15,
  IPPROTO_TCP: 6,
  IPPROTO_UDP: 17,
  TCP_NODELAY: 1,
  SHUT_RD: 0,
  SHUT_WR: 1,
  SHUT_RDWR: 2,
  SOMAXCONN: 4096,
  INADDR_ANY: 0,
} as const

const socketClass = builtinClass('socket', undefined, 'socket')
const gaiError = builtinClass('gaierror', exceptionClass('OSError'), 'socket')
gaiError.make = (cls) => new PyException(cls)

/** Marks a wait that took too long. */
const LATE = Symbol('late')

class PySocket extends Obj {
  readonly runtime: Runtime
  readonly family: number
  readonly type: number
  timeout: number | undefined
  at: { address?: string; port: number } | undefined
  listener: Listener | undefined
  connection: Connection | undefined
  datagram: DatagramSocket | undefined
  closed = false
  /** What came more than was asked for. */
  rest = new Uint8Array(0)
  /** A read or accept that a timeout left behind. */
  pending: Promise<unknown> | undefined

  constructor(runtime: Runtime, family: number, type: number) {
    super(socketClass)
    this.runtime = runtime
    this.family = family
    this.type = type
    this.timeout = defaultTimeouts.get(runtime)
  }

  async within<T>(promise: Promise<T>): Promise<T> {
    if (this.timeout === undefined) return promise
    promise.catch(() => {})
    const { process } = this.runtime
    const first = await Promise.race([promise, process.sleep(this.timeout * 1000).then(() => LATE as typeof LATE)])
    if (first === LATE) {
      this.pending = promise
      throw this.timeout === 0 ? new PyError(osError(new SystemError('EAGAIN'))) : error('TimeoutError', 'timed out')
    }
    return first as T
  }

  /** Goes on with what a timeout left, or begins anew. */
  begin<T>(start: () => Promise<T>): Promise<T> {
    const left = this.pending as Promise<T> | undefined
    this.pending = undefined
    return this.within(left ?? start())
  }

  open(): this {
    if (this.closed) throw new PyError(osError(new SystemError('EBADF')))
    return this
  }

  connected(): Connection {
    this.open()
    if (!this.connection) throw new PyError(osError(new SystemError('ENOTCONN')))
    return this.connection
  }

  async receive(most: number): Promise<Uint8Array> {
    const bytes = this.rest.length > 0 ? this.rest : await this.begin(() => this.connected().read(most))
    this.rest = bytes.slice(most)
    return bytes.slice(0, most)
  }

  close(): void {
    this.closed = true
    this.listener?.close()
    this.connection?.close()
    this.datagram?.close()
  }
}

const defaultTimeouts = new WeakMap<Runtime, number>()

function address(value: Value): { host: string; port: number } {
  if (!(value instanceof PyTuple)) throw typeError(`AF_INET address must be tuple, not ${typeName(value)}`)
  const [host = '', port] = value.items
  if (typeof host !== 'string') throw typeError(`str, bytes or bytearray expected, not ${typeName(host)}`)
  if (typeof port !== 'number')
    throw typeError(`'${typeName(port ?? null)}' object cannot be interpreted as an integer`)
  return { host, port }
}

const data = (value: Value): Uint8Array => {
  if (!(value instanceof PyBytes)) throw typeError(`a bytes-like object is required, not '${typeName(value)}'`)
  return value.data
}

async function lookup(runtime: Runtime, host: string): Promise<string[]> {
  if (host === '' || host === '0.0.0.0' || host === '::') return ['0.0.0.0']
  if (host === 'localhost') return ['127.0.0.1']
  let found: string[]
  try {
    found = await runtime.process.net.resolve(host)
  } catch (thrown) {
    if (!(thrown instanceof SystemError)) throw thrown
    throw error(gaiError, -3, 'Temporary failure in name resolution')
  }
  if (found.length === 0) throw error(gaiError, -2, 'Name or service not known')
  return found
}

const pair = (at: { address: string; port: number }): PyTuple => new PyTuple([at.address, at.port])

const accepted = (runtime: Runtime, connection: Connection): PySocket => {
  const made = new PySocket(runtime, 2, 1)
  made.connection = connection
  return made
}

/** A connection as an open file, for makefile(). */
function asFile(socket: PySocket): OpenFile {
  return {
    tty: undefined,
    path: undefined,
    stat: () => {
      throw new SystemError('EBADF')
    },
    read: (limit = 65_536) => socket.receive(limit),
    write: (bytes) => socket.connected().write(bytes),
    seek: () => {
      throw new SystemError('ESPIPE')
    },
    truncate: () => {},
    retain: () => {},
    release: () => {},
  }
}

const wait = (promise: Promise<unknown>, value?: (result: any) => Value): Wait =>
  new Wait(promise.then((result) => (value ? value(result) : null)))

async function connect(socket: PySocket, host: string, port: number): Promise<void> {
  const { runtime } = socket
  const [to] = await lookup(runtime, host)
  const at = { address: to === '0.0.0.0' ? '127.0.0.1' : to!, port }
  if (socket.type === CONSTANTS.SOCK_DGRAM) {
    socket.at = at
    return
  }
  try {
    socket.connection = await runtime.process.net.connect(
      at,
      socket.timeout === undefined ? {} : { timeout: socket.timeout * 1000 },
    )
  } catch (thrown) {
    if (thrown instanceof SystemError && thrown.code === 'ETIMEDOUT' && socket.timeout !== undefined)
      throw error('TimeoutError', 'timed out')
    throw thrown
  }
}

function datagram(socket: PySocket): DatagramSocket {
  socket.datagram ??= socket.runtime.process.net.datagram(socket.at && socket.at.address === undefined ? socket.at : {})
  return socket.datagram
}

methods(socketClass, {
  'bind(address)': (_vm, self: PySocket, at: Value) => {
    const { host, port } = address(at)
    self.open()
    return wait(
      lookup(self.runtime, host).then(([to]) => {
        self.at = { ...(to === '0.0.0.0' ? {} : { address: to! }), port }
        if (self.type === CONSTANTS.SOCK_DGRAM) self.datagram = self.runtime.process.net.datagram(self.at)
        else self.listener = self.runtime.process.net.listen({ address: to!, port })
      }),
    )
  },
  'listen(backlog?)': (_vm, self: PySocket) => {
    self.open()
    self.listener ??= self.runtime.process.net.listen({ address: '0.0.0.0', port: 0 })
    return null
  },
  accept: (_vm, self: PySocket) => {
    const { listener } = self.open()
    if (!listener) throw new PyError(osError(new SystemError('EINVAL')))
    return wait(
      self.begin(() => listener.accept()),
      (connection: Connection) => new PyTuple([accepted(self.runtime, connection), pair(connection.remote)]),
    )
  },
  'connect(address)': (_vm, self: PySocket, to: Value) => {
    const { host, port } = address(to)
    return wait(connect(self.open(), host, port))
  },
  'connect_ex(address)': (_vm, self: PySocket, to: Value) => {
    const { host, port } = address(to)
    return new Wait(
      connect(self.open(), host, port).then(
        () => 0,
        (thrown) => {
          if (thrown instanceof SystemError) return thrown.errno
          if (thrown instanceof PyError && thrown.exception.cls.name === 'TimeoutError') return 11
          throw thrown
        },
      ),
    )
  },
  'send(data flags?)': (_vm, self: PySocket, bytes: Value) => {
    const given = data(bytes)
    if (self.type === CONSTANTS.SOCK_DGRAM) {
      datagram(self).send(self.at as { address: string; port: number }, given)
      return given.length
    }
    return wait(self.connected().write(given.slice()), () => given.length)
  },
  'sendall(data flags?)': (_vm, self: PySocket, bytes: Value) => wait(self.connected().write(data(bytes).slice())),
  'sendto(data flags? address?)': (_vm, self: PySocket, bytes: Value, flags: Value, to?: Value) => {
    const { host, port } = address(to ?? flags)
    const given = data(bytes).slice()
    return wait(
      lookup(self.runtime, host).then(([at]) =>
        datagram(self).send({ address: at === '0.0.0.0' ? '127.0.0.1' : at!, port }, given),
      ),
      () => given.length,
    )
  },
  'recv(size flags?)': (_vm, self: PySocket, size: Value) => {
    if (self.datagram)
      return wait(
        self.begin(() => self.datagram!.receive()),
        ({ bytes }: { bytes: Uint8Array }) => new PyBytes(bytes),
      )
    self.connected()
    return wait(self.receive(toIndex(size)), (bytes: Uint8Array) => new PyBytes(bytes))
  },
  'recvfrom(size flags?)': (_vm, self: PySocket) =>
    wait(
      self.begin(() => datagram(self).receive()),
      ({ bytes, from }: { bytes: Uint8Array; from: { address: string; port: number } }) =>
        new PyTuple([new PyBytes(bytes), pair(from)]),
    ),
  'makefile(mode? buffering? *none encoding?)': (_vm, self: PySocket, mode?: Value) =>
    new PyFile(asFile(self), {
      name: 'socket',
      mode: typeof mode === 'string' && mode.includes('w') ? 'w' : 'r',
      text: !(typeof mode === 'string' && mode.includes('b')),
      fileno: 3,
    }),
  'settimeout(seconds)': (_vm, self: PySocket, seconds: Value) => {
    self.timeout = seconds === null ? undefined : asFloat(seconds)
    return null
  },
  'setblocking(flag)': (_vm, self: PySocket, flag: Value) => {
    self.timeout = flag === false || flag === 0 ? 0 : undefined
    return null
  },
  'setsockopt(level option value)': () => null,
  'getsockopt(level option)': () => 0,
  'shutdown(how)': (_vm, self: PySocket) => {
    self.connected().finish()
    return null
  },
  close: (_vm, self: PySocket) => {
    self.close()
    return null
  },
  detach: () => 3,
  fileno: (_vm, self: PySocket) => (self.closed ? -1 : 3),
  getsockname: (_vm, self: PySocket) =>
    pair(self.listener?.local ?? self.connection?.local ?? self.datagram?.local ?? { address: '0.0.0.0', port: 0 }),
  getpeername: (_vm, self: PySocket) => pair(self.connected().remote),
  gettimeout: () => null,
  __enter__: (_vm, self: Value) => self,
  '__exit__(*details)': (_vm, self: PySocket) => {
    self.close()
    return null
  },
})

export const socket: ModuleDefinition = {
  cost: 3,
  memory: 600_000,
  names: (runtime) => {
    const make = (family: Value | undefined, type: Value | undefined): PySocket => {
      const kind = family === undefined ? CONSTANTS.AF_INET : toIndex(family)
      if (kind === CONSTANTS.AF_UNIX) throw error('OSError', 97, 'Address family not supported by protocol')
      return new PySocket(runtime, kind, type === undefined ? CONSTANTS.SOCK_STREAM : toIndex(type))
    }
    const names = functions({
      gethostname: () => hostname(runtime),
      'getfqdn(name?)': (_vm, name?: Value) => (name === undefined || name === '' ? hostname(runtime) : name),
      'gethostbyname(name)': (_vm, name: string) => wait(lookup(runtime, name), ([first]: string[]) => first!),
      'gethostbyname_ex(name)': (_vm, name: string) =>
        wait(lookup(runtime, name), (found: string[]) => new PyTuple([name, new PyList([]), new PyList(found)])),
      'gethostbyaddr(address)': (_vm, at: string) => new PyTuple([at, new PyList([]), new PyList([at])]),
      'getaddrinfo(host port family? type? proto? flags?)': (
        _vm,
        host: Value,
        port: Value,
        _family?: Value,
        type?: Value,
      ) =>
        wait(
          lookup(runtime, host === null ? '' : String(host)),
          (found: string[]) =>
            new PyList(
              found.map(
                (each) =>
                  new PyTuple([
                    2,
                    type === undefined || type === 0 ? 1 : type,
                    6,
                    '',
                    new PyTuple([each, typeof port === 'number' ? port : Number(port ?? 0)]),
                  ]),
              ),
            ),
        ),
      'create_connection(address timeout? source_address?)': (_vm, to: Value, timeout?: Value) => {
        const { host, port } = address(to)
        const made = make(undefined, undefined)
        if (timeout !== undefined && timeout !== null) made.timeout = asFloat(timeout)
        return wait(connect(made, host, port), () => made)
      },
      'create_server(address *none family? backlog? reuse_port?)': (_vm, at: Value) => {
        const { host, port } = address(at)
        const made = make(undefined, undefined)
        return wait(
          lookup(runtime, host).then(([to]) => {
            made.listener = runtime.process.net.listen({ address: to!, port })
          }),
          () => made,
        )
      },
      'setdefaulttimeout(seconds)': (_vm, seconds: Value) => {
        if (seconds === null) defaultTimeouts.delete(runtime)
        else defaultTimeouts.set(runtime, asFloat(seconds)!)
        return null
      },
      'inet_aton(text)': (_vm, text: string) => new PyBytes(Uint8Array.from(text.split('.').map(Number))),
      'inet_ntoa(data)': (_vm, bytes: PyBytes) => [...bytes.data].join('.'),
      'htons(x)': (_vm, x: number) => ((x & 255) << 8) | (x >> 8),
      'ntohs(x)': (_vm, x: number) => ((x & 255) << 8) | (x >> 8),
    })
    methods(socketClass, {
      '__new__(cls family? type? proto? fileno?)': (vm, _cls: PyClass, family?: Value, type?: Value) => {
        const kind = family === undefined ? CONSTANTS.AF_INET : toIndex(family)
        if (kind === CONSTANTS.AF_UNIX) throw error('OSError', 97, 'Address family not supported by protocol')
        return new PySocket(vm.host as Runtime, kind, type === undefined ? CONSTANTS.SOCK_STREAM : toIndex(type))
      },
    })
    names.set('socket', socketClass)
    names.set('SocketType', socketClass)
    names.set('error', exceptionClass('OSError'))
    names.set('timeout', exceptionClass('TimeoutError'))
    names.set('gaierror', gaiError)
    names.set('herror', gaiError)
    names.set('has_ipv6', false)
    for (const [name, value] of Object.entries(CONSTANTS)) names.set(name, value)
    return names
  },
}
