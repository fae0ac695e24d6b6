import type { ReactNode } from 'react'
import type { Line } from '../../course/text/span.ts'
import { useStudy } from '../contexts/study-context.ts'
import { pageMargin } from '../study/geometry.ts'
import { Lines } from './lines.tsx'

/** The page, from where it is scrolled to. */
export function PagePane(): ReactNode {
  const study = useStudy()
  const { columns, rows } = study.geometry.page
  const { lines } = study.layout
  const shown = lines
    .slice(study.scroll, study.scroll + rows)
    .map((line): Line => [{ text: ' '.repeat(pageMargin) }, ...line])
  return <Lines columns={columns} lines={shown} rows={rows} />
}
