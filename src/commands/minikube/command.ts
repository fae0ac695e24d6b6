import type { Process } from '../../sim/linux/process.ts'
import { type Flag, flags } from '../docker/cli/flag.ts'
import type { FlagValues } from '../docker/cli/flag-values.ts'

export const MINIKUBE_VERSION = 'v1.38.1'
/** Of the release. */
export const MINIKUBE_COMMIT = '65318f4cfff9c12cc87ec9eb8f4cdd57b25047f3'
export const KUBERNETES_VERSION = 'v1.36.2'

/** Ends minikube: `X Exiting due to REASON: message`, with the exit status of its kind of reason. */
export class Exit extends Error {
  readonly reason: string
  readonly status: number
  readonly advice: string | undefined

  constructor(reason: string, message: string, status: number, advice?: string) {
    super(message)
    this.reason = reason
    this.status = status
    this.advice = advice
  }
}

/** The first argument; without one minikube ends with how it is used. */
export function firstArgument([first]: readonly string[], usage: string): string {
  if (first === undefined) throw new Exit('MK_USAGE', usage, 14)
  return first
}

export interface Call {
  process: Process
  flags: FlagValues
  args: readonly string[]
  /** `-p`, or minikube. */
  profile: string
  out: Output
}

export interface Command {
  /** `addons enable` */
  name: string
  summary: string
  flags: readonly Flag[]
  /** What follows `--`, or the first argument, is left alone. */
  interspersed?: boolean
  run(call: Call): Promise<number | undefined>
}

export const COMMON = flags`
      --alsologtostderr      log to standard error as well as files
  -b, --bootstrapper string  The name of the cluster bootstrapper that will set up the Kubernetes cluster. (default "kubeadm")
      --interactive          Allow user prompts for more information (default true)
      --logtostderr          log to standard error instead of files
  -p, --profile string       The name of the minikube VM being used. (default "minikube")
      --rootless             Force to use rootless driver
      --skip-audit           Skip recording the current command in the audit logs.
  -v, --v int                number for the log level verbosity
`

const PLAIN: Readonly<Record<string, string>> = { option: '  - ', failure: 'X ', warning: '! ' }

/** minikube's lines: each begins with a picture on a terminal that can show it, with a star elsewhere. */
export class Output {
  readonly #process: Process
  readonly #isRich: boolean
  readonly #print: (text: string) => Promise<void>

  /** `aside`: everything on standard error, for commands whose output others use. */
  constructor(process: Process, { aside = false } = {}) {
    this.#process = process
    this.#print = (text) => (aside ? process.printError(text) : process.print(text))
    const style = process.env.get('MINIKUBE_IN_STYLE')
    const term = process.env.get('TERM') ?? ''
    this.#isRich =
      style === undefined || style === ''
        ? process.stdout.tty !== undefined && term !== '' && term !== 'dumb' && term !== 'linux'
        : /^(1|t|true)$/i.test(style)
  }

  step(picture: string, text: string): Promise<void> {
    return this.#print(`${this.#isRich ? `${picture}  ` : '* '}${text}\n`)
  }

  option(text: string): Promise<void> {
    return this.#print(`${this.#isRich ? '    ▪ ' : PLAIN.option}${text}\n`)
  }

  warning(text: string): Promise<void> {
    return this.#process.printError(`${this.#isRich ? '❗  ' : PLAIN.warning}${text}\n`)
  }

  failure(text: string): Promise<void> {
    return this.#process.printError(`${this.#isRich ? '❌  ' : PLAIN.failure}${text}\n`)
  }

  advice(text: string): Promise<void> {
    return this.#process.printError(`${this.#isRich ? '💡  ' : '* '}${text}\n`)
  }
}
