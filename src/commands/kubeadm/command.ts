import type { Process } from '../../sim/linux/process.ts'
import { type Flag, flags } from '../docker/cli/flag.ts'
import type { FlagValues } from '../docker/cli/flag-values.ts'

export const KUBEADM_VERSION = 'v1.36.2'

/** Ends kubeadm with `error: …`, as its phases do. */
export class KubeadmError extends Error {
  readonly phase: string | undefined

  constructor(message: string, phase?: string) {
    super(message)
    this.phase = phase
  }
}

export interface Call {
  process: Process
  flags: FlagValues
  args: readonly string[]
  /** Writes a line to standard output. */
  say(text: string): Promise<void>
}

export interface Command {
  /** `token create` */
  name: string
  summary: string
  flags: readonly Flag[]
  run(call: Call): Promise<number | undefined>
}

/** Flags that every command takes. */
export const COMMON = flags`
      --add-dir-header     If true, adds the file directory to the header of the log messages
      --rootfs string      The path to the 'real' host root filesystem. This will cause kubeadm to chroot into the provided path.
      --skip-headers       If true, avoid header prefixes in the log messages
  -v, --v int              number for the log level verbosity
`

/** Writes a file with its folders. */
export function put(process: Process, path: string, text: string, mode = 0o600): void {
  process.files.mkdir(path.slice(0, path.lastIndexOf('/')), { parents: true })
  process.files.write(path, text, { mode })
}

/** The text of a file; undefined when it is not there. */
export function read(process: Process, path: string): string | undefined {
  return process.files.exists(path) ? process.files.readText(path) : undefined
}
