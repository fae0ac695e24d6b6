import type { OpenFile } from '../../src/sim/linux/file.ts'
import type { Kernel } from '../../src/sim/linux/kernel.ts'
import { ROOT } from '../../src/sim/world/computer.ts'
import { loginEnvironment } from '../../src/sim/world/script.ts'

const FOLDER = '/tmp/.step'
const encoder = new TextEncoder()

/** A bash that stays for a whole scenario: variables, folders and background jobs carry over. */
export class ShellSession {
  readonly #kernel: Kernel
  readonly #input: OpenFile
  #step = 0

  /** Interactive shells tell of background jobs, as the recorded Docker sessions did and the cluster's did not. */
  constructor(kernel: Kernel, folder: string, interactive: boolean) {
    this.#kernel = kernel
    kernel.files.mkdir(FOLDER, { parents: true })
    const { read, write } = kernel.makePipe()
    const nothing = () => kernel.files.open('/dev/null', { read: true, write: true })
    this.#input = write
    kernel.spawn({
      argv: ['bash', '--norc', ...(interactive ? ['-i'] : [])],
      file: '/bin/bash',
      env: loginEnvironment(ROOT),
      cwd: folder,
      newSession: true,
      fds: new Map([
        [0, read],
        [1, nothing()],
        [2, nothing()],
      ]),
    })
  }

  /** Hands a command to the shell, its standard streams being /dev/null and two files. */
  begin(command: string): {
    readonly ended: boolean
    readonly result: { stdout: string; stderr: string; status: number }
  } {
    const base = `${FOLDER}/${++this.#step}`
    const { files } = this.#kernel
    files.write(`${base}.sh`, `${command}\n`)
    const line = `read -r -d "" __step <${base}.sh; eval "$__step" </dev/null >${base}.out 2>${base}.err; echo $? >${base}.status\n`
    this.#input.write(encoder.encode(line)).catch(() => {})
    const text = (name: string) => (files.exists(`${base}.${name}`) ? files.readText(`${base}.${name}`) : '')
    return {
      get ended() {
        return text('status').endsWith('\n')
      },
      get result() {
        return { stdout: text('out'), stderr: text('err'), status: Number(text('status')) }
      },
    }
  }
}
