import type { Case, CompoundCommand, CompoundList, Coproc, For, If, Select, Statement, While } from 'unbash'
import { Break, ShellError } from '../control.ts'
import { arithmetic, expandArithmetic, expandPattern, expandText, expandWords } from '../expansion/expand.ts'
import { assign } from '../expansion/lookup.ts'
import { patternMatcher } from '../pattern.ts'
import type { RunOptions, Shell } from '../shell.ts'
import { isName } from '../variables.ts'
import { evaluateCondition } from './condition.ts'
import { waitForeground } from './foreground.ts'
import { startSubshell } from './subshell.ts'

/** Runs `if`, loops, `case`, groups, subshells, `[[ ]]` and `(( ))`. */
export async function runCompound(shell: Shell, node: CompoundCommand, options: RunOptions): Promise<number> {
  const list = (body: CompoundList, inner: RunOptions = options) =>
    shell.interpreter.runStatements(shell, body.commands, inner)
  switch (node.type) {
    case 'BraceGroup':
      return list(node.body)
    case 'Subshell':
      return runSubshellNode(shell, node.body.commands, shell.source.text.slice(node.pos, node.end))
    case 'If':
      return runIf(shell, node, list)
    case 'While':
      return runWhile(shell, node)
    case 'For':
      return runFor(shell, node)
    case 'ArithmeticFor':
      return runArithmeticFor(shell, node)
    case 'Select':
      return runSelect(shell, node)
    case 'Case':
      return runCase(shell, node, list)
    case 'TestCommand':
      await shell.tick()
      shell.position = node.pos
      try {
        return (await evaluateCondition(shell, node.expression)) ? 0 : 1
      } catch (error) {
        if (error instanceof ShellError && error.message === '') return error.status
        throw error
      }
    case 'ArithmeticCommand':
      await shell.tick()
      shell.position = node.pos
      return shell.isBash ? runArithmetic(shell, node.body) : runNestedSubshell(shell, node.body)
  }
}

/** `((cmd))` in a plain sh: a subshell in a subshell. */
async function runNestedSubshell(shell: Shell, body: string): Promise<number> {
  const child = startSubshell(shell, (sub) => {
    sub.interactive = false
    return sub.interpreter.runText(sub, body)
  })
  return waitForeground(shell, [child], body)
}

async function runArithmetic(shell: Shell, body: string): Promise<number> {
  try {
    return (await expandArithmetic(shell, body)) === 0n ? 1 : 0
  } catch (error) {
    if (!(error instanceof ShellError) || error.fatal) throw error
    await shell.complain(`((: ${error.message}`, '')
    return 1
  }
}

async function runSubshellNode(shell: Shell, statements: readonly Statement[], text: string): Promise<number> {
  await shell.tick()
  const child = startSubshell(
    shell,
    (sub) => {
      sub.interactive = false
      return sub.interpreter.runStatements(sub, statements, { tail: true })
    },
    shell.interactive ? { group: 0 } : {},
  )
  return waitForeground(shell, [child], text)
}

async function condition(shell: Shell, clause: CompoundList): Promise<boolean> {
  shell.conditional++
  try {
    return (await shell.interpreter.runStatements(shell, clause.commands)) === 0
  } finally {
    shell.conditional--
  }
}

async function runIf(shell: Shell, node: If, list: (body: CompoundList) => Promise<number>): Promise<number> {
  if (await condition(shell, node.clause)) return list(node.then)
  for (const branch of node.elif) if (await condition(shell, branch.clause)) return list(branch.then)
  return node.else ? list(node.else) : 0
}

/** Runs a loop's body once; false when the loop is to end. */
async function iterate(shell: Shell, body: CompoundList, state: { status: number }): Promise<boolean> {
  try {
    state.status = await shell.interpreter.runStatements(shell, body.commands)
    return true
  } catch (error) {
    if (!(error instanceof Break)) throw error
    if (error.depth > 1) throw new Break(error.kind, error.depth - 1)
    state.status = 0
    return error.kind === 'continue'
  }
}

async function inLoop(shell: Shell, body: (state: { status: number }) => Promise<void>): Promise<number> {
  const state = { status: 0 }
  shell.loops++
  try {
    await body(state)
  } finally {
    shell.loops--
  }
  return state.status
}

function runWhile(shell: Shell, node: While): Promise<number> {
  return inLoop(shell, async (state) => {
    for (;;) {
      await shell.tick()
      let go: boolean
      try {
        go = (await condition(shell, node.clause)) === (node.kind === 'while')
      } catch (error) {
        if (!(error instanceof Break)) throw error
        if (error.depth > 1) throw new Break(error.kind, error.depth - 1)
        if (error.kind === 'continue') continue
        return
      }
      if (!go || !(await iterate(shell, node.body, state))) return
    }
  })
}

async function runFor(shell: Shell, node: For): Promise<number> {
  const name = node.name.text
  if (!isName(name)) throw new ShellError(`\`${name}': not a valid identifier`, 1, false)
  shell.position = node.pos
  const words = node.wordlist ? await expandWords(shell, node.wordlist) : [...shell.positional]
  return inLoop(shell, async (state) => {
    for (const word of words) {
      await shell.tick()
      assign(shell, name, word, { number: (text) => Number(arithmetic(shell, text)) })
      if (!(await iterate(shell, node.body, state))) return
    }
  })
}

function runArithmeticFor(shell: Shell, node: Extract<CompoundCommand, { type: 'ArithmeticFor' }>): Promise<number> {
  const { text } = shell.source
  const header = text.slice(text.indexOf('((', node.pos) + 2, closingHeader(text, node.pos))
  const [first = '', test = '', update = ''] = header.split(';')
  return inLoop(shell, async (state) => {
    if (first.trim()) await expandArithmetic(shell, first)
    for (;;) {
      await shell.tick()
      if (test.trim() && (await expandArithmetic(shell, test)) === 0n) return
      if (!(await iterate(shell, node.body, state))) return
      if (update.trim()) await expandArithmetic(shell, update)
    }
  })
}

function closingHeader(text: string, start: number): number {
  let depth = 0
  for (let i = text.indexOf('((', start); i < text.length; i++) {
    if (text[i] === '(') depth++
    else if (text[i] === ')' && --depth === 1) return i
  }
  return text.length
}

async function runSelect(shell: Shell, node: Select): Promise<number> {
  const words = node.wordlist ? await expandWords(shell, node.wordlist) : [...shell.positional]
  const width = String(words.length).length
  const menu = words.map((word, index) => `${String(index + 1).padStart(width)}) ${word}\n`).join('')
  return inLoop(shell, async (state) => {
    if (words.length === 0) return
    let show = true
    for (;;) {
      await shell.tick()
      if (show) await shell.process.printError(menu)
      await shell.process.printError(shell.variables.get('PS3') ?? '#? ')
      const status = await shell.interpreter.runWords(shell, ['read', '-r', 'REPLY'])
      if (status !== 0) {
        await shell.process.printError('\n')
        state.status = 1
        return
      }
      const reply = (shell.variables.get('REPLY') ?? '').trim()
      show = reply === ''
      if (show) continue
      assign(shell, node.name.text, words[Number(reply) - 1] ?? '', { number: Number })
      if (!(await iterate(shell, node.body, state))) return
    }
  })
}

async function runCase(shell: Shell, node: Case, list: (body: CompoundList) => Promise<number>): Promise<number> {
  shell.position = node.pos
  const text = await expandText(shell, node.word)
  let status = 0
  let falling = false
  for (const item of node.items) {
    if (!falling && !(await matchesAny(shell, item.pattern, text))) continue
    status = await list(item.body)
    if (item.terminator === ';&') falling = true
    else if (item.terminator === ';;&') falling = false
    else return status
  }
  return status
}

async function matchesAny(shell: Shell, patterns: Case['items'][number]['pattern'], text: string): Promise<boolean> {
  for (const pattern of patterns) {
    const source = await expandPattern(shell, pattern)
    if (patternMatcher(source, { extended: shell.isBash, ignoreCase: shell.shopt.has('nocasematch') }).test(text))
      return true
  }
  return false
}

export function refuseCoproc(_node: Coproc): never {
  throw new ShellError('not simulated: coproc', 1, false)
}
