import { formatPrintf } from '../../linux/shell/builtins/printf-format.ts'
import { StrNum, toNumber, UNSET, type Value } from './value.ts'

/** awk's printf: `%c` of a number is a character, `%d` cuts fractions. */
export function awkPrintf(format: string, values: readonly Value[], asText: (value: Value) => string): string {
  let index = 0
  return format.replace(
    /%(?:%|([-+ #0]*)(\*|\d+)?(?:\.(\*|\d*))?[hlLqjzt]*([a-zA-Z]))/g,
    (
      all,
      flags: string | undefined,
      width: string | undefined,
      precision: string | undefined,
      kind: string | undefined,
    ) => {
      if (all === '%%' || kind === undefined) return '%'
      const take = (): Value => values[index++] ?? UNSET
      const wide = width === '*' ? String(Math.trunc(toNumber(take()))) : (width ?? '')
      const exact = precision === undefined ? '' : `.${precision === '*' ? Math.trunc(toNumber(take())) : precision}`
      const value = take()
      const spec = (letter: string) => `%${flags ?? ''}${wide}${exact}${letter}`
      if (kind === 'c')
        return formatPrintf(spec('s'), [
          typeof value === 'number' || value instanceof StrNum
            ? String.fromCodePoint(Math.trunc(toNumber(value)) || 0)
            : ([...value][0] ?? ''),
        ]).text
      if (kind === 's') return formatPrintf(spec('s'), [asText(value)]).text
      if ('di'.includes(kind)) {
        const number = Math.trunc(toNumber(value))
        return formatPrintf(spec('d'), [Number.isFinite(number) ? BigInt(number).toString() : '0']).text
      }
      if ('ouxX'.includes(kind))
        return formatPrintf(spec(kind), [BigInt(Math.trunc(toNumber(value)) || 0).toString()]).text
      return formatPrintf(spec(kind), [String(toNumber(value))]).text
    },
  )
}
