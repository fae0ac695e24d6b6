import type { Line } from '../../../course/text/span.ts'
import type { ApiClient } from '../../../sim/kubernetes/api/client.ts'
import type { UiWords } from '../../words.ts'

/** A figure drawn from the world as it is now. Always the same number of lines, so that the page stands still. */
export interface LiveFigure {
  readonly height: number
  lines(client: ApiClient, name: string, words: UiWords): Line[]
}
