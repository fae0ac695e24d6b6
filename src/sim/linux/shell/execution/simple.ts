import type { Assignment, Command, Redirection } from 'unbash'
import { SystemError } from '../../errors.ts'
import type { OpenFile } from '../../file.ts'
import type { BuiltinCall } from '../builtins/builtin.ts'
import { findBuiltin, SPECIAL_BUILTINS } from '../builtins/index.ts'
import { Return, ShellError } from '../control.ts'
import { assignmentText, assignNode } from '../expansion/assignment.ts'
import { expandBody, expandText, expandWords } from '../expansion/expand.ts'
import { assign } from '../expansion/lookup.ts'
import { quoteIfNeeded } from '../expansion/quote.ts'
import type { RunOptions, Shell, ShellFunction } from '../shell.ts'
import { cloneVariable, type Variable } from '../variables.ts'
import { becomeExternal, findCommand, startExternal } from './external.ts'
import { waitForeground } from './foreground.ts'
import { Redirected, redirect } from './redirect.ts'

/** Depth at which the real shells run out of stack. */
const MAX_FUNCTION_DEPTH = 1000

/** Runs one simple command: expansion, redirections, assignments, then function, builtin or program. */
export async function runSimple(shell: Shell, node: Command, options: RunOptions = {}): Promise<number> {
  await shell.tick()
  shell.position = node.pos
  if (shell.traps.has('DEBUG')) await shell.runTrap('DEBUG')
  const assignments = node.prefix.filter((part): part is Assignment => part.type === 'Assignment')
  shell.substitutionStatus = undefined
  const temporary = shell.temporary.length
  try {
    const { words, nodes } = await expandCommand(shell, node)
    if (words.length === 0) return await runAssignments(shell, assignments, node.redirects)
    await trace(shell, words, assignments)
    return await runCommand(shell, words, nodes, assignments, node.redirects, options)
  } finally {
    shell.closeTemporary(temporary)
  }
}

async function expandCommand(
  shell: Shell,
  node: Command,
): Promise<{ words: string[]; nodes: (Assignment | undefined)[] }> {
  const words = node.name ? await expandWords(shell, [node.name]) : []
  const nodes: (Assignment | undefined)[] = words.map(() => undefined)
  for (const arg of node.args) {
    if (arg.type === 'Assignment') {
      words.push(await assignmentText(shell, arg))
      nodes.push(arg)
    } else {
      for (const word of await expandWords(shell, [arg])) {
        words.push(word)
        nodes.push(undefined)
      }
    }
  }
  return { words, nodes }
}

/** Assignments without a command change the shell; redirections are only tried. */
async function runAssignments(
  shell: Shell,
  assignments: readonly Assignment[],
  redirects: readonly Redirection[],
): Promise<number> {
  const done = await tryRedirect(shell, redirects, shell.process.fds)
  if (!(done instanceof Redirected)) return done
  try {
    for (const assignment of assignments) {
      await assignNode(shell, assignment)
      if (shell.options.has('xtrace')) {
        const value =
          assignment.value.type === 'ArrayValue'
            ? assignment.text
            : `${assignment.name}${assignment.append ? '+' : ''}=${quoteIfNeeded(shell.variables.get(assignment.name) ?? '')}`
        await traceLine(shell, value)
      }
    }
  } finally {
    done.restore()
  }
  return shell.substitutionStatus ?? 0
}

/** Runs expanded words with redirections and temporary assignments. */
async function runCommand(
  shell: Shell,
  words: readonly string[],
  nodes: readonly (Assignment | undefined)[],
  assignments: readonly Assignment[],
  redirects: readonly Redirection[],
  options: RunOptions,
): Promise<number> {
  const name = words[0]!
  const found = shell.functions.get(name)
  const builtin = findBuiltin(name, shell.dialect)
  if (found && !(builtin && !shell.isBash && SPECIAL_BUILTINS.has(name))) {
    return inPlace(shell, redirects, assignments, false, () => callFunction(shell, name, found, words.slice(1)))
  }
  if (builtin) {
    const keep = name === 'exec' && words.length === 1
    const call: BuiltinCall = { shell, name, args: words.slice(1), assignments: nodes.slice(1) }
    return inPlace(
      shell,
      redirects,
      assignments,
      keep,
      () => runBuiltin(shell, call),
      SPECIAL_BUILTINS.has(name) && !shell.isBash,
    )
  }
  return runExternal(shell, words, assignments, redirects, options)
}

/** Redirections and assignments around something that runs inside the shell. */
async function inPlace(
  shell: Shell,
  redirects: readonly Redirection[],
  assignments: readonly Assignment[],
  keep: boolean,
  body: () => Promise<number>,
  special = false,
): Promise<number> {
  const done = await tryRedirect(shell, redirects, shell.process.fds)
  if (!(done instanceof Redirected)) {
    if (special) throw new ShellError('', done)
    return done
  }
  const undo = special ? await assignAll(shell, assignments) : await assignTemporarily(shell, assignments)
  try {
    return await body()
  } finally {
    undo()
    if (keep) done.keep()
    else done.restore()
  }
}

async function assignAll(shell: Shell, assignments: readonly Assignment[]): Promise<() => void> {
  for (const assignment of assignments) await assignNode(shell, assignment)
  return () => {}
}

/** `x=1 command`: exported for the command only. */
async function assignTemporarily(shell: Shell, assignments: readonly Assignment[]): Promise<() => void> {
  const before: [string, Variable | undefined][] = []
  for (const assignment of assignments) {
    const variable = shell.variables.lookup(assignment.name)
    before.push([assignment.name, variable && cloneVariable(variable)])
    await assignNode(shell, assignment)
    shell.variables.ensure(assignment.name).exported = true
  }
  return () => {
    for (const [name, variable] of before.reverse()) {
      if (variable) Object.assign(clear(shell.variables.ensure(name)), variable)
      else shell.variables.unset(name)
    }
  }
}

function clear(variable: Variable): Variable {
  for (const key of Object.keys(variable)) delete (variable as unknown as Record<string, unknown>)[key]
  return variable
}

export async function runBuiltin(shell: Shell, call: BuiltinCall): Promise<number> {
  const outer = shell.builtin
  shell.builtin = call.name
  try {
    return await findBuiltin(call.name, shell.dialect)!(call)
  } catch (error) {
    if (error instanceof SystemError && error.code !== 'EPIPE') {
      await shell.complain(`write error: ${error.message}`)
      return 1
    }
    throw error
  } finally {
    shell.builtin = outer
  }
}

export async function callFunction(
  shell: Shell,
  name: string,
  called: ShellFunction,
  args: readonly string[],
): Promise<number> {
  const limit = Number(shell.variables.get('FUNCNEST')) || MAX_FUNCTION_DEPTH
  if (shell.functionNames.length >= limit)
    throw new ShellError(`${name}: maximum function nesting level exceeded (${limit})`, 1, false)
  const { positional, source, position, loops, builtin } = shell
  shell.positional = [...args]
  shell.source = called.source
  shell.functionNames.push(name)
  shell.returnable++
  shell.loops = 0
  shell.builtin = undefined
  shell.variables.pushScope()
  try {
    return await shell.interpreter.runBody(shell, called.node.body)
  } catch (error) {
    if (error instanceof Return) return error.status
    throw error
  } finally {
    shell.variables.popScope()
    shell.functionNames.pop()
    shell.returnable--
    shell.loops = loops
    Object.assign(shell, { positional, source, position, builtin })
    if (shell.traps.has('RETURN')) await shell.runTrap('RETURN')
  }
}

async function runExternal(
  shell: Shell,
  words: readonly string[],
  assignments: readonly Assignment[],
  redirects: readonly Redirection[],
  options: RunOptions,
): Promise<number> {
  const tail = options.tail === true && shell.traps.size === 0 && !shell.interactive
  const fds = new Map<number, OpenFile>(shell.process.fds)
  const done = await tryRedirect(shell, redirects, fds)
  if (!(done instanceof Redirected)) return done
  try {
    const env = shell.variables.environment()
    for (const assignment of assignments) {
      const value = assignment.value
      if (value.type === 'ArrayValue') continue
      env.set(
        assignment.name,
        (assignment.append ? (shell.variables.get(assignment.name) ?? '') : '') +
          (await expandText(shell, value, 'assignment')),
      )
    }
    const searched =
      env.get('PATH') === shell.variables.get('PATH')
        ? findCommand(shell, words[0]!)
        : findWith(shell, words[0]!, env.get('PATH') ?? '')
    if (searched === undefined) return await notFound(shell, words)
    const external = { argv: words, path: searched, env, fds }
    if (shell.isBash) env.set('_', searched)
    if (tail) return await becomeExternal(shell, external)
    const child = await startExternal(shell, shell.interactive ? { ...external, group: 0 } : external)
    done.restore()
    return await waitForeground(shell, [child], words.join(' '))
  } catch (error) {
    if (!(error instanceof ShellError) || error.fatal) throw error
    await withErrors(shell, fds, () => shell.complain(error.message, ''))
    return error.status
  } finally {
    done.close()
  }
}

function findWith(shell: Shell, name: string, path: string): string | undefined {
  const before = shell.variables.get('PATH')
  assign(shell, 'PATH', path, { number: Number })
  try {
    return findCommand(shell, name)
  } finally {
    if (before === undefined) shell.variables.unset('PATH')
    else assign(shell, 'PATH', before, { number: Number })
  }
}

async function notFound(shell: Shell, words: readonly string[]): Promise<number> {
  const handler = shell.functions.get('command_not_found_handle')
  if (shell.isBash && handler) return callFunction(shell, 'command_not_found_handle', handler, words)
  throw new ShellError(`${words[0]}: ${shell.isBash ? 'command not found' : 'not found'}`, 127, false)
}

/** Prints an error where the command's own standard error goes. */
async function withErrors(shell: Shell, fds: Map<number, OpenFile>, body: () => Promise<void>): Promise<void> {
  const target = fds.get(2)
  const mine = shell.process.fds.get(2)
  if (target && target !== mine) shell.process.fds.set(2, target)
  try {
    await body()
  } finally {
    if (mine) shell.process.fds.set(2, mine)
  }
}

/** Redirections of a command: a failure is told and becomes the status. */
export async function tryRedirect(
  shell: Shell,
  redirects: readonly Redirection[],
  fds: Map<number, OpenFile>,
): Promise<Redirected | number> {
  if (redirects.length === 0) return new Redirected(fds)
  try {
    return await redirect(shell, redirects, fds)
  } catch (error) {
    if (!(error instanceof ShellError) || error.fatal) throw error
    await shell.complain(error.message, '')
    return error.status
  }
}

async function trace(shell: Shell, words: readonly string[], assignments: readonly Assignment[]): Promise<void> {
  if (!shell.options.has('xtrace')) return
  for (const assignment of assignments) {
    if (assignment.value.type === 'Word' && shell.isBash)
      await traceLine(shell, `${assignment.name}=${quoteIfNeeded(await expandText(shell, assignment.value))}`)
  }
  await traceLine(shell, words.map(quoteIfNeeded).join(' '))
}

export async function traceLine(shell: Shell, text: string): Promise<void> {
  const prompt = shell.variables.get('PS4') ?? '+ '
  const prefix = await expandBody(shell, prompt)
  await shell.process.printError(
    `${shell.subshell > 0 && shell.isBash ? prefix[0]!.repeat(shell.substitutionDepth) : ''}${prefix}${text}\n`,
  )
}
