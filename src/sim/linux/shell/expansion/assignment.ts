import type { Assignment, Word } from 'unbash'
import { parseWord } from '../parse.ts'
import type { Shell } from '../shell.ts'
import { lastIndex, type Variable } from '../variables.ts'
import { arithmetic, expandBody, expandText, expandWords } from './expand.ts'
import { assign, readonlyError } from './lookup.ts'

const numberIn = (shell: Shell) => (text: string) => Number(arithmetic(shell, text))

/** Performs `x=…`, `x+=…`, `x[i]=…`, `x=(…)`; on `variable` when given, else on the visible one. */
export async function assignNode(shell: Shell, node: Assignment, variable?: Variable): Promise<void> {
  const number = numberIn(shell)
  if (node.value.type === 'ArrayValue') {
    await assignArray(shell, node, variable ?? shell.variables.ensure(node.name))
    return
  }
  const index = node.index && (await subscript(shell, variable ?? shell.variables.lookup(node.name), node.index))
  const text = await expandText(shell, node.value, 'assignment')
  assign(shell, node.name, text, {
    ...(index === undefined ? {} : { index }),
    append: node.append ?? false,
    ...(variable ? { variable } : {}),
    number,
  })
}

/** `name=value` with everything expanded, for builtins that take it as a word. */
export async function assignmentText(shell: Shell, node: Assignment): Promise<string> {
  if (node.value.type === 'ArrayValue') return node.text
  const index = node.index ? `[${node.index.text}]` : ''
  return `${node.name}${index}${node.append ? '+' : ''}=${await expandText(shell, node.value, 'assignment')}`
}

async function subscript(shell: Shell, variable: Variable | undefined, index: Word): Promise<string> {
  if (variable?.associative) return expandText(shell, index)
  return (await expandBody(shell, index.text)).replace(/"/g, '')
}

async function assignArray(shell: Shell, node: Assignment, variable: Variable): Promise<void> {
  if (node.value.type !== 'ArrayValue') return
  if (variable.readonly) throw readonlyError(shell, node.name)
  const number = numberIn(shell)
  const values: [string | undefined, boolean, string][] = []
  for (const word of node.value.elements) {
    const keyed = splitKey(word.text)
    if (!keyed) {
      for (const text of await expandWords(shell, [word])) values.push([undefined, false, text])
      continue
    }
    const key = await subscript(shell, variable, parseWord(keyed.key))
    values.push([key, keyed.append, await expandText(shell, parseWord(keyed.value), 'assignment')])
  }
  if (variable.associative) {
    if (!node.append) variable.associative.clear()
    assignPairs(shell, node.name, variable, values, number)
    return
  }
  if (!variable.indexed || !node.append) {
    const first = node.append && variable.value !== undefined ? [[0, variable.value] as [number, string]] : []
    variable.indexed = new Map(first)
    variable.value = undefined
  }
  let next = lastIndex(variable.indexed) + 1
  for (const [key, append, text] of values) {
    const at = key === undefined ? next : number(key)
    assign(shell, node.name, text, { index: String(at), append, variable, number })
    next = at + 1
  }
}

/** An associative array takes `[key]=value` or alternating keys and values. */
function assignPairs(
  shell: Shell,
  name: string,
  variable: Variable,
  values: [string | undefined, boolean, string][],
  number: (text: string) => number,
): void {
  for (let i = 0; i < values.length; i++) {
    const [key, append, text] = values[i]!
    if (key !== undefined) assign(shell, name, text, { index: key, append, variable, number })
    else assign(shell, name, values[++i]?.[2] ?? '', { index: text, variable, number })
  }
}

/** `[key]=value` or `[key]+=value`. */
function splitKey(text: string): { key: string; append: boolean; value: string } | undefined {
  if (text[0] !== '[') return undefined
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === "'" || text[i] === '"')
      i = text.indexOf(text[i]!, i + 1) < 0 ? text.length : text.indexOf(text[i]!, i + 1)
    else if (text[i] === '[') depth++
    else if (text[i] === ']' && --depth === 0) {
      const match = /^(\+?)=([\s\S]*)$/.exec(text.slice(i + 1))
      return match ? { key: text.slice(1, i), append: match[1] === '+', value: match[2]! } : undefined
    }
  }
  return undefined
}
