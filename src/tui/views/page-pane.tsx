import type { ReactNode } from 'react'
import type { Line } from '../../course/text/span.ts'
import { useStudy } from '../contexts/study-context.ts'
import { pageMargin } from '../study/geometry.ts'
import { theme } from '../theme.ts'
import { Lines } from './lines.tsx'

/** The page, from where it is scrolled to. */
export function PagePane(): ReactNode {
  const study = useStudy()
  const { columns, rows } = study.geometry.page
  const { lines } = study.layout
  const shown = lines
    .slice(study.scroll, study.scroll + rows)
    .map((line): Line => [{ text: ' '.repeat(pageMargin) }, ...line])
  if (study.scroll + rows < lines.length && shown.length > 0) {
    const rest = Math.round(((study.scroll + rows) / lines.length) * 100)
    shown[shown.length - 1] = [{ text: ' '.repeat(Math.max(0, columns - 8)) }, { text: `↓ ${rest} %`, sgr: theme.dim }]
  }
  return <Lines columns={columns} lines={shown} rows={rows} />
}
