import type {
  AndOr,
  CommandNode,
  ParsedScript,
  Pipeline,
  PipelineNode,
  Redirected as RedirectedNode,
  Statement,
} from 'unbash'
import type { OpenFile } from '../file.ts'
import type { Process } from '../process.ts'
import { expandAliases } from './alias.ts'
import { builtinNames, findBuiltin } from './builtins/index.ts'
import { concatBytes, decodeText } from './bytes.ts'
import { ShellError, ShellExit } from './control.ts'
import { refuseCoproc, runCompound } from './execution/compound.ts'
import { becomeExternal, findCommand, startExternal } from './execution/external.ts'
import { waitForeground } from './execution/foreground.ts'
import { runInBackground, runPipeline } from './execution/pipeline.ts'
import { Redirected } from './execution/redirect.ts'
import { callFunction, runBuiltin, runSimple, tryRedirect } from './execution/simple.ts'
import { startSubshell } from './execution/subshell.ts'
import { reportTime } from './execution/time.ts'
import { statusCode } from './jobs.ts'
import { parseScript } from './parse.ts'
import type { Interpreter, RunOptions, Shell, Source } from './shell.ts'
import { freshVariables } from './startup.ts'
import { reportSyntaxError } from './syntax-error.ts'

/** What a command substitution can hold. */
const MAX_CAPTURE = 16 * 1024 * 1024

export const interpreter: Interpreter = {
  runText,
  runStatements,
  runAndOr,
  runNode,
  runBody: (shell, body) => (body.type === 'CompoundList' ? runStatements(shell, body.commands) : runNode(shell, body)),
  capture,
  substituteProcess,
  freshVariables,
  runWords,
  isBuiltin: (name) => findBuiltin(name, 'bash') !== undefined,
  builtinNames,
}

/** Runs a text: what stands before a syntax error is run first, as a shell that reads line by line does. */
async function runText(
  shell: Shell,
  text: string,
  source: Partial<Source> = {},
  options: RunOptions = {},
): Promise<number> {
  const script = parseScript(expandAliases(shell, text))
  const before = { source: shell.source, position: shell.position }
  shell.source = {
    text: expandAliases(shell, text),
    firstLine: source.firstLine ?? shell.line,
    ...(source.name ? { name: source.name } : before.source.name ? { name: before.source.name } : {}),
  }
  shell.position = 0
  try {
    const error = script.errors?.[0]
    if (!error) return await runStatements(shell, script.commands, options)
    const lineStart = text.lastIndexOf('\n', error.pos - 1) + 1
    const ready = script.commands.filter((statement) => statement.end <= lineStart)
    if (ready.length > 0) await runStatements(shell, ready)
    await reportSyntaxError(shell, text, error)
    return 2
  } finally {
    Object.assign(shell, before)
  }
}

async function runStatements(
  shell: Shell,
  statements: readonly Statement[],
  options: RunOptions = {},
): Promise<number> {
  let status = 0
  for (const [index, statement] of statements.entries()) {
    const tail = options.tail === true && index === statements.length - 1
    status = statement.background
      ? await runInBackground(shell, statement.command)
      : await runAndOr(shell, statement.command, tail ? { tail: true } : {})
    shell.status = status
  }
  return status
}

async function runAndOr(shell: Shell, node: AndOr | PipelineNode, options: RunOptions = {}): Promise<number> {
  if (node.type !== 'AndOr') return runNode(shell, node, options)
  let status = 0
  for (const [index, command] of node.commands.entries()) {
    const operator = node.operators[index - 1]
    if (operator && (operator === '&&') !== (status === 0)) continue
    const last = index === node.commands.length - 1
    if (!last) shell.conditional++
    try {
      status = await runNode(shell, command, last ? options : {})
    } finally {
      if (!last) shell.conditional--
    }
    shell.status = status
  }
  return status
}

/** Runs one pipeline or command, and applies `set -e` to it. */
async function runNode(shell: Shell, node: PipelineNode, options: RunOptions = {}): Promise<number> {
  const negated =
    node.type === 'Pipeline' && node.prefixes.filter((prefix) => prefix.type === 'Negation').length % 2 === 1
  if (negated) shell.conditional++
  let status: number
  try {
    status =
      node.type === 'Pipeline'
        ? await runPipelineNode(shell, node)
        : await runCommandNode(shell, node, shell.options.has('errexit') ? {} : options)
  } finally {
    if (negated) shell.conditional--
  }
  if (negated) return status === 0 ? 1 : 0
  shell.status = status
  if (status !== 0 && shell.conditional === 0 && failsShell(node)) {
    if (shell.traps.has('ERR')) await shell.runTrap('ERR')
    if (shell.options.has('errexit')) throw new ShellExit(status)
  }
  return status
}

/** Compound commands pass on what their parts decided. */
function failsShell(node: PipelineNode): boolean {
  const type = node.type === 'Redirected' ? node.command.type : node.type
  return ['Command', 'Subshell', 'Pipeline', 'TestCommand', 'ArithmeticCommand'].includes(type)
}

async function runPipelineNode(shell: Shell, node: Pipeline): Promise<number> {
  const time = node.prefixes.find((prefix) => prefix.type === 'Time')
  const run = () =>
    node.commands.length === 1
      ? runCommandNode(shell, node.commands[0]!, {})
      : node.commands.length === 0
        ? Promise.resolve(0)
        : runPipeline(shell, node)
  if (!time) return run()
  return reportTime(shell, time.posix !== undefined, run)
}

async function runCommandNode(shell: Shell, node: CommandNode, options: RunOptions): Promise<number> {
  let status: number
  switch (node.type) {
    case 'Command':
      status = await runSimple(shell, node, options).catch((error) => discard(shell, error))
      break
    case 'Function':
      shell.functions.set(node.name.text, { node, source: shell.source })
      status = 0
      break
    case 'Redirected':
      status = await runRedirected(shell, node)
      break
    case 'Coproc':
      return refuseCoproc(node)
    default:
      status = await runCompound(shell, node, options)
  }
  if (node.type === 'Command') shell.pipeStatus = [status]
  return status
}

/** Errors of one command that do not end the list (command not found). */
async function discard(shell: Shell, error: unknown): Promise<number> {
  if (!(error instanceof ShellError) || error.fatal || error.status < 126) throw error
  await shell.complain(error.message, '')
  return error.status
}

async function runRedirected(shell: Shell, node: RedirectedNode): Promise<number> {
  shell.position = node.pos
  const done = await tryRedirect(shell, node.redirects, shell.process.fds)
  if (!(done instanceof Redirected)) return done
  try {
    return await runCommandNode(shell, node.command, {})
  } finally {
    done.restore()
  }
}

async function capture(shell: Shell, script: ParsedScript | undefined): Promise<string> {
  if (!script || script.commands.length === 0) return ''
  const file = onlyInput(script)
  const pipe = shell.process.pipe()
  const fds = new Map<number, OpenFile>(shell.process.fds)
  fds.set(1, pipe.write)
  let child: Process
  try {
    child = startSubshell(
      shell,
      (sub) => {
        sub.interactive = false
        sub.substitutionDepth++
        if (script.source !== undefined) sub.source = { text: script.source, firstLine: sub.line }
        if (file) return runWords(sub, ['cat'], { redirectFrom: file })
        return runStatements(sub, script.commands, { tail: true })
      },
      { fds },
    )
  } finally {
    pipe.write.release()
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const chunk = await pipe.read.read()
    size += chunk.length
    if (chunk.length === 0 || size > MAX_CAPTURE) break
    chunks.push(chunk)
  }
  pipe.read.release()
  if (size > MAX_CAPTURE) throw new ShellError(`xrealloc: cannot allocate ${size * 2} bytes`, 2)
  shell.substitutionStatus = statusCode(await shell.process.wait(child))
  if (shell.isBash) shell.status = shell.substitutionStatus
  const text = decodeText(concatBytes(chunks))
  if (text.includes('\0') && shell.isBash)
    await shell.complain('warning: command substitution: ignored null byte in input', '')
  return text.replace(/\0/g, '').replace(/\n+$/, '')
}

/** `$(< file)` */
function onlyInput(script: ParsedScript): Statement | undefined {
  const [statement] = script.commands
  const command = statement?.command
  if (script.commands.length !== 1 || command?.type !== 'Command' || command.name || command.prefix.length !== 1)
    return undefined
  const [redirection] = command.redirects
  return redirection?.type === 'Redirect' && redirection.operator === '<' ? statement : undefined
}

async function substituteProcess(shell: Shell, script: ParsedScript | undefined, operator: '<' | '>'): Promise<string> {
  const pipe = shell.process.pipe()
  const fds = new Map<number, OpenFile>(shell.process.fds)
  fds.set(operator === '<' ? 1 : 0, operator === '<' ? pipe.write : pipe.read)
  const child = startSubshell(
    shell,
    (sub) => {
      sub.interactive = false
      return runStatements(sub, script?.commands ?? [], { tail: true })
    },
    { fds },
  )
  void shell.process.wait(child).catch(() => {})
  const [mine, theirs] = operator === '<' ? [pipe.read, pipe.write] : [pipe.write, pipe.read]
  theirs.release()
  let fd = 63
  while (shell.process.fds.has(fd)) fd--
  shell.process.fds.set(fd, mine)
  shell.temporary.push(fd)
  return `/dev/fd/${fd}`
}

/** Runs expanded words as a simple command (`command`, `xargs`-like uses, `select`). */
async function runWords(
  shell: Shell,
  words: readonly string[],
  options: { functions?: boolean; builtinsOnly?: boolean; path?: string; redirectFrom?: Statement } & RunOptions = {},
): Promise<number> {
  const name = words[0]!
  const called = options.functions ? shell.functions.get(name) : undefined
  if (called) return callFunction(shell, name, called, words.slice(1))
  if (findBuiltin(name, shell.dialect) && options.path === undefined && !options.redirectFrom) {
    return runBuiltin(shell, { shell, name, args: words.slice(1), assignments: [] })
  }
  const fds = new Map<number, OpenFile>(shell.process.fds)
  const input = options.redirectFrom?.command.type === 'Command' ? options.redirectFrom.command.redirects : []
  const done = await tryRedirect(shell, input, fds)
  if (!(done instanceof Redirected)) return done
  try {
    const path = options.path ?? findCommand(shell, name)
    if (path === undefined)
      throw new ShellError(`${name}: ${shell.isBash ? 'command not found' : 'not found'}`, 127, false)
    const external = { argv: words, path, env: shell.variables.environment(), fds }
    if (options.tail) return await becomeExternal(shell, external)
    const child = await startExternal(shell, shell.interactive ? { ...external, group: 0 } : external)
    return await waitForeground(shell, [child], words.join(' '))
  } finally {
    done.close()
  }
}
