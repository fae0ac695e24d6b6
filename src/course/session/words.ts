import type { ProgramTable } from '../../sim/containers/engine.ts'
import type { Program } from '../../sim/linux/process.ts'

/** What the learner can say to the book, typed at the prompt like any command. */
export const sessionWords = ['check', 'hint', 'next', 'reset', 'undo', 'solution'] as const
export type SessionWord = (typeof sessionWords)[number]

/**
 * The words as programs of the learner's machine. The world must not depend on the answer (a journal replays without
 * anybody to give it), so a word only writes a private control sequence to its terminal; who shows the terminal takes
 * it out and answers there.
 */
export const wordPrograms: ProgramTable = new Map(sessionWords.map((word) => [word, program(word)]))

function program(word: SessionWord): Program {
  return async (process) => {
    await process.print(`${start}${word}${end}`)
    return 0
  }
}

const start = '\x1b]7700;'
const end = '\x07'

/** Takes the words out of a terminal's output. Feed it what comes; it keeps a sequence that is cut in two. */
export class WordReader {
  #rest = ''

  /** Pieces in order: text to show, or a word. */
  read(output: string): ({ text: string } | { word: SessionWord })[] {
    const pieces: ({ text: string } | { word: SessionWord })[] = []
    let text = this.#rest + output
    this.#rest = ''
    for (;;) {
      const from = text.indexOf(start)
      const to = from < 0 ? -1 : text.indexOf(end, from)
      if (to < 0) break
      if (from > 0) pieces.push({ text: text.slice(0, from) })
      pieces.push({ word: text.slice(from + start.length, to) as SessionWord })
      text = text.slice(to + end.length)
    }
    const cut = cutStart(text)
    this.#rest = text.slice(cut)
    if (cut > 0) pieces.push({ text: text.slice(0, cut) })
    return pieces
  }
}

/** Where an unfinished sequence begins at the end of the text. */
function cutStart(text: string): number {
  const whole = text.indexOf(start)
  if (whole >= 0) return whole
  for (let length = Math.min(start.length - 1, text.length); length > 0; length--) {
    if (start.startsWith(text.slice(text.length - length))) return text.length - length
  }
  return text.length
}
