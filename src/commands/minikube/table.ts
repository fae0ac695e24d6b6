/** A table with lines, headings in the middle, as minikube draws it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  // The tick takes two columns.
  const length = (text: string) => [...text].length + (text.includes('✅') ? 1 : 0)
  const widths = head.map((title, i) => Math.max(length(title), ...rows.map((row) => length(row[i] ?? ''))))
  const rule = (left: string, middle: string, right: string) =>
    `${left}${widths.map((width) => '─'.repeat(width + 2)).join(middle)}${right}\n`
  const centre = (text: string, width: number) => {
    const left = Math.floor((width - length(text)) / 2)
    return ' '.repeat(left) + text + ' '.repeat(width - length(text) - left)
  }
  const line = (cells: readonly string[]) => `│ ${cells.join(' │ ')} │\n`
  const body = rows.map((row) => line(row.map((cell, i) => cell + ' '.repeat(widths[i]! - length(cell)))))
  return (
    rule('┌', '┬', '┐') +
    line(head.map((title, i) => centre(title, widths[i]!))) +
    rule('├', '┼', '┤') +
    body.join('') +
    rule('└', '┴', '┘')
  )
}
