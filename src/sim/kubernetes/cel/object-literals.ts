/** Turns `Object.metadata{labels: {…}}` and `JSONPatch{op: 'add', …}` into map literals, which the evaluator knows. */
export function objectLiterals(expression: string): string {
  let out = ''
  let i = 0
  const stack: ('object' | 'other')[] = []
  let atStart = false
  while (i < expression.length) {
    const rest = expression.slice(i)
    const text = /^(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")/.exec(rest)
    const literal = /^(?:Object(?:\.[A-Za-z_]\w*)*|JSONPatch)\s*\{/.exec(rest)
    const field = atStart && stack.at(-1) === 'object' ? /^\s*([A-Za-z_]\w*)\s*:/.exec(rest) : null
    if (text) {
      out += text[0]
      i += text[0].length
      atStart = false
    } else if (literal && !/[\w.]$/.test(out)) {
      out += '{'
      i += literal[0].length
      stack.push('object')
      atStart = true
    } else if (field) {
      out += `'${field[1]}':`
      i += field[0].length
      atStart = false
    } else {
      const c = expression[i]!
      if (c === '{' || c === '[' || c === '(') stack.push('other')
      if (c === '}' || c === ']' || c === ')') stack.pop()
      if (c === ',') atStart = true
      else if (!/\s/.test(c)) atStart = false
      out += c
      i++
    }
  }
  return out
}
