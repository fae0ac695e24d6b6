import { PyTraceback } from '../builtins/object-methods.ts'
import { PyDict } from '../objects/dict.ts'
import { error } from '../objects/errors.ts'
import { functions, methods } from '../objects/native.ts'
import {
  builtinClass,
  PyGetSet,
  PyInstance,
  PyList,
  PyModule,
  PyTuple,
  tupleClass,
  type Value,
} from '../objects/value.ts'
import { repr } from '../vm/text.ts'
import type { ModuleDefinition } from './module.ts'

const versionInfo = builtinClass('version_info', tupleClass, 'sys')
for (const [i, name] of ['major', 'minor', 'micro', 'releaselevel', 'serial'].entries())
  versionInfo.dict.set(name, new PyGetSet((self: PyTuple) => self.items[i]!))
methods(versionInfo, {
  __repr__: (vm, self: PyTuple) =>
    `sys.version_info(major=${self.items
      .slice(0, 3)
      .map(String)
      .join(', minor=')
      .replace(/, minor=(\d+)$/, ', micro=$1')}, releaselevel=${repr(vm, self.items[3]!)}, serial=0)`,
})

/** sys.modules: taking a module out of it forgets it. */
class ModulesDict extends PyDict {}

export const sys: ModuleDefinition = {
  names: (runtime) => {
    const { vm, version } = runtime
    const [major = 3, minor = 0, micro = 0] = version.split('.').map(Number)
    const modules = new ModulesDict()
    Object.defineProperty(modules, 'map', {
      get: () => new ModuleMap(vm.modules),
    })
    const names = functions({
      'exit(status?)': (_vm, status: Value = null) => {
        throw status === null ? error('SystemExit') : error('SystemExit', status)
      },
      getrecursionlimit: () => 1000,
      'setrecursionlimit(limit)': () => null,
      'getsizeof(object)': (_vm, object: Value) => sizeOf(object),
      getdefaultencoding: () => 'utf-8',
      getfilesystemencoding: () => 'utf-8',
      exc_info: (vm) => {
        const current = vm.handledException()
        return new PyTuple(current ? [current.cls, current, new PyTraceback(current.trace)] : [null, null, null])
      },
      exception: (vm) => vm.handledException() ?? null,
      'intern(text)': (_vm, text: Value) => text,
      'getrefcount(object)': () => 2,
      getswitchinterval: () => 0,
      '_getframe(depth?)': () => null,
    })
    const implementation = new PyInstance(builtinClass('SimpleNamespace', undefined, 'types'))
    implementation.attrs.set('name', 'cpython')
    for (const [name, value] of Object.entries({
      argv: new PyList(runtime.argv),
      path: new PyList(runtime.path),
      stdin: runtime.stdin,
      stdout: runtime.stdout,
      stderr: runtime.stderr,
      __stdin__: runtime.stdin,
      __stdout__: runtime.stdout,
      __stderr__: runtime.stderr,
      version:
        major === 2
          ? `${version} (default, Apr 20 2020, 20:29:35) \n[GCC 8.3.0]`
          : `${version} (main, Dec 19 2023, 20:14:15) [GCC 12.2.0]`,
      version_info: new PyTuple([major, minor, micro, 'final', 0], versionInfo),
      hexversion: (major << 24) | (minor << 16) | (micro << 8) | 0xf0,
      platform: major === 2 ? 'linux2' : 'linux',
      maxsize: 9223372036854775807n,
      maxunicode: 1114111,
      byteorder: 'little',
      executable: runtime.executable,
      prefix: '/usr/local',
      exec_prefix: '/usr/local',
      base_prefix: '/usr/local',
      modules,
      implementation,
      flags: null,
      dont_write_bytecode: false,
      ps1: '>>> ',
      ps2: '... ',
      builtin_module_names: new PyTuple(['builtins', 'sys', 'time']),
    } as Record<string, Value>))
      names.set(name, value)
    return names
  },
}

/** The interpreter's modules, as the map of a dict. */
class ModuleMap extends Map<any, [Value, Value]> {
  readonly #modules: Map<string, PyModule>
  constructor(modules: Map<string, PyModule>) {
    super()
    this.#modules = modules
    for (const [name, module] of modules) super.set(name, [name, module])
  }
  override set(name: string, entry: [Value, Value]): this {
    if (entry[1] instanceof PyModule) this.#modules.set(name, entry[1])
    return super.set(name, entry)
  }
  override delete(name: string): boolean {
    this.#modules.delete(name)
    return super.delete(name)
  }
}

function sizeOf(object: Value): number {
  if (typeof object === 'number') return object === 0 ? 24 : Math.abs(object) < 2 ** 30 ? 28 : 32
  if (typeof object === 'string') return (/[^\x00-\x7f]/.test(object) ? 74 : 49) + object.length
  if (object === null) return 16
  if (object instanceof PyList) return 56 + object.items.length * 8
  if (object instanceof PyTuple) return 40 + object.items.length * 8
  if (object instanceof PyDict) return object.size === 0 ? 64 : object.size <= 5 ? 232 : object.size * 104
  return 48
}
