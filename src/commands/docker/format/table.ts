/** text/tabwriter as docker sets it up: columns at least ten wide, three spaces apart. */
export function alignTable(rows: readonly string[], minimum = 10, padding = 3): string {
  const cells = rows.map((row) => row.split('\t'))
  const columns = Math.max(0, ...cells.map((row) => row.length))
  const widths = Array<number>(columns).fill(0)
  for (const row of cells)
    row.forEach((cell, i) => {
      // The last cell of a row is not part of a column.
      if (i < row.length - 1) widths[i] = Math.max(widths[i]!, minimum, [...cell].length + padding)
    })
  return cells
    .map((row) =>
      row.map((cell, i) => (i < row.length - 1 ? cell + ' '.repeat(widths[i]! - [...cell].length) : cell)).join(''),
    )
    .map((line) => `${line}\n`)
    .join('')
}
