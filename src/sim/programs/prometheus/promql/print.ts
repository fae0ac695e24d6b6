import { formatDuration } from '../duration.ts'
import { formatFloat } from '../go-number.ts'
import { matcherText } from '../matcher.ts'
import type { At, Expression, VectorSelector } from './expression.ts'

/** An expression as Prometheus writes it back. */
export function printExpression(expression: Expression): string {
  switch (expression.type) {
    case 'number':
      return formatFloat(expression.value)
    case 'string':
      return JSON.stringify(expression.value)
    case 'parentheses':
      return `(${printExpression(expression.expression)})`
    case 'unary':
      return `${expression.operator}${printExpression(expression.expression)}`
    case 'selector':
      return `${selectorText(expression)}${modifiers(expression)}`
    case 'range':
      return `${selectorText(expression.selector)}[${formatDuration(expression.range)}]${modifiers(expression.selector)}`
    case 'subquery': {
      const step = expression.step ? formatDuration(expression.step) : ''
      return `${printExpression(expression.expression)}[${formatDuration(expression.range)}:${step}]${modifiers(expression)}`
    }
    case 'call':
      return `${expression.name}(${expression.args.map(printExpression).join(', ')})`
    case 'aggregation': {
      const { operator, modifier, labels, parameter } = expression
      const grouping =
        modifier === 'without' || (modifier && labels.length > 0) ? ` ${modifier} (${labels.join(', ')}) ` : ''
      const inner = [...(parameter ? [parameter] : []), expression.expression].map(printExpression).join(', ')
      return `${operator}${grouping}(${inner})`
    }
    case 'binary': {
      const { operator, left, right, bool, matching } = expression
      let words = operator as string
      if (bool) words += ' bool'
      if (matching && (matching.labels.length > 0 || matching.on)) {
        words += ` ${matching.on ? 'on' : 'ignoring'} (${matching.labels.join(', ')})`
        if (matching.group) words += ` group_${matching.group} (${matching.include.join(', ')})`
      }
      return `${printExpression(left)} ${words} ${printExpression(right)}`
    }
  }
}

function selectorText({ name, matchers }: VectorSelector): string {
  const shown = matchers.filter((m) => !(name && m.name === '__name__' && m.operator === '=' && m.value === name))
  const text = shown.map(matcherText).sort()
  return text.length > 0 ? `${name ?? ''}{${text.join(',')}}` : (name ?? '{}')
}

function modifiers({ offset, at }: { offset: number; at: At | undefined }): string {
  const moment = at === undefined ? '' : typeof at === 'number' ? ` @ ${(at / 1000).toFixed(3)}` : ` @ ${at}()`
  if (offset === 0) return moment
  return `${moment} offset ${offset < 0 ? '-' : ''}${formatDuration(Math.abs(offset))}`
}
