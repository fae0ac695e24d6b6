import type { Code } from '../compile/code.ts'
import { PyDict } from '../objects/dict.ts'
import { typeError } from '../objects/errors.ts'
import { functions } from '../objects/native.ts'
import { codeClass, PyBytes, PyFunction, PyInstance, TailCall, type Value } from '../objects/value.ts'
import { importModule } from './import.ts'
import type { Runtime } from './runtime.ts'

/** The result of compile(). */
class PyCode extends PyInstance {
  readonly code: Code
  constructor(code: Code) {
    super(codeClass)
    this.code = code
  }
}

const text = (given: Value): string => (given instanceof PyBytes ? new TextDecoder().decode(given.data) : String(given))

/** eval, exec and compile. */
export function evaluationBuiltins(runtime: Runtime): Map<string, Value> {
  const run = (given: Value, mode: 'module' | 'expression', globals: Value | undefined): TailCall => {
    if (typeof given !== 'string' && !(given instanceof PyBytes) && !(given instanceof PyCode))
      throw typeError(`${mode === 'module' ? 'exec' : 'eval'}() arg 1 must be a string, bytes or code object`)
    const code =
      given instanceof PyCode
        ? given.code
        : runtime.compile(mode === 'expression' ? text(given).trim() : text(given), '<string>', mode)
    const { caller } = runtime.vm
    if (!(globals instanceof PyDict)) return new TailCall(new PyFunction(code, caller.globals, [], undefined, []), [])
    const names = new Map([...globals.entries()].map(([key, value]) => [String(key), value]))
    return new TailCall(new PyFunction(code, names, [], undefined, []), [], undefined, (value) => {
      for (const [name, each] of names) globals.set(name, each)
      return value
    })
  }
  return functions({
    'eval(source globals? locals?)': (_vm, source: Value, globals?: Value) => run(source, 'expression', globals),
    'exec(source globals? locals?)': (_vm, source: Value, globals?: Value) => {
      const { callee, args, keywords, after } = run(source, 'module', globals)
      return new TailCall(callee, args, keywords, (value) => {
        after?.(value)
        return null
      })
    },
    '__import__(name globals? locals? fromlist? level?)': (vm, name: string) =>
      importModule(runtime, name, 0, vm.caller.globals, 'first', []),
    'compile(source filename mode)': (_vm, source: Value, name: Value, mode: Value) =>
      new PyCode(
        runtime.compile(
          text(source),
          String(name),
          mode === 'eval' ? 'expression' : mode === 'single' ? 'interactive' : 'module',
        ),
      ),
  })
}
