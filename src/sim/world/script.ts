import type { Kernel } from '../linux/kernel.ts'
import type { KernelProcess } from '../linux/process/kernel-process.ts'
import type { Credentials } from '../linux/process.ts'
import type { ScriptResult } from './api.ts'
import { Capture } from './capture.ts'

export interface Account {
  name: string
  home: string
  credentials: Credentials
}

/** The environment of a login on a machine. */
export function loginEnvironment(account: Account): Map<string, string> {
  return new Map([
    ['HOME', account.home],
    ['USER', account.name],
    ['LOGNAME', account.name],
    ['SHELL', '/bin/bash'],
    ['LANG', 'C.UTF-8'],
    ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    ['PWD', account.home],
  ])
}

/** Processes that a user may have, root excepted (`ulimit -u`), as on distributions that set a limit for all users. */
const USER_PROCESSES = 1024

/** What pam_limits does at a login. */
export function limitLogin(process: KernelProcess, account: Account): void {
  if (account.credentials.uid !== 0) process.limits = { ...process.limits, processes: USER_PROCESSES }
}

/** A shell that runs a script with its output kept; it is under way when this returns. */
export class ScriptRun {
  readonly process: KernelProcess
  readonly #stdout = new Capture()
  readonly #stderr = new Capture()

  constructor(kernel: Kernel, account: Account, text: string, cwd: string) {
    const path = `/tmp/.script-${kernel.world.random.hex(8)}`
    kernel.files.write(path, text, { mode: 0o644 })
    this.process = kernel.spawn({
      argv: ['bash', path],
      file: '/bin/bash',
      env: loginEnvironment(account),
      cwd,
      credentials: account.credentials,
      newSession: true,
      fds: new Map([
        [1, this.#stdout],
        [2, this.#stderr],
      ]),
    })
    limitLogin(this.process, account)
  }

  get ended(): boolean {
    return this.process.exitStatus !== undefined
  }

  kill(): void {
    if (!this.ended) this.process.receive('SIGKILL')
  }

  get result(): ScriptResult {
    const status = this.process.exitStatus
    return {
      stdout: this.#stdout.text,
      stderr: this.#stderr.text,
      status: status === undefined ? 124 : (status.code ?? 137),
      ended: status !== undefined,
    }
  }
}
