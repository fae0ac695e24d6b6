/** A key or a paste, as the page understands them. */
export interface Key {
  /** `a`, `容`, `up`, `enter`, `paste`. */
  name: string
  /** The bytes as they came; of a paste, what is between the brackets. */
  raw: string
}

const named: Record<string, string> = {
  '\x1b[A': 'up',
  '\x1b[B': 'down',
  '\x1b[C': 'right',
  '\x1b[D': 'left',
  '\x1bOA': 'up',
  '\x1bOB': 'down',
  '\x1bOC': 'right',
  '\x1bOD': 'left',
  '\x1b[5~': 'pageup',
  '\x1b[6~': 'pagedown',
  '\x1b[H': 'home',
  '\x1b[F': 'end',
  '\x1b[1~': 'home',
  '\x1b[4~': 'end',
  '\x1b[Z': 'shift-tab',
  '\t': 'tab',
  '\r': 'enter',
  '\n': 'enter',
  '\x7f': 'backspace',
  '\b': 'backspace',
  '\x03': 'ctrl-c',
  '\x04': 'ctrl-d',
  '\x1b': 'escape',
  ' ': 'space',
}

const sequence = /^\x1b(?:\[[0-?]*[ -/]*[@-~]|O[A-Za-z])/
const pasteStart = '\x1b[200~'
const pasteEnd = '\x1b[201~'

/**
 * Cuts what comes from the terminal into keys. An escape sequence may come in pieces: what may still grow is kept
 * until more comes or `flush` says that nothing did.
 */
export class KeyReader {
  #rest = ''

  read(chunk: string): Key[] {
    const keys: Key[] = []
    let text = this.#rest + chunk
    this.#rest = ''
    while (text !== '') {
      if (text.startsWith(pasteStart)) {
        const end = text.indexOf(pasteEnd)
        if (end < 0) break
        keys.push({ name: 'paste', raw: text.slice(pasteStart.length, end) })
        text = text.slice(end + pasteEnd.length)
        continue
      }
      const found = text[0] === '\x1b' ? sequence.exec(text)?.[0] : String.fromCodePoint(text.codePointAt(0)!)
      if (found === undefined) {
        if (text === '\x1b' || text === '\x1bO' || /^\x1b\[[0-?]*[ -/]*$/.test(text)) break
        keys.push({ name: 'escape', raw: '\x1b' })
        text = text.slice(1)
        continue
      }
      keys.push({ name: named[found] ?? found, raw: found })
      text = text.slice(found.length)
    }
    this.#rest = text
    return keys
  }

  /** True while an escape may be the beginning of something longer. */
  get waiting(): boolean {
    return this.#rest !== '' && !this.#rest.startsWith(pasteStart)
  }

  /** What was kept is all there is: a lone Esc key. */
  flush(): Key[] {
    if (!this.waiting) return []
    const rest = this.#rest
    this.#rest = ''
    return [{ name: rest === '\x1b' ? 'escape' : rest, raw: rest }]
  }
}
