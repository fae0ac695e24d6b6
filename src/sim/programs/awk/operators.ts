import { AwkError } from './awk-error.ts'
import { compareValues, toNumber, type Value } from './value.ts'

/** What a binary operator makes of two values. */
export function binary(operator: string, left: Value, right: Value): Value {
  switch (operator) {
    case '+':
      return toNumber(left) + toNumber(right)
    case '-':
      return toNumber(left) - toNumber(right)
    case '*':
      return toNumber(left) * toNumber(right)
    case '/':
      if (toNumber(right) === 0) throw new AwkError('division by zero')
      return toNumber(left) / toNumber(right)
    case '%':
      if (toNumber(right) === 0) throw new AwkError('division by zero in %')
      return toNumber(left) % toNumber(right)
    case '^':
      return toNumber(left) ** toNumber(right)
  }
  const order = compareValues(left, right)
  const holds = {
    '<': order < 0,
    '<=': order <= 0,
    '==': order === 0,
    '!=': order !== 0,
    '>': order > 0,
    '>=': order >= 0,
  }[operator]
  return holds ? 1 : 0
}
