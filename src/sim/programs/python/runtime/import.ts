import { MODULES, NOT_SIMULATED } from '../modules/index.ts'
import { error, notSimulated } from '../objects/errors.ts'
import { Control, PyFunction, PyList, PyModule, TailCall, type Value } from '../objects/value.ts'
import { compileSource } from './compile-source.ts'
import type { Runtime } from './runtime.ts'
import { isInstalled, sitePackages } from './site.ts'

/** The import statement: loads what is not there yet and gives the module. */
export function importModule(
  runtime: Runtime,
  name: string,
  level: number,
  globals: ReadonlyMap<string, Value>,
  which: 'first' | 'last',
  names: readonly string[],
): Value | Control {
  const full = level > 0 ? relative(name, level, globals) : name
  const parts = full.split('.')
  const load = (count: number): Value | Control => {
    const path = parts.slice(0, count).join('.')
    return chain(loadModule(runtime, path), (module) => {
      if (count < parts.length) return load(count + 1)
      return chain(submodules(runtime, module, full, names), () =>
        which === 'first' ? runtime.vm.modules.get(parts[0]!)! : module,
      )
    })
  }
  return load(1)
}

/** `from package import module` */
function submodules(runtime: Runtime, module: Value, full: string, names: readonly string[]): Value | Control {
  if (!(module instanceof PyModule) || !module.attrs.has('__path__')) return null
  const next = (i: number): Value | Control => {
    const name = names[i]
    if (name === undefined) return null
    if (name === '*' || module.attrs.has(name) || !find(runtime, `${full}.${name}`)) return next(i + 1)
    return chain(loadModule(runtime, `${full}.${name}`), () => next(i + 1))
  }
  return next(0)
}

export function chain(value: Value | Control, then: (value: Value) => Value | Control): Value | Control {
  if (!(value instanceof Control)) return then(value)
  if (!(value instanceof TailCall)) throw new Error('an import waits')
  const { after: first } = value
  return new TailCall(value.callee, value.args, value.keywords, (result) => chain(first ? first(result) : result, then))
}

function relative(name: string, level: number, globals: ReadonlyMap<string, Value>): string {
  const home = globals.get('__package__')
  if (typeof home !== 'string' || home === '')
    throw error('ImportError', 'attempted relative import with no known parent package')
  const parts = home.split('.')
  if (level > parts.length) throw error('ImportError', 'attempted relative import beyond top-level package')
  const base = parts.slice(0, parts.length - level + 1).join('.')
  return name === '' ? base : `${base}.${name}`
}

interface Found {
  kind: 'native' | 'source' | 'file'
  path: string
  text: string
  isPackage: boolean
}

/** A module's code: built in, beside the program, in the standard library, among the installed packages. */
function find(runtime: Runtime, name: string): Found | undefined {
  const known = MODULES.get(name)
  if (known && !known.source) return { kind: 'native', path: '', text: '', isPackage: known.isPackage ?? false }
  const { files } = runtime.process
  const parent = name.includes('.') ? runtime.vm.modules.get(name.slice(0, name.lastIndexOf('.'))) : undefined
  const folders = parent ? ((parent.attrs.get('__path__') as PyList | undefined)?.items ?? []) : pathOf(runtime)
  const last = name.slice(name.lastIndexOf('.') + 1)
  for (const folder of folders) {
    if (typeof folder !== 'string') continue
    const at = folder === '' ? '' : `${folder}/`
    for (const [path, isPackage] of [
      [`${at}${last}/__init__.py`, true],
      [`${at}${last}.py`, false],
    ] as const) {
      if (!files.exists(path)) continue
      return {
        kind: 'file',
        path: path.startsWith('/') ? path : `${runtime.process.cwd}/${path}`,
        text: files.readText(path),
        isPackage,
      }
    }
  }
  if (known?.source && (!known.distribution || isInstalled(runtime, known.distribution))) {
    const branch = /^\d+\.\d+/.exec(runtime.version)![0]
    const base = known.distribution ? sitePackages(runtime.version) : `/usr/local/lib/python${branch}`
    const file = name.replaceAll('.', '/')
    return {
      kind: 'source',
      path: `${base}/${file}${known.isPackage ? '/__init__' : ''}.py`,
      text: known.source,
      isPackage: known.isPackage ?? false,
    }
  }
  return undefined
}

function pathOf(runtime: Runtime): readonly Value[] {
  const path = runtime.vm.modules.get('sys')?.attrs.get('path')
  return path instanceof PyList ? path.items : runtime.path
}

export function loadModule(runtime: Runtime, name: string): Value | Control {
  const { vm } = runtime
  const loaded = vm.modules.get(name)
  if (loaded) return loaded
  const known = MODULES.get(name)
  const found = find(runtime, name)
  if (!found) {
    if (NOT_SIMULATED.has(name.split('.')[0]!)) throw notSimulated(`the module ${name}`)
    const parent = name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : ''
    const made = runtime.python2
      ? error('ImportError', `No module named ${name}`)
      : error(
          'ModuleNotFoundError',
          `No module named '${name}'${parent !== '' && !vm.modules.get(parent)?.attrs.has('__path__') ? `; '${parent}' is not a package` : ''}`,
        )
    made.exception.attrs.set('name', name)
    throw made
  }
  const module = new PyModule(name)
  vm.modules.set(name, module)
  module.attrs.set('__package__', found.isPackage ? name : name.slice(0, Math.max(0, name.lastIndexOf('.'))))
  module.attrs.set('__doc__', null)
  if (found.isPackage)
    module.attrs.set('__path__', new PyList([found.path.slice(0, Math.max(0, found.path.lastIndexOf('/')))]))
  if (found.path !== '') module.attrs.set('__file__', found.path)
  module.attrs.set('__builtins__', null)
  const done = (): Value => {
    const at = name.lastIndexOf('.')
    if (known?.also) loadModule(runtime, known.also)
    const finished = vm.modules.get(name) ?? module
    if (at > 0) vm.modules.get(name.slice(0, at))?.attrs.set(name.slice(at + 1), finished)
    return finished
  }
  if (known) {
    // What reading and running the real module's files costs.
    runtime.meter.add(known.cost ?? 0.5)
    runtime.extraMemory += known.memory ?? 100_000
  }
  if (known?.names) for (const [key, value] of known.names(runtime)) module.attrs.set(key, value)
  if (found.kind === 'native') return done()
  try {
    const code = compileSource(runtime, found.text, found.path, { hidden: found.kind === 'source' })
    return new TailCall(
      vm.builtins.get('__run_module__')!,
      [new PyFunction(code, module.attrs, [], undefined, []), module],
      undefined,
      done,
    )
  } catch (thrown) {
    vm.modules.delete(name)
    throw thrown
  }
}
