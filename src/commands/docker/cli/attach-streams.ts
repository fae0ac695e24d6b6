import { SystemError } from '../../../sim/linux/errors.ts'
import type { TtySize } from '../../../sim/linux/file.ts'
import type { ClientStreams } from '../../../sim/rest/port.ts'
import { CommandError, type Session } from './session.ts'

const DETACH_KEYS = [16, 17]
/** Virtual ms. */
const RESIZE_DELAY = 60

/** The terminal or pipes of the docker command as the streams of a container. */
export interface Attached {
  readonly streams: ClientStreams
  /** Rejects when nobody reads what is printed any more. */
  readonly failed: Promise<never>
  /** Settles when the detach keys were typed. */
  readonly detached: Promise<void>
  /** Tells a container that has just been started how large the terminal is; it began without a size. */
  started(): void
  /** The same for one that runs already: two changes, so that a shell draws its prompt again. */
  joined(): void
  /** Puts the terminal back. */
  close(): void
}

export function attachStreams(
  session: Session,
  options: {
    stdin: boolean
    stdout: boolean
    stderr: boolean
    tty: boolean
    detachKeys?: string
    sizeAtOnce?: boolean
  },
): Attached {
  const { process } = session
  const terminal = process.fds.get(0)?.tty
  const screen = process.fds.get(1)?.tty
  const keys = parseKeys(options.detachKeys)
  let detach!: () => void
  const detached = new Promise<void>((resolve) => {
    detach = resolve
  })
  const raw = options.tty && ((options.stdin && terminal) || screen)
  const before = raw ? { ...raw.modes } : undefined
  if (raw)
    raw.modes =
      options.stdin && terminal
        ? { canonical: false, echo: false, signals: false, outputCrLf: false }
        : { ...raw.modes, outputCrLf: false }
  let seen = 0
  let resize: ((size: TtySize) => void) | undefined
  const stdin = {
    read: async (): Promise<Uint8Array> => {
      const bytes = await process.stdin.read()
      if (!options.tty || keys.length === 0) return bytes
      const kept: number[] = []
      for (const byte of bytes) {
        if (byte === keys[seen]) {
          seen++
          if (seen === keys.length) {
            detach()
            return new Promise<Uint8Array>(() => {})
          }
          continue
        }
        kept.push(...keys.slice(0, seen), byte)
        seen = 0
      }
      return kept.length === 0 && bytes.length > 0 ? stdin.read() : Uint8Array.from(kept)
    },
  }
  let broken = false
  let fail!: (error: CommandError) => void
  const failed = new Promise<never>((_, reject) => {
    fail = reject
  })
  failed.catch(() => {})
  process.on('SIGPIPE', 'ignore')
  const write = async (bytes: Uint8Array): Promise<void> => {
    if (broken) return
    try {
      await process.stdout.write(bytes)
    } catch (error) {
      if (!(error instanceof SystemError) || error.code !== 'EPIPE') throw error
      broken = true
      fail(new CommandError('write /dev/stdout: broken pipe'))
    }
  }
  const streams: ClientStreams = {
    ...(options.stdin ? { stdin } : {}),
    ...(options.stdout ? { stdout: { write } } : {}),
    ...(options.stderr ? { stderr: { write: (bytes) => process.stderr.write(bytes) } } : {}),
    ...(options.tty && screen
      ? {
          onResize: (listener) => {
            screen.onResize(listener)
            resize = listener
            if (options.sizeAtOnce) listener(screen.size)
          },
        }
      : {}),
  }
  return {
    streams,
    failed,
    detached,
    started: () => {
      // It follows a moment after the start, as with the real client.
      void process.sleep(RESIZE_DELAY).then(
        () => screen && resize?.(screen.size),
        () => {},
      )
    },
    joined: () => {
      if (!screen) return
      const { columns, rows } = screen.size
      resize?.({ columns: columns + 1, rows: rows + 1 })
      resize?.({ columns, rows })
    },
    close: () => {
      if (raw && before) raw.modes = before
    },
  }
}

/** `ctrl-p,ctrl-q`, `a` → bytes. */
function parseKeys(text: string | undefined): number[] {
  if (text === undefined || text === '') return DETACH_KEYS
  return text.split(',').map((key) => {
    const control = /^ctrl-(.)$/i.exec(key)
    return control ? control[1]!.toLowerCase().charCodeAt(0) & 31 : key.charCodeAt(0)
  })
}

/** Passes signals that the docker command gets on to a container, as `--sig-proxy` says. */
export function proxySignals(session: Session, id: string): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH', 'SIGCONT'] as const)
    session.process.on(signal, () => {
      if (signal === 'SIGWINCH' || signal === 'SIGCONT') return
      void session.client.post(`/containers/${id}/kill`, { signal: signal.slice(3) }).catch(() => {})
    })
}
