import type { TestExpression } from 'unbash'
import { posixRegExp } from '../../regexp/posix-regexp.ts'
import { compareStrings, fileTest, isUnaryOperator } from '../builtins/test-primaries.ts'
import { ShellError } from '../control.ts'
import { arithmetic, expandPattern, expandRegExp, expandText } from '../expansion/expand.ts'
import { patternMatcher } from '../pattern.ts'
import type { Shell } from '../shell.ts'

/** `[[ … ]]` */
export async function evaluateCondition(shell: Shell, node: TestExpression): Promise<boolean> {
  switch (node.type) {
    case 'TestLogical': {
      for (const operand of node.operands) {
        const value = await evaluateCondition(shell, operand)
        if (value === (node.operator === '||')) return value
      }
      return node.operator === '&&'
    }
    case 'TestNot':
      return (await evaluateCondition(shell, node.operand)) !== (node.negations.length % 2 === 1)
    case 'TestGroup':
      return evaluateCondition(shell, node.expression)
    case 'TestUnary': {
      const operand = await expandText(shell, node.operand)
      return isUnaryOperator(node.operator) ? fileTest(shell, node.operator, operand) : operand !== ''
    }
    case 'TestBinary':
      return evaluateBinary(shell, node)
  }
}

async function evaluateBinary(shell: Shell, node: Extract<TestExpression, { type: 'TestBinary' }>): Promise<boolean> {
  const left = await expandText(shell, node.left)
  switch (node.operator) {
    case '==':
    case '=':
      return patternMatcher(await expandPattern(shell, node.right), matching(shell)).test(left)
    case '!=':
      return !patternMatcher(await expandPattern(shell, node.right), matching(shell)).test(left)
    case '=~':
      return matchRegExp(shell, left, await expandRegExp(shell, node.right))
    case '-eq':
    case '-ne':
    case '-lt':
    case '-le':
    case '-gt':
    case '-ge': {
      const a = arithmetic(shell, left)
      const b = arithmetic(shell, await expandText(shell, node.right))
      return { '-eq': a === b, '-ne': a !== b, '-lt': a < b, '-le': a <= b, '-gt': a > b, '-ge': a >= b }[node.operator]
    }
    default:
      return compareStrings(shell, node.operator, left, await expandText(shell, node.right)) ?? false
  }
}

const matching = (shell: Shell) => ({ extended: true, ignoreCase: shell.shopt.has('nocasematch') })

function matchRegExp(shell: Shell, text: string, source: string): boolean {
  let pattern: RegExp
  try {
    pattern = posixRegExp(source, { extended: true, newlines: true, ignoreCase: shell.shopt.has('nocasematch') })
  } catch {
    throw new ShellError('', 2, false)
  }
  const match = pattern.exec(text)
  const variable = shell.variables.ensure('BASH_REMATCH')
  variable.value = undefined
  variable.indexed = new Map((match ?? []).map((group, index) => [index, group ?? '']))
  return match !== null
}
