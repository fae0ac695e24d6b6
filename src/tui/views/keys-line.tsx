import type { ReactNode } from 'react'
import type { SessionWord } from '../../course/session/words.ts'
import { type Line, lineWidth, type Span } from '../../course/text/span.ts'
import { useStudy } from '../contexts/study-context.ts'
import { errorsOn } from '../overlays/errors.ts'
import type { Study } from '../study/study.ts'
import { theme } from '../theme.ts'
import { Lines } from './lines.tsx'

/** The keys that act now. What does not fit is left out from the right, but never the last. */
export function KeysLine(): ReactNode {
  const study = useStudy()
  const { columns } = study.geometry
  return <Lines columns={columns} lines={[fit(keysOf(study), columns)]} rows={1} />
}

function keysOf(study: Study): [string, string][] {
  const { view, overlay, focus, words, desk, screen } = study
  if (overlay) {
    const keys: [string, string][] = overlay.items
      ? [
          ['↑↓', words.select],
          ['⏎', words.open],
        ]
      : []
    if (!overlay.items) keys.push(['↑↓', words.scroll])
    return [...keys, ['Esc', words.close]]
  }
  if (view === 'home')
    return [
      ['↑↓', words.select],
      ['⏎', words.open],
      ['/', words.search],
      ['l', words.labs],
      ['g', words.glossary],
      ['L', words.language],
      ['s', words.settings],
      ['q', words.leave],
    ]
  if (focus === 'terminal') {
    const scrolled: [string, string][] = screen.scrolledBack > 0 ? [['', words.back]] : []
    return [...scrolled, ['⇧⇥', words.page], ['', desk.offered.join('  ')], ['PgUp', words.scroll]]
  }
  const { offered } = desk
  const only = (word: SessionWord, key: string, what: string): [string, string][] =>
    offered.includes(word) ? [[key, what]] : []
  const lab = desk.step.type === 'lab'
  const keys: [string, string][] = lab
    ? [['c', desk.closedBook ? words.handIn : words.check], ...only('hint', 'h', words.hint)]
    : [
        ['↑↓', words.select],
        ['r', words.run],
        ...(study.openQuestion ? ([['1 2 3', words.answer]] as [string, string][]) : []),
      ]
  const explained = errorsOn(study, study.screen.text(0)).length > 0
  return [
    ['⇥', words.terminal],
    ...keys,
    ['n', words.next],
    ...only('undo', 'u', words.undo),
    ['m', words.map],
    explained ? ['e', words.errors] : ['w', words.why],
    ['f', words.skip],
    ['q', words.leave],
    ['?', words.allKeys],
  ]
}

function fit(keys: [string, string][], columns: number): Line {
  const spans = keys.map(([key, what]): Span[] => [
    { text: ` ${key}`, sgr: theme.accent },
    { text: `${key ? ' ' : ''}${what}  `, sgr: theme.dim },
  ])
  const last = spans.pop() ?? []
  const out: Span[] = []
  for (const span of spans) {
    if (lineWidth([...out, ...span, ...last]) > columns) break
    out.push(...span)
  }
  return [...out, ...last]
}
