import { SystemError } from '../../../linux/errors.ts'
import { builtinClass, objectClass, type PyClass, PyException, PyTuple, type Value } from './value.ts'

/** A Python exception on its way through the simulator's own code. */
export class PyError extends Error {
  readonly exception: PyException
  constructor(exception: PyException) {
    super(exception.cls.name)
    this.exception = exception
  }
}

/** Errors that are raised again by a handler's end: their frame is known already. */
export const reraised = new WeakSet<PyError>()

export const exceptionClasses = new Map<string, PyClass>()

function family(tree: string): void {
  const path: PyClass[] = []
  for (const line of tree.split('\n')) {
    const name = line.trim()
    if (name === '') continue
    const depth = line.search(/\S/)
    const base = depth === 0 ? objectClass : path[depth - 1]!
    const cls = builtinClass(name, base)
    cls.make = (made) => new PyException(made)
    path[depth] = cls
    exceptionClasses.set(name, cls)
  }
}

family(`BaseException
 BaseExceptionGroup
 GeneratorExit
 KeyboardInterrupt
 SystemExit
 Exception
  ArithmeticError
   FloatingPointError
   OverflowError
   ZeroDivisionError
  AssertionError
  AttributeError
  BufferError
  EOFError
  ImportError
   ModuleNotFoundError
  LookupError
   IndexError
   KeyError
  MemoryError
  NameError
   UnboundLocalError
  OSError
   BlockingIOError
   ChildProcessError
   ConnectionError
    BrokenPipeError
    ConnectionAbortedError
    ConnectionRefusedError
    ConnectionResetError
   FileExistsError
   FileNotFoundError
   InterruptedError
   IsADirectoryError
   NotADirectoryError
   PermissionError
   ProcessLookupError
   TimeoutError
  ReferenceError
  RuntimeError
   NotImplementedError
   RecursionError
  StopAsyncIteration
  StopIteration
  SyntaxError
   IndentationError
    TabError
  SystemError
  TypeError
  ValueError
   UnicodeError
    UnicodeDecodeError
    UnicodeEncodeError
  Warning
   BytesWarning
   DeprecationWarning
   FutureWarning
   ImportWarning
   PendingDeprecationWarning
   ResourceWarning
   RuntimeWarning
   SyntaxWarning
   UnicodeWarning
   UserWarning
`)

export const exceptionClass = (name: string): PyClass => exceptionClasses.get(name)!

export function makeException(cls: PyClass | string, ...args: Value[]): PyException {
  const made = new PyException(typeof cls === 'string' ? exceptionClass(cls) : cls)
  made.args = args
  return made
}

export const error = (cls: PyClass | string, ...args: Value[]): PyError => new PyError(makeException(cls, ...args))
export const typeError = (message: string): PyError => error('TypeError', message)
export const valueError = (message: string): PyError => error('ValueError', message)
export const attributeError = (message: string): PyError => error('AttributeError', message)

/** What the simulator does not know, said at once and once. */
export class NotSimulated extends Error {}
export const notSimulated = (what: string): NotSimulated => new NotSimulated(`not simulated: ${what}`)

const OS_ERRORS: Readonly<Record<string, string>> = {
  EAGAIN: 'BlockingIOError',
  ECHILD: 'ChildProcessError',
  EPIPE: 'BrokenPipeError',
  ECONNREFUSED: 'ConnectionRefusedError',
  ECONNRESET: 'ConnectionResetError',
  EEXIST: 'FileExistsError',
  ENOENT: 'FileNotFoundError',
  EINTR: 'InterruptedError',
  EISDIR: 'IsADirectoryError',
  ENOTDIR: 'NotADirectoryError',
  EACCES: 'PermissionError',
  EPERM: 'PermissionError',
  ESRCH: 'ProcessLookupError',
  ETIMEDOUT: 'TimeoutError',
}

/** OSError of a failed system call. */
export function osError(failed: SystemError, path: Value | undefined = failed.path): PyException {
  const made = makeException(OS_ERRORS[failed.code] ?? 'OSError', failed.errno, failed.message)
  if (path !== undefined) made.attrs.set('filename', path)
  return made
}

/** What was thrown as a Python exception, where it is one. */
export function asException(thrown: unknown): PyException | undefined {
  if (thrown instanceof PyError) return thrown.exception
  if (thrown instanceof SystemError) return osError(thrown)
  if (thrown instanceof RangeError) {
    if (/string length|array length|Array buffer allocation/i.test(thrown.message)) return makeException('MemoryError')
    if (/BigInt/.test(thrown.message)) return makeException('OverflowError', 'too many digits in integer')
    return makeException('RecursionError', 'maximum recursion depth exceeded')
  }
  return undefined
}

/** `str()` of an exception's arguments, given how to show one. */
export function exceptionArgs(exception: PyException): Value {
  if (exception.args.length === 0) return ''
  return exception.args.length === 1 ? exception.args[0]! : new PyTuple(exception.args)
}
