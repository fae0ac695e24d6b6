/** The line being edited: characters and a cursor between them. */
export class LineBuffer {
  chars: string[] = []
  cursor = 0
  #killed = ''
  #undo: { chars: string[]; cursor: number }[] = []

  get text(): string {
    return this.chars.join('')
  }

  get beforeCursor(): string {
    return this.chars.slice(0, this.cursor).join('')
  }

  set(text: string, cursor?: number): void {
    this.#save()
    this.chars = [...text]
    this.cursor = cursor ?? this.chars.length
  }

  insert(text: string): void {
    this.#save()
    const added = [...text]
    this.chars.splice(this.cursor, 0, ...added)
    this.cursor += added.length
  }

  move(to: number): void {
    this.cursor = Math.max(0, Math.min(this.chars.length, to))
  }

  /** Removes characters between two places; `kill` keeps them for ^Y. */
  remove(from: number, to: number, kill = false): void {
    const [start, end] = [Math.max(0, from), Math.min(this.chars.length, to)]
    if (start >= end) return
    this.#save()
    const removed = this.chars.splice(start, end - start)
    if (kill) this.#killed = removed.join('')
    this.cursor = start
  }

  yank(): void {
    this.insert(this.#killed)
  }

  transpose(): void {
    if (this.chars.length < 2 || this.cursor === 0) return
    this.#save()
    const at = Math.min(this.cursor, this.chars.length - 1)
    const [a, b] = [this.chars[at - 1]!, this.chars[at]!]
    this.chars.splice(at - 1, 2, b, a)
    this.cursor = at + 1
  }

  undo(): void {
    const before = this.#undo.pop()
    if (before) Object.assign(this, before)
  }

  /** Start of the word before the cursor; `blank` counts only spaces as borders (^W). */
  wordLeft(blank = false): number {
    const inWord = blank ? /\S/ : /[\p{L}\p{N}_]/u
    let at = this.cursor
    while (at > 0 && !inWord.test(this.chars[at - 1]!)) at--
    while (at > 0 && inWord.test(this.chars[at - 1]!)) at--
    return at
  }

  wordRight(): number {
    const inWord = /[\p{L}\p{N}_]/u
    let at = this.cursor
    while (at < this.chars.length && !inWord.test(this.chars[at]!)) at++
    while (at < this.chars.length && inWord.test(this.chars[at]!)) at++
    return at
  }

  #save(): void {
    this.#undo.push({ chars: [...this.chars], cursor: this.cursor })
    if (this.#undo.length > 200) this.#undo.shift()
  }
}
