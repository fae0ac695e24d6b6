import type { QuickJSHandle } from 'quickjs-emscripten-core'
import { GuestError, GuestThrow, type HostFunction } from './engine/guest.ts'
import { hostFunctions, type Operation } from './host/functions.ts'
import type { NodeProcess } from './host/node-process.ts'
import { library, PARTS } from './library/registry.ts'
import { instrument } from './source/instrument.ts'
import { MODULE_FUNCTION } from './source/sources.ts'
import { siteOf, stackText } from './source/trace.ts'

/** What the event loop calls in the library. */
export type Entry = Record<
  'start' | 'complete' | 'timer' | 'immediates' | 'signal' | 'ticks' | 'rejections' | 'beforeExit' | 'finish' | 'state',
  QuickJSHandle
>

const ENTRIES = 'start complete timer immediates signal ticks rejections beforeExit finish state'.split(
  ' ',
) as (keyof Entry)[]

/** Makes the script's world: the library and the functions of the machine that it stands on. */
export function boot(node: NodeProcess): Entry {
  const { guest } = node
  const { context } = guest
  const operations: Record<string, Operation> = {}
  const host = context.newObject()
  const add = (name: string, implementation: HostFunction) => {
    const handle = guest.hostFunction(name, implementation)
    context.setProp(host, name, handle)
    handle.dispose()
  }
  for (const area of hostFunctions(node)) {
    for (const [name, implementation] of Object.entries(area.functions)) add(name, implementation)
    Object.assign(operations, area.operations)
  }
  add('begin', (name: string, id: number, ...args) => {
    node.begin(id, operations[name]!(...args))
    return undefined
  })
  add('trace', (raw: string, how: string, above?: string) => {
    if (how === 'text') return { text: stackText(node.sources, raw, node.release.major, above) }
    return { ...siteOf(node.sources, raw, how ?? 'created') }
  })
  const internal = context.newObject()
  context.setProp(internal, 'host', host)
  context.setProp(internal, 'shared', guest.shareNumbers(3))

  const raw = (name: string, implementation: (...args: QuickJSHandle[]) => QuickJSHandle) => {
    const handle = context.newFunction(name, (...args) => {
      try {
        return implementation(...args)
      } catch (error) {
        if (error instanceof GuestError) return { error: error.handle }
        if (error instanceof GuestThrow) return { error: context.newError(error.reason) }
        throw error
      }
    })
    context.setProp(host, name, handle)
    handle.dispose()
  }
  const text = (handle: QuickJSHandle) => context.getString(handle)
  raw('library', (name) => {
    const id = text(name)
    const source = library[id] ?? part(id)
    if (source === undefined) throw new GuestThrow(`not simulated: module '${id}'`)
    return guest.evaluate(`(function(exports,require,module,internal){${source}\n})`, `node:${id}`)
  })
  raw('compile', (file, source) => {
    const [name, original] = [text(file), text(source)]
    const parameters = 'exports, require, module, __filename, __dirname'
    return compiled(node, name, original, `(function ${MODULE_FUNCTION}(${parameters}) {`, '\n})')
  })
  raw('runScript', (file, source) => compiled(node, text(file), text(source), '', ''))
  raw('runModule', (file, source) => runModule(node, text(file), text(source)))
  raw('isPromise', (value) => (isPromise(node, value) ? context.true : context.false))
  raw('promiseState', (value, tell) => {
    const state = context.getPromiseState(value)
    const result = state.type === 'fulfilled' ? state.value : state.type === 'rejected' ? state.error : undefined
    if (result) context.unwrapResult(context.callFunction(tell, context.undefined, [result])).dispose()
    return context.newString(state.type)
  })

  const settle = context.newFunction('settle', () => {
    guest.settle()
    return undefined
  })
  context.setProp(internal, 'settle', settle)
  const bootstrap = guest.evaluate(`(function(module,internal){${library['internal/bootstrap']}\n})`, 'node:bootstrap')
  const module = context.newObject()
  context.unwrapResult(context.callFunction(bootstrap, context.undefined, [module, internal])).dispose()
  const exports = context.getProp(module, 'exports')
  const entry = Object.fromEntries(ENTRIES.map((name) => [name, context.getProp(exports, name)])) as unknown as Entry
  loadModules(node, internal)
  return entry
}

/** The source of a module that is a part of another. */
function part(id: string): string | undefined {
  const [module, property] = PARTS[id] ?? []
  return module && `module.exports=internal.builtin('${module}')${property ? `.${property}` : ''}`
}

function isPromise(node: NodeProcess, value: QuickJSHandle): boolean {
  const { context } = node.guest
  if (context.typeof(value) !== 'object') return false
  const state = context.getPromiseState(value)
  if (state.type === 'pending') return true
  if (state.type === 'fulfilled') return !state.notAPromise
  return true
}

/** Evaluates a script as the library prepares it; as it is written when that is no valid script any more. */
function compiled(node: NodeProcess, file: string, original: string, prefix: string, suffix: string): QuickJSHandle {
  const { guest, sources } = node
  const prepared = instrument(original, { prefix, suffix })
  sources.add(file, prepared)
  return guest.evaluate(prepared.text, file)
}

function runModule(node: NodeProcess, file: string, source: string): QuickJSHandle {
  const original = source === '' ? node.process.files.readText(file) : source
  return node.guest.evaluate(preparedModule(node, file, original), file, 'module')
}

function preparedModule(node: NodeProcess, file: string, original: string): string {
  const prepared = instrument(original, { meta: `__node__.meta(${JSON.stringify(file)})` })
  node.sources.add(file, prepared)
  return prepared.text
}

/** Lets the engine find what ES modules import. */
function loadModules(node: NodeProcess, internal: QuickJSHandle): void {
  const { guest } = node
  const { context } = guest
  const ask = (name: 'source' | 'resolve', ...args: string[]): string | { error: QuickJSHandle } => {
    const builtin = context.getProp(internal, 'builtin')
    const id = context.newString('internal/esm')
    const module = context.callFunction(builtin, context.undefined, [id])
    if (module.error) return { error: module.error }
    const target = context.getProp(module.value, name)
    const result = context.callFunction(
      target,
      context.undefined,
      args.map((each) => context.newString(each)),
    )
    return result.error ? { error: result.error } : context.getString(result.value)
  }
  // The engine goes on with the name it has when there is none to be found, so the failure waits for the loader.
  const failures: QuickJSHandle[] = []
  guest.runtime.setModuleLoader(
    (file) => {
      const failure = /^not-found:(\d+)$/.exec(file)
      if (failure) return { error: failures[Number(failure[1])]! }
      const found = ask('source', file)
      if (typeof found !== 'string') return found
      return found.startsWith('m') ? preparedModule(node, file, found.slice(1)) : found.slice(1)
    },
    (base, request) => {
      const found = ask('resolve', request, base)
      return typeof found === 'string' ? found : `not-found:${failures.push(found.error) - 1}`
    },
  )
}
