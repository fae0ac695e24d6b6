/** `--filter a=b --filter a=c` as the API takes it. */
export function filterQuery(list: readonly string[], extra: Record<string, string[]> = {}): string | undefined {
  const out: Record<string, string[]> = { ...extra }
  for (const filter of list) {
    const equals = filter.indexOf('=')
    const name = filter.slice(0, equals).trim().toLowerCase()
    out[name] = [...(out[name] ?? []), filter.slice(equals + 1).trim()]
  }
  return Object.keys(out).length > 0 ? JSON.stringify(out) : undefined
}
