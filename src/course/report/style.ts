/** Colours for text that goes to a terminal; all of them do nothing where colour is not wanted. */
export interface Style {
  readonly color: boolean
  good(text: string): string
  bad(text: string): string
  wait(text: string): string
  dim(text: string): string
  bold(text: string): string
  accent(text: string): string
}

const sgr = (code: string) => (text: string) => `\x1b[${code}m${text}\x1b[0m`
const none = (text: string) => text

export const ansiStyle: Style = {
  color: true,
  good: sgr('32'),
  bad: sgr('31'),
  wait: sgr('33'),
  dim: sgr('2'),
  bold: sgr('1'),
  accent: sgr('36'),
}
export const plainStyle: Style = {
  color: false,
  good: none,
  bad: none,
  wait: none,
  dim: none,
  bold: none,
  accent: none,
}
