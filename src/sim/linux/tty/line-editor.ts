import type { Signal } from '../signals.ts'

interface Modes {
  canonical: boolean
  echo: boolean
  signals: boolean
}

interface Effects {
  echo(text: string): void
  /** Input for readers; null is end of file. */
  line(bytes: Uint8Array | null): void
  signal(signal: Signal): void
}

const SIGNAL_KEYS: Readonly<Record<number, Signal>> = { 3: 'SIGINT', 28: 'SIGQUIT', 26: 'SIGTSTP' }
const decoder = new TextDecoder()

/** The terminal driver's own line editing (termios canonical mode): erase, word erase, kill, end of file. */
export class LineEditor {
  readonly #effects: Effects
  #line: number[] = []
  /** The next byte is taken literally (^V). */
  #literal = false

  constructor(effects: Effects) {
    this.#effects = effects
  }

  /** Hands over an unfinished line when a program switches to raw mode. */
  flush(): void {
    if (this.#line.length === 0) return
    this.#effects.line(Uint8Array.from(this.#line))
    this.#line = []
  }

  input(byte: number, modes: Modes): void {
    const signal = modes.signals && !this.#literal ? SIGNAL_KEYS[byte] : undefined
    if (signal) {
      if (modes.echo) this.#effects.echo(`^${String.fromCharCode(byte + 64)}`)
      this.#line = []
      this.#effects.signal(signal)
      return
    }
    if (!modes.canonical) {
      if (modes.echo) this.#effects.echo(byte === 13 || byte === 10 ? '\r\n' : String.fromCharCode(byte))
      this.#effects.line(Uint8Array.of(byte))
      return
    }
    this.#canonical(byte, modes)
  }

  #canonical(byte: number, modes: Modes): void {
    if (this.#literal) {
      this.#literal = false
      this.#append(byte, modes)
      return
    }
    switch (byte) {
      case 22:
        this.#literal = true
        return
      case 4:
        this.#effects.line(this.#line.length > 0 ? Uint8Array.from(this.#line) : null)
        this.#line = []
        return
      case 8:
      case 127:
        this.#erase(modes)
        return
      case 21:
        while (this.#line.length > 0) this.#erase(modes)
        return
      case 23:
        while (this.#line.at(-1) === 32) this.#erase(modes)
        while (this.#line.length > 0 && this.#line.at(-1) !== 32) this.#erase(modes)
        return
      case 10:
      case 13:
        if (modes.echo) this.#effects.echo('\r\n')
        this.#line.push(10)
        this.#effects.line(Uint8Array.from(this.#line))
        this.#line = []
        return
      default:
        this.#append(byte, modes)
    }
  }

  #append(byte: number, modes: Modes): void {
    this.#line.push(byte)
    if (!modes.echo) return
    if (byte < 32 && byte !== 9) this.#effects.echo(`^${String.fromCharCode(byte + 64)}`)
    else if (byte < 128) this.#effects.echo(String.fromCharCode(byte))
    else this.#echoUtf8()
  }

  /** Echoes a character of several bytes once its last byte has come. */
  #echoUtf8(): void {
    let start = this.#line.length - 1
    while (start > 0 && (this.#line[start]! & 0xc0) === 0x80) start--
    const lead = this.#line[start]!
    const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
    if (this.#line.length - start === length)
      this.#effects.echo(decoder.decode(Uint8Array.from(this.#line.slice(start))))
  }

  #erase(modes: Modes): void {
    let last = this.#line.pop()
    if (last === undefined) return
    const width = last < 32 && last !== 9 ? 2 : 1
    let wide = 0
    while (last !== undefined && (last & 0xc0) === 0x80) {
      last = this.#line.pop()
      wide++
    }
    const columns = wide >= 2 ? 2 : width
    if (modes.echo) this.#effects.echo('\b \b'.repeat(columns))
  }
}
