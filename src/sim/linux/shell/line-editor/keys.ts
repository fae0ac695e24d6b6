/** A key or a piece of pasted text, decoded from a terminal's bytes. */
export type Key = { kind: 'text'; text: string } | { kind: 'key'; name: string } | { kind: 'paste'; text: string }

const SEQUENCES: Readonly<Record<string, string>> = {
  '[A': 'up',
  '[B': 'down',
  '[C': 'right',
  '[D': 'left',
  OA: 'up',
  OB: 'down',
  OC: 'right',
  OD: 'left',
  '[H': 'home',
  '[F': 'end',
  OH: 'home',
  OF: 'end',
  '[1~': 'home',
  '[4~': 'end',
  '[7~': 'home',
  '[8~': 'end',
  '[3~': 'delete',
  '[5~': 'page-up',
  '[6~': 'page-down',
  '[2~': 'insert',
  '[1;5C': 'word-right',
  '[1;5D': 'word-left',
  '[1;3C': 'word-right',
  '[1;3D': 'word-left',
  '[Z': 'back-tab',
  b: 'word-left',
  f: 'word-right',
  d: 'delete-word',
  '\x7f': 'backspace-word',
  '.': 'last-argument',
}

/** Decodes a terminal's input; keeps what is not complete for the next call. */
export class KeyDecoder {
  readonly #decoder = new TextDecoder()
  #rest = ''
  #paste: string | undefined

  decode(bytes: Uint8Array): Key[] {
    this.#rest += this.#decoder.decode(bytes, { stream: true })
    const keys: Key[] = []
    for (let key = this.#next(); key; key = this.#next()) keys.push(key)
    return keys
  }

  /** A lone Escape is only known to be one when nothing follows. */
  get pendingEscape(): boolean {
    return this.#rest === '\x1b'
  }

  flushEscape(): Key | undefined {
    if (this.#rest !== '\x1b') return undefined
    this.#rest = ''
    return { kind: 'key', name: 'escape' }
  }

  #next(): Key | undefined {
    if (this.#paste !== undefined) return this.#pasted()
    const text = this.#rest
    if (text === '') return undefined
    if (text[0] === '\x1b') return this.#escape(text)
    if (text[0]! < ' ' || text[0] === '\x7f') {
      this.#rest = text.slice(1)
      return { kind: 'key', name: controlName(text[0]!) }
    }
    const plain = /^[^\x00-\x1f\x7f]+/.exec(text)![0]
    this.#rest = text.slice(plain.length)
    return { kind: 'text', text: plain }
  }

  #escape(text: string): Key | undefined {
    if (text.startsWith('\x1b[200~')) {
      this.#paste = ''
      this.#rest = text.slice(6)
      return this.#pasted()
    }
    const match = /^\x1b(\[[0-9;?]*[ -/]*[@-~]|O[A-Za-z]|[^[O])/.exec(text)
    if (!match) return undefined
    this.#rest = text.slice(match[0].length)
    return { kind: 'key', name: SEQUENCES[match[1]!] ?? (match[1]!.length === 1 ? `meta-${match[1]}` : 'unknown') }
  }

  #pasted(): Key | undefined {
    const end = this.#rest.indexOf('\x1b[201~')
    if (end < 0) return undefined
    const text = this.#rest.slice(0, end).replace(/\r\n?/g, '\n')
    this.#rest = this.#rest.slice(end + 6)
    this.#paste = undefined
    return { kind: 'paste', text }
  }
}

function controlName(char: string): string {
  const names: Readonly<Record<string, string>> = {
    '\r': 'enter',
    '\n': 'enter',
    '\t': 'tab',
    '\x7f': 'backspace',
    '\b': 'backspace',
  }
  return names[char] ?? `ctrl-${String.fromCharCode(char.charCodeAt(0) + 96)}`
}
