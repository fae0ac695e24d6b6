import type { ReactNode } from 'react'
import { examClock } from '../../course/report/exam.ts'
import { marks } from '../../course/report/verdict.ts'
import { cutLine, type Line, lineWidth, type Span } from '../../course/text/span.ts'
import { useStudy } from '../contexts/study-context.ts'
import { stepTitle } from '../overlays/lists.ts'
import type { Study } from '../study/study.ts'
import { theme } from '../theme.ts'
import { Lines } from './lines.tsx'

/** ` Kubebook   3 Pods › A first Pod                 two-node · 00:02:41 ×1 · checks ✓ ✓ ○ ○ ` */
export function StatusLine(): ReactNode {
  const study = useStudy()
  const { columns } = study.geometry
  const right = rightSide(study)
  const room = columns - lineWidth(right) - 2
  const whole = leftSide(study)
  const left = lineWidth(whole) > room ? [...cutLine(whole, room - 1), { text: '…' }] : whole
  const gap = ' '.repeat(Math.max(1, columns - lineWidth(left) - lineWidth(right)))
  return <Lines columns={columns} lines={[[...left, { text: gap }, ...right]]} rows={1} />
}

function leftSide({ desk, words }: Study): Line {
  const { step, language } = desk
  const lab = step.type === 'lab' ? `${words.task} · ` : ''
  return [
    { text: ' Kubebook  ', sgr: theme.strong },
    { text: ` ${step.chapter.number} ${step.chapter.title[language]} › ${lab}${stepTitle(step, language)}` },
  ]
}

function rightSide({ desk, speed, words }: Study): Line {
  const { session, step, busy, checks, exam } = desk
  const spans: Span[] = [{ text: session?.start.topology ?? '', sgr: theme.dim }]
  if (session) spans.push({ text: ` · ${clock(session.world.now - session.since)} ×${speed}`, sgr: theme.dim })
  if (exam === 'over') spans.push({ text: ` · ${words.examOver}`, sgr: theme.dim })
  else if (exam && session) {
    const sgr = desk.timeLeft < 300_000 ? theme.bad : theme.wait
    spans.push({ text: ` · ${words.timeLeft} ${examClock(desk.timeLeft)}`, sgr })
  }
  if (busy) spans.push({ text: ` · ${words[busy]}`, sgr: theme.wait })
  if (step.type === 'lab' && !exam) {
    spans.push({ text: ` · ${words.checks}`, sgr: theme.dim })
    for (const check of step.lab.grader.checks) {
      const status = checks?.[check.id]
      const sgr = status === 'passed' ? theme.good : status === 'failed' ? theme.bad : theme.dim
      spans.push({ text: ` ${status ? marks[status] : '○'}`, sgr })
    }
  }
  return [...spans, { text: ' ' }]
}

/** Virtual time as hours, minutes, seconds. */
function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((n) => String(n).padStart(2, '0'))
    .join(':')
}
