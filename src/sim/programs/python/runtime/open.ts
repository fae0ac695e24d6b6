import { SystemError } from '../../../linux/errors.ts'
import { path } from '../modules/os.ts'
import { osError, PyError, typeError, valueError } from '../objects/errors.ts'
import { functions } from '../objects/native.ts'
import { asInt } from '../objects/numbers.ts'
import { type Value, Wait } from '../objects/value.ts'
import { repr } from '../vm/text.ts'
import { PyFile } from './file-object.ts'
import type { Runtime } from './runtime.ts'

/** Built-ins that touch the process: open, input, exit, exec and their like. */
export function processBuiltins(runtime: Runtime): Map<string, Value> {
  const { process, files, stdin, stdout } = runtime
  let opened = 2
  return functions({
    'open(file mode? buffering? encoding? errors? newline? closefd?)': (
      vm,
      file: Value,
      given?: Value,
      buffering?: Value,
      encoding?: Value,
    ) => {
      const mode = (given ?? 'r') as string
      if (typeof mode !== 'string') throw typeError("open() argument 'mode' must be str")
      if (!/^[rwax]\+?[bt]?\+?$|^[bt][rwax]\+?$/.test(mode)) throw valueError(`invalid mode: ${repr(vm, mode)}`)
      const binary = mode.includes('b')
      if (binary && encoding !== undefined && encoding !== null)
        throw valueError("binary mode doesn't take an encoding argument")
      const update = mode.includes('+')
      const handle =
        asInt(file) !== undefined && process.fds.has(Number(asInt(file)))
          ? process.fds.get(Number(asInt(file)))!
          : opening(file, () =>
              process.files.open(path(vm, file), {
                read: mode.includes('r') || update,
                write: !mode.includes('r') || update,
                create: !mode.includes('r'),
                exclusive: mode.includes('x'),
                truncate: mode.includes('w'),
                append: mode.includes('a'),
              }),
            )
      if (handle.stat().type === 'directory') {
        handle.release()
        throw new PyError(osError(new SystemError('EISDIR'), file))
      }
      const size = asInt(buffering ?? -1)
      const made = new PyFile(handle, {
        name: file,
        mode,
        text: !binary,
        encoding: encoding === undefined || encoding === null ? 'utf-8' : String(encoding),
        fileno: ++opened,
        buffering: size === 0 ? 'none' : size === 1 || handle.tty ? 'line' : 'full',
      })
      files.add(made)
      return made
    },
    'input(prompt?)': (vm, prompt?: Value) => {
      const ask = async (): Promise<Value> => {
        if (prompt !== undefined) stdout.write(String(typeof prompt === 'string' ? prompt : repr(vm, prompt)))
        await stdout.flush()
        for (;;) {
          const line = stdin.line()
          if (line) {
            if (line.length === 0) throw new PyError(runtime.exception('EOFError', 'EOF when reading a line'))
            return String(stdin.decode(line)).replace(/\n$/, '')
          }
          await stdin.fill()
        }
      }
      return new Wait(ask())
    },
    'exit(status?)': (_vm, status: Value = null) => {
      throw new PyError(runtime.exception('SystemExit', ...(status === null ? [] : [status])))
    },
    'quit(status?)': (_vm, status: Value = null) => {
      throw new PyError(runtime.exception('SystemExit', ...(status === null ? [] : [status])))
    },
  })
}

function opening<T>(file: Value, open: () => T): T {
  try {
    return open()
  } catch (thrown) {
    if (thrown instanceof SystemError) throw new PyError(osError(thrown, file))
    throw thrown
  }
}
