import type { Code } from '../../compile/code.ts'
import { PyDict } from '../../objects/dict.ts'
import { error, typeError } from '../../objects/errors.ts'
import { type Cell, PyFunction, type PyList, PyModule, type PyTuple, type Value } from '../../objects/value.ts'
import { findAttribute } from '../attributes.ts'
import { buildClass } from '../classes.ts'
import { repr, str } from '../text.ts'
import { popMany } from './collections.ts'
import type { Handler } from './handler.ts'
import { NO_SELF } from './objects.ts'

const asKeywords = (value: Value): Map<string, Value> | undefined => {
  if (!(value instanceof PyDict)) return undefined
  const keywords = new Map<string, Value>()
  for (const [key, each] of value.entries()) {
    if (typeof key !== 'string') throw typeError('keywords must be strings')
    keywords.set(key, each)
  }
  return keywords
}

/** Calls, functions, classes, imports, printing. */
export const calls = {
  CALL: (vm, frame, count) => {
    const args = popMany(frame, count)
    vm.allocated += 16
    vm.invoke(frame.stack.pop()!, args)
  },
  CALL_METHOD: (vm, frame, count) => {
    const args = popMany(frame, count)
    const callee = frame.stack.pop()!
    const self = frame.stack.pop()!
    vm.allocated += 16
    if (self !== NO_SELF) args.unshift(self)
    vm.invoke(callee, args)
  },
  CALL_KEYWORDS: (vm, frame, count) => {
    const names = frame.stack.pop() as PyTuple
    const values = popMany(frame, names.items.length)
    const args = popMany(frame, count)
    vm.allocated += 64
    vm.invoke(frame.stack.pop()!, args, new Map(names.items.map((name, i) => [name as string, values[i]!])))
  },
  CALL_SPREAD: (vm, { stack }) => {
    const keywords = asKeywords(stack.pop()!)
    const args = (stack.pop() as PyList).items
    vm.invoke(stack.pop()!, args, keywords)
  },
  MAKE_FUNCTION: (_vm, frame, operand) => {
    const { stack } = frame
    const code = frame.code.constants[operand >> 3] as unknown as Code
    const closure = operand & 4 ? ((stack.pop() as PyTuple).items as readonly Value[] as readonly Cell[]) : []
    const keywordDefaults = operand & 2 ? asKeywords(stack.pop()!) : undefined
    const defaults = operand & 1 ? (stack.pop() as PyTuple).items : []
    const made = new PyFunction(code, frame.globals, defaults, keywordDefaults, closure)
    if (code.doc !== undefined) made.doc = code.doc
    stack.push(made)
  },
  BUILD_CLASS: (vm, { stack }) => {
    const keywords = asKeywords(stack.pop()!)
    const bases = (stack.pop() as PyList).items
    const name = stack.pop() as string
    buildClass(vm, stack.pop() as PyFunction, name, bases, keywords)
  },
  IMPORT: (vm, frame, index) => {
    const [name, level, which, ...names] = (frame.code.constants[index] as PyTuple).items
    vm.importModule(String(name), Number(level), frame.globals, which === 'first' ? 'first' : 'last', names as string[])
  },
  IMPORT_FROM: (vm, frame, index) => {
    const { stack } = frame
    const module = stack[stack.length - 1]!
    const name = frame.code.names[index]!
    const found = findAttribute(vm, module, name)
    if (found === undefined) {
      const owner = module instanceof PyModule ? module : undefined
      const file = owner?.attrs.get('__file__')
      throw error(
        'ImportError',
        `cannot import name '${name}' from '${owner?.name ?? '<unknown module name>'}' (${typeof file === 'string' ? file : 'unknown location'})`,
      )
    }
    stack.push(found)
  },
  IMPORT_STAR: (vm, frame) => {
    const module = frame.stack.pop()!
    if (!(module instanceof PyModule)) return
    const listed = module.attrs.get('__all__')
    const names =
      listed === undefined ? [...module.attrs.keys()].filter((name) => !name.startsWith('_')) : (listed as PyList).items
    for (const name of names) {
      const value = findAttribute(vm, module, String(name))
      if (value === undefined)
        throw error('AttributeError', `module '${module.name}' has no attribute '${String(name)}'`)
      ;(frame.names ?? frame.globals).set(String(name), value)
    }
  },
  PRINT_VALUE: (vm, { stack }) => {
    const value = stack.pop()!
    if (value === null) {
      return
    }
    vm.builtins.set('_', value)
    vm.deliver(vm.host.write(`${repr(vm, value)}\n`))
    // What writing gives back is nobody's.
    if (!vm.pause) vm.frame.stack.pop()
    else vm.frame.discard = true
  },
  /** Python 2's print statement. */
  PRINT2: (vm, frame, operand) => {
    const to = operand & 1 ? frame.stack.pop()! : undefined
    const values = popMany(frame, operand >> 2)
    const text = values.map((value) => str(vm, value)).join(' ') + (operand & 2 ? '\n' : ' ')
    if (to !== undefined) vm.invoke(findAttribute(vm, to, 'write')!, [text])
    else vm.deliver(vm.host.write(text))
    if (!vm.pause) vm.frame.stack.pop()
    else vm.frame.discard = true
  },
} satisfies Record<string, Handler>
