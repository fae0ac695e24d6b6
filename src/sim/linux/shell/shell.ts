import type { AndOr, Function as FunctionNode, ParsedScript, PipelineNode, Statement } from 'unbash'
import type { OpenFile } from '../file.ts'
import type { Process } from '../process.ts'
import type { Signal } from '../signals.ts'
import { Interrupted } from './control.ts'
import type { JobTable } from './jobs.ts'
import { Variables } from './variables.ts'

/** Whose words the shell speaks: GNU bash, busybox ash, or Debian's dash. */
export type Dialect = 'bash' | 'ash' | 'dash'

/** The text that node positions refer to, for line numbers. */
export interface Source {
  readonly text: string
  /** Line number of its first line. */
  readonly firstLine: number
  /** How messages call it: a script's name, or undefined at a prompt. */
  readonly name?: string
}

export interface RunOptions {
  /** Nothing follows: the process may become the command instead of starting it. */
  tail?: boolean
}

export interface ShellFunction {
  readonly node: FunctionNode
  readonly source: Source
}

export type Trap = string

/** The parts of the interpreter that expansion and builtins call back. */
export interface Interpreter {
  /** Parses and runs a text in this shell (eval, source, trap). */
  runText(shell: Shell, text: string, source?: Partial<Source>, options?: RunOptions): Promise<number>
  runStatements(shell: Shell, statements: readonly Statement[], options?: RunOptions): Promise<number>
  runAndOr(shell: Shell, node: AndOr | PipelineNode, options?: RunOptions): Promise<number>
  /** A function's body. */
  runBody(shell: Shell, body: FunctionNode['body']): Promise<number>
  runNode(shell: Shell, node: PipelineNode, options?: RunOptions): Promise<number>
  /** `$(…)`: what it prints, without trailing newlines. */
  capture(shell: Shell, script: ParsedScript | undefined): Promise<string>
  /** `<(…)`, `>(…)`: a path to read or write. */
  substituteProcess(shell: Shell, script: ParsedScript | undefined, operator: '<' | '>'): Promise<string>
  /** Runs words as a simple command. */
  runWords(
    shell: Shell,
    words: readonly string[],
    options?: { functions?: boolean; builtinsOnly?: boolean; path?: string } & RunOptions,
  ): Promise<number>
  /** The variables of a new shell process: its environment and the usual ones. */
  freshVariables(process: Process): Variables
  isBuiltin(name: string): boolean
  builtinNames(): string[]
}

/** `set -o` options in bash's order. */
export const OPTION_LETTERS: Readonly<Record<string, string>> = {
  allexport: 'a',
  braceexpand: 'B',
  emacs: '',
  errexit: 'e',
  errtrace: 'E',
  functrace: 'T',
  hashall: 'h',
  histexpand: 'H',
  history: '',
  ignoreeof: '',
  'interactive-comments': '',
  keyword: 'k',
  monitor: 'm',
  noclobber: 'C',
  noexec: 'n',
  noglob: 'f',
  nolog: '',
  notify: 'b',
  nounset: 'u',
  onecmd: 't',
  physical: 'P',
  pipefail: '',
  posix: '',
  privileged: 'p',
  verbose: 'v',
  vi: '',
  xtrace: 'x',
}

/** Builtin commands run between two rests of the interpreter, so that endless loops stay interruptible. */
const COMMANDS_PER_REST = 16
/** Past these it is most likely a loop without an end, which goes on at a leisurely pace to spare the host. */
const COMMANDS_OF_A_SCRIPT = 20_000
/** Forks, its ancestors' among them, after which a shell waits for the CPU. */
const FORKS_PER_REST = 4

/** State of one running shell (or subshell). It lives as long as its process. */
export class Shell {
  /** A forked shell's state is made before its process exists. */
  process: Process
  readonly interpreter: Interpreter
  readonly dialect: Dialect
  /** `$0` */
  name: string
  /** `$$`: the main shell's, also in subshells. */
  pid: number
  variables = new Variables()
  functions = new Map<string, ShellFunction>()
  aliases = new Map<string, string>()
  options = new Set<string>(['braceexpand', 'hashall', 'interactive-comments'])
  shopt = new Set<string>([
    'extquote',
    'sourcepath',
    'promptvars',
    'cmdhist',
    'progcomp',
    'complete_fullquote',
    'force_fignore',
    'globasciiranges',
    'hostcomplete',
    'interactive_comments',
  ])
  positional: string[] = []
  /** `$?` */
  status = 0
  pipeStatus: number[] = [0]
  /** `$!` */
  lastBackground: number | undefined
  jobs!: JobTable
  traps = new Map<string, Trap>()
  interactive = false
  /** Reads its commands with `-c`. */
  commandString = false
  subshell = 0
  source: Source = { text: '', firstLine: 1 }
  /** Where in `source` the running command stands. */
  position = 0
  functionNames: string[] = []
  /** Nesting of functions and sourced files, where `return` is allowed. */
  returnable = 0
  loops = 0
  directoryStack: string[] = []
  history: string[] = []
  hashed = new Map<string, { path: string; hits: number }>()
  completions = new Map<string, string>()
  startedAt: number
  /** Conditions being evaluated: errexit and the ERR trap are off. */
  conditional = 0
  /** Name of the builtin that is running, for messages. */
  builtin: string | undefined
  secondsBase: number
  /** Status of the last command substitution of the command being expanded. */
  substitutionStatus: number | undefined
  /** Descriptors of process substitutions, closed after the command. */
  temporary: number[] = []
  /** Where getopts stands inside a cluster of letters. */
  getopts = { index: 1, offset: 1 }
  /** ^C dropped the line being typed. */
  cancelled = false
  /** "There are stopped jobs." has been said. */
  warnedAboutJobs = false
  /** Nesting of command substitutions, for `set -x`. */
  substitutionDepth = 0
  #commands = 0
  #forks = 0
  #pendingSignals: Signal[] = []
  #interrupt: (() => void)[] = []
  #interrupted = false
  #inTrap = false

  constructor(process: Process, interpreter: Interpreter, dialect: Dialect, name: string) {
    this.process = process
    this.interpreter = interpreter
    this.dialect = dialect
    this.name = name
    this.pid = process.pid
    this.startedAt = process.uptime()
    this.secondsBase = this.startedAt
  }

  /** A subshell's state: a copy, in another process. */
  fork(process: Process): Shell {
    const copy = new Shell(process, this.interpreter, this.dialect, this.name)
    copy.pid = this.pid
    copy.variables = this.variables.fork()
    copy.functions = new Map(this.functions)
    copy.aliases = new Map(this.aliases)
    copy.options = new Set(this.options)
    copy.shopt = new Set(this.shopt)
    copy.positional = [...this.positional]
    copy.status = this.status
    copy.lastBackground = this.lastBackground
    copy.commandString = this.commandString
    copy.subshell = this.subshell + 1
    copy.source = this.source
    copy.position = this.position
    copy.functionNames = [...this.functionNames]
    copy.returnable = this.returnable
    copy.#forks = this.#forks
    copy.#commands = this.#commands
    copy.loops = this.loops
    copy.directoryStack = [...this.directoryStack]
    copy.history = this.history
    copy.hashed = new Map(this.hashed)
    copy.completions = this.completions
    copy.startedAt = this.startedAt
    copy.secondsBase = this.secondsBase
    copy.conditional = this.conditional
    copy.substitutionDepth = this.substitutionDepth
    copy.quietLines = this.quietLines
    for (const [name, trap] of this.traps) if (trap === '') copy.traps.set(name, trap)
    return copy
  }

  /** No line numbers in messages although nobody types: a transcript. */
  quietLines = false

  get line(): number {
    let line = this.source.firstLine
    const { text } = this.source
    for (let i = text.indexOf('\n'); i >= 0 && i < this.position; i = text.indexOf('\n', i + 1)) line++
    return line
  }

  get isBash(): boolean {
    return this.dialect === 'bash'
  }

  /** How messages of this shell begin. */
  prefix(command = this.builtin): string {
    const shown = this.source.name ?? this.name
    const said = command ? `${command}: ` : ''
    if (this.dialect === 'bash') {
      const base = shown.replace(/^-/, '')
      return this.interactive || this.quietLines ? `${base}: ${said}` : `${base}: line ${this.line}: ${said}`
    }
    if (this.dialect === 'dash') return `${shown}: ${this.line}: ${said}`
    const name = shown.replace(/^-/, '')
    const scripted = !this.commandString && !this.interactive
    if (!command && !scripted) return `${name}: `
    const line = this.commandString ? this.line - 1 : this.line
    return this.interactive ? `${name}: ${said}` : `${name}: ${said}line ${line}: `
  }

  /** Prints an error message in the shell's own form. */
  async complain(text: string, command?: string): Promise<void> {
    await this.process.printError(`${this.prefix(command)}${text}\n`)
  }

  /** Called for every fork: shells that do nothing but fork take time too. */
  async forked(): Promise<void> {
    if (++this.#forks % FORKS_PER_REST === 0) await this.process.compute(0.5)
  }

  /** Called for every command: costs a little time now and then, and delivers signals. */
  async tick(): Promise<void> {
    if (++this.#commands % COMMANDS_PER_REST === 0)
      await this.process.compute(this.#commands > COMMANDS_OF_A_SCRIPT ? 2 : 0.5)
    if (this.#interrupted) {
      this.#interrupted = false
      throw new Interrupted()
    }
    if (this.#pendingSignals.length > 0) await this.runTraps()
  }

  /** Closes the pipes of process substitutions that the last command used. */
  closeTemporary(from: number): void {
    for (const fd of this.temporary.splice(from)) {
      this.process.fds.get(fd)?.release()
      this.process.fds.delete(fd)
    }
  }

  /** Told by the signal handler that a trap is due. */
  signalled(signal: Signal): void {
    this.#pendingSignals.push(signal)
    this.#wake()
  }

  /** A background child ended. */
  signalledChild(): void {
    if (this.traps.has('CHLD')) this.signalled('CHLD' as Signal)
  }

  /** Ctrl-C reached an interactive shell. */
  interrupt(): void {
    this.#interrupted = true
    this.#wake()
  }

  /** What Ctrl-C was pressed for has ended. */
  forgetInterrupt(): void {
    this.#interrupted = false
  }

  get firstPending(): Signal | undefined {
    return this.#pendingSignals[0]
  }

  get signalPending(): boolean {
    return this.#interrupted || this.#pendingSignals.length > 0
  }

  #wake(): void {
    const waiting = this.#interrupt
    this.#interrupt = []
    for (const wake of waiting) wake()
  }

  /** Settles when a signal arrives that the shell handles. */
  signalArrival(): Promise<'signal'> {
    if (this.signalPending) return Promise.resolve('signal')
    return new Promise((resolve) => {
      this.#interrupt.push(() => resolve('signal'))
    })
  }

  async runTraps(): Promise<void> {
    if (this.#inTrap) return
    while (this.#pendingSignals.length > 0) {
      const signal = this.#pendingSignals.shift()!
      await this.runTrap(signal)
    }
  }

  /** Runs the action of `trap … NAME`; keeps `$?`. */
  async runTrap(name: string): Promise<void> {
    const action = this.traps.get(name)
    if (!action || this.#inTrap) return
    const { status, pipeStatus } = this
    this.#inTrap = true
    try {
      await this.interpreter.runText(this, action)
    } finally {
      this.#inTrap = false
    }
    this.status = status
    this.pipeStatus = pipeStatus
  }

  /** Opens a file for a redirection or `source`; knows /dev/fd, /dev/stdin and friends itself. */
  openDescriptorPath(path: string): OpenFile | undefined {
    const match = /^\/dev\/(?:fd\/(\d+)|(stdin|stdout|stderr))$/.exec(path)
    if (!match) return undefined
    const number = match[1] ? Number(match[1]) : ['stdin', 'stdout', 'stderr'].indexOf(match[2]!)
    return this.process.fds.get(number)
  }
}
