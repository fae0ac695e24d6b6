import type { Flag } from './flag.ts'

const SLOP = 5

/** The `Options:` block of a help page, wrapped to a width. */
export function flagUsages(flags: readonly Flag[], columns: number): string {
  const rows = flags
    .filter((flag) => !flag.hidden)
    .map((flag) => {
      const name = flag.shorthand ? `  -${flag.shorthand}, --${flag.name}` : `      --${flag.name}`
      return { head: flag.type ? `${name} ${flag.type}` : name, text: flag.text }
    })
  const width = Math.max(0, ...rows.map((row) => row.head.length)) + 1
  return rows
    .map(({ head, text }) => `${head}${' '.repeat(width + 2 - head.length)}${wrap(width + 2, columns, text)}\n`)
    .join('')
}

/** pflag's way to wrap: lines may go over by a little when that saves a short last one. */
function wrap(indent: number, columns: number, text: string): string {
  let from = indent
  let room = columns - from
  let lead = ''
  if (room < 24) {
    from = 16
    room = columns - from
    lead = `\n${' '.repeat(from)}`
  }
  const gap = `\n${' '.repeat(from)}`
  if (room < 24) return lead + text.replace(/\n/g, gap)
  const lines: string[] = []
  let rest = text
  do {
    const [line, after] = takeLine(room - SLOP, rest)
    lines.push(line.replace(/\n/g, gap))
    rest = after
  } while (rest !== '')
  return lead + lines.join(gap)
}

function takeLine(size: number, text: string): [string, string] {
  if (size + SLOP > text.length) return [text, '']
  const head = text.slice(0, size)
  const space = Math.max(head.lastIndexOf(' '), head.lastIndexOf('\t'), head.lastIndexOf('\n'))
  if (space <= 0) return [text, '']
  const newline = head.lastIndexOf('\n')
  const cut = newline > 0 && newline < space ? newline : space
  return [text.slice(0, cut), text.slice(cut + 1)]
}
