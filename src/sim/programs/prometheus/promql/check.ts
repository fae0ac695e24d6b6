import { type Expression, isComparison, isSetOperator, type ValueType } from './expression.ts'
import { FUNCTIONS } from './functions.ts'
import { parseError } from './tokens.ts'

const NAMES: Record<ValueType, string> = {
  scalar: 'scalar',
  string: 'string',
  vector: 'instant vector',
  matrix: 'range vector',
}

export function typeOf(expression: Expression): ValueType {
  switch (expression.type) {
    case 'number':
      return 'scalar'
    case 'string':
      return 'string'
    case 'selector':
    case 'aggregation':
      return 'vector'
    case 'range':
    case 'subquery':
      return 'matrix'
    case 'parentheses':
    case 'unary':
      return typeOf(expression.expression)
    case 'call':
      return FUNCTIONS[expression.name]?.returns ?? 'vector'
    case 'binary':
      return typeOf(expression.left) === 'scalar' && typeOf(expression.right) === 'scalar' ? 'scalar' : 'vector'
  }
}

/** Throws ParseError when an operand is of the wrong type. */
export function check(expression: Expression, source: string): void {
  const fail = (at: Expression, message: string) => parseError(source, at.from, message)
  const expect = (of: Expression, wanted: ValueType, where: string) => {
    check(of, source)
    const got = typeOf(of)
    if (got !== wanted) throw fail(of, `expected type ${NAMES[wanted]} in ${where}, got ${NAMES[got]}`)
  }
  switch (expression.type) {
    case 'parentheses':
      return check(expression.expression, source)
    case 'unary': {
      check(expression.expression, source)
      const got = typeOf(expression.expression)
      if (got !== 'scalar' && got !== 'vector')
        throw fail(
          expression,
          `unary expression only allowed on expressions of type scalar or instant vector, got ${JSON.stringify(NAMES[got])}`,
        )
      return
    }
    case 'subquery': {
      const got = typeOf(expression.expression)
      if (got !== 'vector') throw fail(expression, `subquery is only allowed on instant vector, got ${got} instead`)
      return check(expression.expression, source)
    }
    case 'aggregation': {
      expect(expression.expression, 'vector', 'aggregation expression')
      if (expression.parameter)
        expect(
          expression.parameter,
          expression.operator === 'count_values' ? 'string' : 'scalar',
          'aggregation parameter',
        )
      return
    }
    case 'call': {
      const { name, args } = expression
      const signature = FUNCTIONS[name]
      if (!signature) throw fail(expression, `unknown function with name ${JSON.stringify(name)}`)
      const { takes, optional = 0, variadic = false } = signature
      const least = takes.length - optional
      const called = JSON.stringify(name)
      if (optional === 0 && !variadic) {
        if (args.length !== takes.length)
          throw fail(expression, `expected ${takes.length} argument(s) in call to ${called}, got ${args.length}`)
      } else {
        if (args.length < least)
          throw fail(expression, `expected at least ${least} argument(s) in call to ${called}, got ${args.length}`)
        if (!variadic && args.length > takes.length)
          throw fail(
            expression,
            `expected at most ${takes.length} argument(s) in call to ${called}, got ${args.length}`,
          )
      }
      for (const [i, arg] of args.entries())
        expect(arg, takes[Math.min(i, takes.length - 1)]!, `call to function ${called}`)
      return
    }
    case 'binary':
      return checkBinary(expression, source)
    default:
  }
}

function checkBinary(expression: Expression & { type: 'binary' }, source: string): void {
  const { operator, left, right, bool, matching } = expression
  check(left, source)
  check(right, source)
  // Where the operator stands.
  const at = operatorPlace(source, left, operator)
  const [l, r] = [typeOf(left), typeOf(right)]
  if (bool && !isComparison(operator))
    throw parseError(source, at, 'bool modifier can only be used on comparison operators')
  if (isComparison(operator) && !bool && l === 'scalar' && r === 'scalar')
    throw parseError(source, at, 'comparisons between scalars must use BOOL modifier')
  if (isSetOperator(operator) && matching?.group)
    throw parseError(source, expression.from, `no grouping allowed for ${JSON.stringify(operator)} operation`)
  for (const name of matching?.on ? matching.labels : [])
    if (matching?.include.includes(name))
      throw parseError(source, at, `label ${JSON.stringify(name)} must not occur in ON and GROUP clause at once`)
  const fits = (type: ValueType) => type === 'scalar' || type === 'vector'
  if (!fits(l))
    throw parseError(source, left.from, 'binary expression must contain only scalar and instant vector types')
  if (!fits(r))
    throw parseError(source, right.from, 'binary expression must contain only scalar and instant vector types')
  if ((l !== 'vector' || r !== 'vector') && matching && matching.labels.length > 0)
    throw parseError(source, expression.from, 'vector matching only allowed between instant vectors')
  if (isSetOperator(operator) && (l === 'scalar' || r === 'scalar'))
    throw parseError(
      source,
      expression.from,
      `set operator ${JSON.stringify(operator)} not allowed in binary scalar expression`,
    )
}

function operatorPlace(source: string, left: Expression, operator: string): number {
  const at = source.indexOf(operator, left.from + 1)
  return at < 0 ? left.from : at
}
