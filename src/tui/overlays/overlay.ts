import type { Line } from '../../course/text/span.ts'
import type { Study } from '../study/study.ts'
import type { UiWords } from '../words.ts'

/** Something shown in the page's place for a while. One file each, listed in `index.ts`. */
export interface Overlay {
  title(words: UiWords): string
  /** Text, when it is not a list. */
  lines?(study: Study, width: number): Line[]
  /** The text grows at its end, which is what one wants to see. */
  fromEnd?: boolean
  /** Things to choose from. Typing narrows them when `typing` is set. */
  items?(study: Study): OverlayItem[]
  typing?: boolean
  /** Shown when there is nothing to choose from. */
  empty?(words: UiWords): string
}

export interface OverlayItem {
  label: string
  /** Shown dim, after the label. */
  detail?: string
  /** Shown below when selected. */
  text?: string
  open?(): void
}
