/** Where things are on the screen. Sizes in columns and rows. */
export interface Geometry {
  columns: number
  rows: number
  /** Page and terminal side by side; otherwise one at a time. */
  wide: boolean
  page: { columns: number; rows: number }
  terminal: { columns: number; rows: number }
}

/** Margin on both sides of a page's text. */
export const pageMargin = 1

/** `│ ` between page and terminal. */
export const dividerWidth = 2

/** The widest a page's text is set: longer lines are hard to read. */
const longestLine = 100

/** `single`: one pane at a time, each as wide as the screen, even where both would fit. */
export function geometryOf(columns: number, rows: number, single = false): Geometry {
  const wide = columns >= 100 && !single
  // Status line and keys, a rule next to each; stacked, the other pane's last line between two rules.
  const body = Math.max(3, rows - (wide ? 4 : 6))
  if (!wide) {
    const page = { columns: Math.min(columns, longestLine), rows: body }
    return { columns, rows, wide, page, terminal: { columns, rows: body } }
  }
  const page = Math.max(50, Math.min(76, Math.floor(columns / 2)))
  return {
    columns,
    rows,
    wide,
    page: { columns: page, rows: body },
    terminal: { columns: columns - page - dividerWidth, rows: body },
  }
}
