import type { Line } from '../../course/text/span.ts'
import { theme } from '../theme.ts'
import type { Overlay } from './overlay.ts'

export const help: Overlay = {
  title: (words) => words.allKeys,
  lines({ words }) {
    const keys: [string, string][] = [
      ['⇥ / ⇧⇥', `${words.terminal} / ${words.page}`],
      ['↑ ↓', words.select],
      ['PgUp PgDn', words.scroll],
      ['⏎', `${words.run} · ${words.write} · ${words.answer}`],
      ['r', words.run],
      ['1 … 9', words.answer],
      ['c', words.check],
      ['h', words.hint],
      ['u', words.undo],
      ['m', words.map],
      ['w', words.why],
      ['f / F', `${words.skip}: 30 s / 5 min`],
      ['+ -', words.speed],
      ['R', words.reset],
      ['S', words.solution],
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
    const typed = 'check · hint · next · undo · reset · solution'
    return [
      ...keys.map(([key, what]): Line => [{ text: key.padEnd(12), sgr: theme.accent }, { text: what }]),
      [],
      [{ text: '$ ', sgr: theme.dim }, { text: typed }],
    ]
  },
}
