import { Box } from 'ink'
import type { ReactNode } from 'react'
import { type Line, lineWidth, padLine, type Span } from '../../course/text/span.ts'
import { useStudy } from '../contexts/study-context.ts'
import { type HomeItem, homeItems } from '../home/home-items.ts'
import { theme } from '../theme.ts'
import { KeysLine } from './keys-line.tsx'
import { Lines } from './lines.tsx'

/** Where one begins: go on, review, or choose a chapter. */
export function HomeView(): ReactNode {
  const study = useStudy()
  const { columns, rows } = study.geometry
  const items = homeItems(study)
  const title: Span[] = [{ text: ' Kubebook', sgr: theme.strong }]
  const language: Span = { text: `L ${study.words.language} `, sgr: theme.dim }
  const gap = ' '.repeat(Math.max(1, columns - lineWidth(title) - lineWidth([language])))
  const top = items.filter((item) => item.type !== 'chapter')
  const chapters = items.slice(top.length)
  const lines: Line[] = [
    [...title, { text: gap }, language],
    [],
    ...top.map((item, i) => itemLine(item, i === study.cursor)),
    [],
    ...chapterLines(chapters, study.cursor - top.length, columns, rows - top.length - 5),
  ]
  return (
    <Box flexDirection="column" width={columns}>
      <Lines columns={columns} lines={lines} rows={rows - 1} />
      <KeysLine />
    </Box>
  )
}

function itemLine({ label, detail }: HomeItem, selected: boolean): Line {
  const sgr = selected ? { sgr: theme.accent } : {}
  return [
    { text: `${selected ? ' ▸ ' : '   '}`, ...sgr },
    ...padLine([{ text: label, ...sgr }], 10),
    { text: detail, ...sgr },
  ]
}

/** One column, or two where one is too short. */
function chapterLines(items: readonly HomeItem[], selected: number, columns: number, rows: number): Line[] {
  const perColumn =
    columns >= 100
      ? Math.max(Math.ceil(items.length / 2), Math.min(items.length, 6))
      : Math.min(items.length, Math.max(1, rows))
  const width = Math.floor(columns / 2)
  const lines: Line[] = []
  for (let y = 0; y < Math.min(perColumn, items.length); y++) {
    const first = chapterLine(items[y]!, y === selected)
    const second = items[y + perColumn]
    lines.push(
      second && columns >= 100 ? [...padLine(first, width), ...chapterLine(second, y + perColumn === selected)] : first,
    )
  }
  return lines
}

const barLength = 12

function chapterLine({ label, detail, bar }: HomeItem, selected: boolean): Line {
  const full = bar ? Math.round((bar.done / Math.max(1, bar.of)) * barLength) : 0
  const sgr = selected ? { sgr: theme.accent } : {}
  return [
    { text: `${selected ? ' ▸' : '  '}${label}  `, ...sgr },
    ...padLine([{ text: detail, ...sgr }], 26),
    { text: '█'.repeat(full), sgr: theme.good },
    { text: '░'.repeat(barLength - full), sgr: theme.dim },
    { text: `  ${bar?.done}/${bar?.of}`, sgr: theme.dim },
  ]
}
