import type { SessionWord } from '../../course/session/words.ts'
import type { Line } from '../../course/text/span.ts'
import { theme } from '../theme.ts'
import type { Overlay } from './overlay.ts'

export const help: Overlay = {
  title: (words) => words.allKeys,
  lines({ words, desk: { offered } }) {
    const all: [string, string, SessionWord?][] = [
      ['⇥ / ⇧⇥', `${words.terminal} / ${words.page}`],
      ['↑ ↓', words.select],
      ['PgUp PgDn', words.scroll],
      ['⏎', `${words.run} · ${words.write} · ${words.answer}`],
      ['r', words.run],
      ['1 … 9', words.answer],
      ['c', words.check, 'check'],
      ['h', words.hint, 'hint'],
      ['u', words.undo, 'undo'],
      ['m', words.map],
      ['w', words.why],
      ['f / F', `${words.skip}: 30 s / 5 min`],
      ['+ -', words.speed],
      ['z', words.single],
      ['R', words.reset, 'reset'],
      ['S', words.solution, 'solution'],
      ['n / p', `${words.next} / ${words.previous}`],
      ['/', words.search],
      ['t', words.terms],
      ['e', words.errors],
      ['g', words.glossary],
      ['l', words.labs],
      ['L', words.language],
      ['s', words.settings],
      ['Esc', words.contents],
      ['q', words.leave],
    ]
    const keys = all.filter(([, , word]) => !word || offered.includes(word))
    return [
      ...keys.map(([key, what]): Line => [{ text: key.padEnd(12), sgr: theme.accent }, { text: what }]),
      [],
      [{ text: '$ ', sgr: theme.dim }, { text: offered.join(' · ') }],
    ]
  },
}
