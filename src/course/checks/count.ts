import { same, type Text } from '../language.ts'
import { type Selection, select } from '../view.ts'
import type { CheckKind } from './check.ts'
import { placeOf } from './place.ts'

type CountSpec = Selection & { is?: number; min?: number; max?: number }

/** How many objects there are. */
export const count: CheckKind<CountSpec> = {
  name: 'count',
  ofState: true,
  describe: (spec) => {
    const who = placeOf(spec)
    const number = wanted(spec)
    return { en: `${number.en} × ${who.en}`, zh: `${number.zh} 个${who.zh}` }
  },
  async check(spec, { view }) {
    const { is, min, max, match: _, ...selection } = spec
    const found = await select(view, spec)
    const n = found.length
    if ((is === undefined || n === is) && (min === undefined || n >= min) && (max === undefined || n <= max))
      return undefined
    const names = found
      .slice(0, 5)
      .map((item) => item.metadata.name)
      .join(', ')
    const near = spec.match ? await select(view, selection) : []
    const others = near.length > n ? { en: ` (of ${near.length})`, zh: `（共 ${near.length} 个）` } : same('')
    const suffix = names ? `: ${names}` : ''
    return {
      expected: count.describe(spec),
      seen: { en: `${n}${others.en}${suffix}`, zh: `${n}${others.zh}${suffix}` },
      where: placeOf(spec),
      look: same(`kubectl get ${spec.kind.toLowerCase()}${where(spec)}${spec.labels ? ' --show-labels' : ''}`),
    }
  },
}

function where({ namespace }: Selection): string {
  if (namespace === '*') return ' -A'
  return namespace && namespace !== 'default' ? ` -n ${namespace}` : ''
}

function wanted({ is, min, max }: CountSpec): Text {
  if (is !== undefined) return same(String(is))
  if (min !== undefined && max !== undefined) return same(`${min}–${max}`)
  if (min !== undefined) return { en: `at least ${min}`, zh: `至少 ${min}` }
  return { en: `at most ${max ?? 0}`, zh: `至多 ${max ?? 0}` }
}
