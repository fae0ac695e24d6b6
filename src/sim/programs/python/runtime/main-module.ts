import { SystemError } from '../../../linux/errors.ts'
import { HardExit } from '../modules/os.ts'
import { NotSimulated, PyError } from '../objects/errors.ts'
import { asInt } from '../objects/numbers.ts'
import { type PyException, PyModule, PyTuple, type Value } from '../objects/value.ts'
import { str } from '../vm/text.ts'
import { loadModule } from './import.ts'
import type { Runtime } from './runtime.ts'
import { formatException } from './traceback.ts'

export function mainModule(runtime: Runtime, file?: string): PyModule {
  const module = new PyModule('__main__')
  module.attrs.set('__builtins__', null)
  module.attrs.set('__doc__', null)
  module.attrs.set('__package__', null)
  module.attrs.set('__annotations__', runtime.vm.call(runtime.vm.builtins.get('dict')!, []))
  if (file !== undefined) module.attrs.set('__file__', file)
  runtime.vm.modules.set('__main__', module)
  loadModule(runtime, 'sys')
  return module
}

/** Runs what `main` does to its end and gives the exit status, as the interpreter's own main function does. */
export async function conclude(runtime: Runtime, main: () => Promise<unknown>): Promise<number> {
  try {
    let status = 0
    try {
      await main()
    } catch (thrown) {
      status = await failed(runtime, thrown)
    }
    try {
      await runtime.finish()
    } catch (thrown) {
      status = await failed(runtime, thrown)
    }
    return status
  } catch (thrown) {
    if (thrown instanceof HardExit) return thrown.status
    if (thrown instanceof NotSimulated) {
      await runtime.stdout.flush()
      await runtime.process.printError(
        `${runtime.process.argv[0]?.replace(/^.*\//, '') ?? 'python'}: ${thrown.message}\n`,
      )
      return 1
    }
    throw thrown
  }
}

async function failed(runtime: Runtime, thrown: unknown): Promise<number> {
  if (!(thrown instanceof PyError)) throw thrown
  return reportException(runtime, thrown.exception)
}

export async function reportException(runtime: Runtime, exception: PyException): Promise<number> {
  const { vm, process } = runtime
  if (exception.cls.name === 'SystemExit') {
    const code: Value = exception.args.length > 1 ? new PyTuple(exception.args) : (exception.args[0] ?? null)
    if (code === null) return 0
    const number = asInt(code)
    if (number !== undefined) return Number(BigInt(number) & 255n)
    await runtime.stdout.flush()
    await process.printError(`${str(vm, code)}\n`)
    return 1
  }
  try {
    await runtime.stdout.flush()
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
  }
  await process.printError(formatException(vm, exception))
  return exception.cls.name === 'KeyboardInterrupt' ? 130 : 1
}
