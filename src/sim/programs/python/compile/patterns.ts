import { PyTuple } from '../objects/value.ts'
import type { Expr, Pattern, Stmt } from '../syntax/ast.ts'
import type { Label } from './assembler.ts'
import type { Compiler } from './compiler.ts'
import { COMPARISONS } from './operators.ts'

/**
 * `match`: each pattern is tried against the subject, which lies on the stack; helpers of the prelude look into
 * sequences, mappings and classes and give None or a tuple of what they found.
 */
export function compilePattern(compiler: Compiler, node: Extract<Stmt, { kind: 'Match' }>): void {
  const { asm } = compiler
  const end = asm.label()
  compiler.expr(node.subject)
  for (const { pattern, guard, body } of node.cases) {
    const next = asm.label()
    asm.emit('DUP')
    matches(compiler, pattern, next)
    if (guard) compiler.condition(guard, next, false)
    asm.emit('POP')
    compiler.statements(body)
    asm.jump('JUMP', end)
    asm.mark(next)
  }
  asm.emit('POP')
  asm.mark(end)
}

/** Takes the value on the stack; jumps when it does not match. */
function matches(compiler: Compiler, pattern: Pattern, fail: Label): void {
  const { asm } = compiler
  asm.at(pattern)
  switch (pattern.kind) {
    case 'Value':
      compiler.expr(pattern.value)
      if (pattern.value.kind === 'Constant' && ['none', 'bool'].includes(pattern.value.type)) asm.emit('IS', 0)
      else asm.emit('COMPARE', COMPARISONS.indexOf('=='))
      return asm.jump('JUMP_IF_FALSE', fail)
    case 'Capture':
      if (pattern.pattern) {
        asm.emit('DUP')
        const [inside, matched] = [asm.label(), asm.label()]
        matches(compiler, pattern.pattern, inside)
        asm.jump('JUMP', matched)
        asm.mark(inside)
        asm.emit('POP')
        asm.jump('JUMP', fail)
        asm.mark(matched)
      }
      if (pattern.name === undefined) asm.emit('POP')
      else compiler.store(pattern.name)
      return
    case 'Star':
      if (pattern.name === undefined) asm.emit('POP')
      else compiler.store(pattern.name)
      return
    case 'Or': {
      const matched = asm.label()
      for (const [i, each] of pattern.patterns.entries()) {
        if (i === pattern.patterns.length - 1) {
          matches(compiler, each, fail)
          break
        }
        const next = asm.label()
        const [dropped] = [asm.label()]
        asm.emit('DUP')
        matches(compiler, each, next)
        asm.emit('POP')
        asm.jump('JUMP', matched)
        asm.mark(next)
        asm.mark(dropped)
      }
      return asm.mark(matched)
    }
    case 'Sequence': {
      const star = pattern.patterns.findIndex((each) => each.kind === 'Star')
      const items = pattern.patterns
      asm.push(new PyTuple([items.length, star]))
      return parts(compiler, '__match_sequence__', 2, items, fail)
    }
    case 'Mapping': {
      for (const [key] of pattern.items) compiler.expr(key)
      asm.emit('BUILD_TUPLE', pattern.items.length)
      asm.push(pattern.rest !== undefined)
      const rest: Pattern[] =
        pattern.rest === undefined ? [] : [{ ...pattern, kind: 'Capture', name: pattern.rest, pattern: undefined }]
      return parts(compiler, '__match_mapping__', 3, [...pattern.items.map(([, each]) => each), ...rest], fail)
    }
    case 'Class':
      compiler.expr(pattern.cls)
      asm.push(pattern.patterns.length)
      asm.push(new PyTuple(pattern.keywords.map(([name]) => name)))
      return parts(
        compiler,
        '__match_class__',
        4,
        [...pattern.patterns, ...pattern.keywords.map(([, each]) => each)],
        fail,
      )
  }
}

/** Calls a helper with what lies on the stack, then matches the values it gives. */
function parts(compiler: Compiler, helper: string, count: number, patterns: readonly Pattern[], fail: Label): void {
  const { asm } = compiler
  const [found, none] = [asm.label(), asm.label()]
  asm.emit('BUILD_TUPLE', count)
  asm.emit('LOAD_GLOBAL', asm.name(helper))
  asm.emit('ROT2')
  asm.emit('CALL', 1)
  asm.emit('DUP')
  asm.push(null)
  asm.emit('IS', 0)
  asm.jump('JUMP_IF_FALSE', found)
  asm.mark(none)
  asm.emit('POP')
  asm.jump('JUMP', fail)
  asm.mark(found)
  // Each value is taken out of the tuple in its turn, so that a failure leaves just the tuple.
  patterns.forEach((each, i) => {
    asm.emit('DUP')
    asm.push(i)
    asm.emit('SUBSCRIPT')
    matches(compiler, each, none)
  })
  asm.emit('POP')
}

export type { Expr }
