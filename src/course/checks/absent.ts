import { same } from '../language.ts'
import { type Selection, select } from '../view.ts'
import type { CheckKind } from './check.ts'
import { placeOf } from './place.ts'

/** No such object exists. */
export const absent: CheckKind<Selection> = {
  name: 'absent',
  ofState: true,
  describe: (selection) => {
    const who = placeOf(selection)
    return { en: `no ${who.en}`, zh: `没有${who.zh}` }
  },
  async check(selection, { view }) {
    const found = await select(view, selection)
    if (found.length === 0) return undefined
    const names = found
      .slice(0, 5)
      .map((item) => item.metadata.name)
      .join(', ')
    const going = found.every((item) => item.metadata.deletionTimestamp)
    return {
      expected: absent.describe(selection),
      seen: going ? { en: `${names} (still terminating)`, zh: `${names}（还在终止中）` } : same(names),
      where: placeOf(selection),
      look: same(`kubectl get ${selection.kind.toLowerCase()} -A`),
    }
  },
}
