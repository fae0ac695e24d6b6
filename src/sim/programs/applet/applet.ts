import { SystemError } from '../../linux/errors.ts'
import type { Process, Program } from '../../linux/process.ts'

/** Whose output and messages an applet imitates. */
export type Flavour = 'gnu' | 'busybox'

export interface AppletCall {
  readonly process: Process
  /** The name it was called by, without folders. */
  readonly name: string
  readonly args: readonly string[]
  readonly flavour: Flavour
}

/** A small command. Returns its exit status. */
export type Applet = (call: AppletCall) => Promise<number> | number

/** Ends an applet with a message (without the name) and a status. */
export class AppletError extends Error {
  readonly status: number
  /** Text to print after the message, e.g. a usage. */
  readonly more: string

  constructor(message: string, status = 1, more = '') {
    super(message)
    this.status = status
    this.more = more
  }
}

/** Makes a program of an applet. */
export function asProgram(applet: Applet, flavour: Flavour): Program {
  return (process) => runApplet(applet, process, flavour, process.argv)
}

/** Runs an applet with these words (argv[0] is its name). */
export async function runApplet(
  applet: Applet,
  process: Process,
  flavour: Flavour,
  argv: readonly string[],
): Promise<number> {
  const name = (argv[0] ?? '').replace(/^.*\//, '').replace(/^-/, '')
  try {
    return await applet({ process, name, args: argv.slice(1), flavour })
  } catch (error) {
    if (error instanceof AppletError) {
      if (error.message !== '') await process.printError(`${name}: ${error.message}\n`)
      if (error.more !== '') await process.printError(error.more)
      return error.status
    }
    if (error instanceof SystemError && error.code !== 'EPIPE') {
      await process.printError(`${name}: ${error.path === undefined ? '' : `${error.path}: `}${error.message}\n`)
      return 1
    }
    throw error
  }
}

/** Prints `name: text` to standard error. */
export async function complain({ process, name }: AppletCall, text: string): Promise<void> {
  await process.printError(`${name}: ${text}\n`)
}

/** strerror's words of a caught error; anything that is not a system error is thrown on. */
export function words(error: unknown): string {
  if (error instanceof SystemError) return error.message
  throw error
}

/** GNU's quote(): curly quotes of a UTF-8 locale. */
export const curly = (text: string): string => `‘${text}’`

/** GNU's quoteaf(): shell quotes, always. */
export function quoteAlways(text: string): string {
  if (/[\x00-\x1f\x7f]/.test(text))
    return `'${text.replace(/[\x00-\x1f\x7f]/g, (c) => `'$'\\${({ '\n': 'n', '\t': 't', '\r': 'r' } as Record<string, string>)[c] ?? c.charCodeAt(0).toString(8).padStart(3, '0')}''`)}'`
  return text.includes("'") ? `"${text}"` : `'${text}'`
}

/** `gnu` words or `busybox` words. */
export function say({ flavour }: Pick<AppletCall, 'flavour'>, gnu: string, busybox: string): string {
  return flavour === 'gnu' ? gnu : busybox
}
