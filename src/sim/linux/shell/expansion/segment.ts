/** A piece of an expanded word, before splitting and quote removal. */
export interface Segment {
  text: string
  /** Safe from splitting and globbing. */
  quoted: boolean
  /** Came from an unquoted expansion: subject to word splitting. */
  split: boolean
}

/** Ends a field: between the elements of "$@". */
export const BREAK = Symbol('field boundary')

export type Piece = Segment | typeof BREAK

export const literal = (text: string): Segment => ({ text, quoted: false, split: false })
export const quoted = (text: string): Segment => ({ text, quoted: true, split: false })
export const splittable = (text: string): Segment => ({ text, quoted: false, split: true })

/** A field is a list of segments that are no longer to be split. */
export type Field = Segment[]

/** IFS word splitting of the pieces of one word. */
export function splitFields(pieces: readonly Piece[], ifs: string): Field[] {
  const fields: Field[] = []
  let current: Field | undefined
  const white = new Set<string>([...ifs].filter((c) => c === ' ' || c === '\t' || c === '\n'))
  const hard = new Set<string>([...ifs].filter((c) => !white.has(c)))
  // A non-white separator seen after white space belongs to the same separation.
  let afterWhite = false
  const end = () => {
    if (current) fields.push(current)
    current = undefined
  }
  for (const piece of pieces) {
    if (piece === BREAK) {
      end()
      afterWhite = false
      continue
    }
    if (!piece.split || ifs === '') {
      if (piece.split && piece.text === '') continue
      if (piece.text !== '' || piece.quoted) {
        current ??= []
        current.push({ ...piece, split: false })
        afterWhite = false
      }
      continue
    }
    let text = ''
    const flush = () => {
      if (text === '') return
      current ??= []
      current.push({ text, quoted: false, split: false })
      text = ''
    }
    for (const char of piece.text) {
      if (white.has(char)) {
        flush()
        if (current) {
          end()
          afterWhite = true
        }
      } else if (hard.has(char)) {
        flush()
        if (current) end()
        else if (!afterWhite) fields.push([])
        afterWhite = false
      } else {
        text += char
        afterWhite = false
      }
    }
    flush()
  }
  end()
  return fields
}

export const fieldText = (field: Field): string => field.map((segment) => segment.text).join('')
