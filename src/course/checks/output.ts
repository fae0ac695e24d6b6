/** A regular expression, or several that must all match. */
export type OutputPattern = string | readonly string[]

/** The first pattern that the text does not match; `^` and `$` stand for line ends. */
export function unmatched(text: string, patterns: OutputPattern | undefined): string | undefined {
  return [patterns ?? []].flat().find((pattern) => !new RegExp(pattern as string, 'm').test(text)) as string | undefined
}

/** The last lines of an output, short enough for a verdict. */
export function excerpt(output: string, lines = 4): string {
  const all = output.replace(/\s+$/, '').split('\n')
  const shown = all.slice(-lines).map((line) => (line.length > 160 ? `${line.slice(0, 157)}…` : line))
  return (all.length > lines ? '… ' : '') + shown.join('\n')
}
