const LITERAL = String.raw`(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|-?\d+(?:\.\d+)?)`

/**
 * What a program prints that does nothing but print literals: `print("a", 1)`, `console.log('a')`, one after the other;
 * undefined when it does anything else.
 */
export function literalPrints(source: string, print: 'print' | 'console.log'): string | undefined {
  const comment = print === 'print' ? /^\s*#.*$/gm : /^\s*\/\/.*$/gm
  let rest = source.replace(comment, '')
  const statement = new RegExp(
    String.raw`^[\s;]*${print.replace('.', String.raw`\.`)}\(\s*((?:${LITERAL}(?:\s*,\s*${LITERAL})*)?)\s*\)[ \t]*(?=[;\n]|$)`,
  )
  let out = ''
  while (/[^\s;]/.test(rest)) {
    const found = statement.exec(rest)
    if (!found) return undefined
    out += `${[...found[1]!.matchAll(new RegExp(LITERAL, 'g'))].map(([literal]) => shown(literal)).join(' ')}\n`
    rest = rest.slice(found[0].length)
  }
  return out
}

function shown(literal: string): string {
  if (!/^["']/.test(literal)) return literal
  const escapes: Record<string, string> = { n: '\n', t: '\t' }
  return literal.slice(1, -1).replace(/\\(.)/g, (_, c: string) => escapes[c] ?? c)
}
