export interface SqlToken {
  kind: 'word' | 'string' | 'quoted' | 'number' | 'op' | 'space'
  /** As written; for strings and quoted names, what stands inside. */
  text: string
}

/** Splits a statement; strings keep their content unescaped as MySQL escapes it. */
export function tokenize(sql: string): SqlToken[] {
  const tokens: SqlToken[] = []
  let i = 0
  while (i < sql.length) {
    const c = sql[i]!
    if (/\s/.test(c) || sql.startsWith('-- ', i) || c === '#' || sql.startsWith('/*', i)) {
      const end = c === '#' || c === '-' ? sql.indexOf('\n', i) : c === '/' ? sql.indexOf('*/', i) + 1 : i
      i = end < i ? sql.length : end + 1
      tokens.push({ kind: 'space', text: ' ' })
      continue
    }
    if (c === "'" || c === '"' || c === '`') {
      let text = ''
      i++
      for (; i < sql.length; i++) {
        if (sql[i] === '\\' && c !== '`') {
          const e = sql[++i] ?? ''
          text += { n: '\n', t: '\t', r: '\r', 0: '\0' }[e] ?? e
        } else if (sql[i] === c) {
          if (sql[i + 1] !== c) break
          text += c
          i++
        } else text += sql[i]
      }
      i++
      tokens.push({ kind: c === '`' ? 'quoted' : 'string', text })
      continue
    }
    const word = /^(?:@{0,2}[A-Za-z_$][\w$]*)/.exec(sql.slice(i))
    if (word) {
      tokens.push({ kind: 'word', text: word[0] })
      i += word[0].length
      continue
    }
    const number = /^\d+(?:\.\d+)?/.exec(sql.slice(i))
    if (number) {
      tokens.push({ kind: 'number', text: number[0] })
      i += number[0].length
      continue
    }
    const op = /^(?:<=>|<=|>=|<>|!=|\|\||&&|:=)/.exec(sql.slice(i))?.[0] ?? c
    tokens.push({ kind: 'op', text: op })
    i += op.length
  }
  return tokens
}

/** The statements of a text, at `;` outside strings. */
export function splitStatements(sql: string): string[] {
  const statements: string[] = []
  let start = 0
  let quote = ''
  for (let i = 0; i < sql.length; i++) {
    const c = sql[i]!
    if (quote) {
      if (c === '\\' && quote !== '`') i++
      else if (c === quote) quote = ''
    } else if (c === "'" || c === '"' || c === '`') quote = c
    else if (c === ';') {
      statements.push(sql.slice(start, i))
      start = i + 1
    }
  }
  statements.push(sql.slice(start))
  return statements.map((s) => s.trim()).filter((s) => s !== '')
}
