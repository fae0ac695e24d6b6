import { parseIndexes } from './indexes.ts'

/** The first rule of spec.successPolicy that the succeeded indexes fulfil. */
export function matchedSuccessRule(
  policy: any,
  succeeded: ReadonlySet<number>,
  completions: number,
): number | undefined {
  const at = (policy.rules ?? []).findIndex(({ succeededIndexes, succeededCount }: any) => {
    const wanted =
      succeededIndexes === undefined
        ? new Set(Array.from({ length: completions }, (_, i) => i))
        : parseIndexes(succeededIndexes)
    const met = [...wanted].filter((index) => succeeded.has(index)).length
    return succeededCount === undefined ? met === wanted.size : met >= succeededCount
  })
  return at < 0 ? undefined : at
}
