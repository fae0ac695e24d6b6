import type { OpenFile, TtySize } from '../linux/file.ts'
import type { Kernel } from '../linux/kernel.ts'
import { type Account, limitLogin, loginEnvironment } from './script.ts'

/** The learner's terminal window: a login shell that is started again when it ends. */
export class Terminal {
  readonly #kernel: Kernel
  readonly #account: Account
  readonly #listeners = new Set<(text: string) => void>()
  readonly #opened: ReturnType<Kernel['openPty']>
  readonly #encoder = new TextEncoder()
  readonly #decoder = new TextDecoder()
  #shown = ''

  constructor(kernel: Kernel, account: Account, size: TtySize) {
    this.#kernel = kernel
    this.#account = account
    this.#opened = kernel.openPty()
    this.#opened.pty.size = size
    // Both go on for as long as the world does; the world's end needs no word from them.
    this.#show(this.#opened.master).catch(() => {})
    this.#login().catch(() => {})
  }

  /** Tells what was shown so far (of a long session, the end of it), then all that comes. */
  onOutput(listener: (text: string) => void): () => void {
    if (this.#shown) listener(this.#shown)
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  type(text: string): void {
    this.#opened.master.write(this.#encoder.encode(text)).catch(() => {})
  }

  resize(size: TtySize): void {
    this.#opened.pty.size = size
  }

  async #show(master: OpenFile): Promise<void> {
    for (;;) {
      const bytes = await master.read()
      if (bytes.length === 0) return
      const text = this.#decoder.decode(bytes, { stream: true })
      this.#shown = (this.#shown + text).slice(-200_000)
      for (const listener of [...this.#listeners]) listener(text)
    }
  }

  async #login(): Promise<void> {
    const { slave, pty } = this.#opened
    for (;;) {
      const env = loginEnvironment(this.#account)
      env.set('TERM', 'xterm-256color')
      const shell = this.#kernel.spawn({
        argv: ['-bash'],
        file: '/bin/bash',
        env,
        cwd: this.#account.home,
        credentials: this.#account.credentials,
        newSession: true,
        fds: new Map([0, 1, 2].map((fd) => [fd, slave] as const)),
      })
      limitLogin(shell, this.#account)
      await shell.ended
      // A full-screen program that was killed may have left the terminal raw.
      pty.modes = { canonical: true, echo: true, signals: true, outputCrLf: true }
    }
  }
}
