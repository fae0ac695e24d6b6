/** Reads a simple JSON path (`.spec.replicas`, `.status.conditions[?(@.type=="Ready")].status`): all that it finds. */
export function readJsonPath(object: unknown, path: string): unknown[] {
  let found: unknown[] = [object]
  for (const step of path.matchAll(
    /\.([^.[\]]+)|\[\?\(@\.([^=!<>]+)\s*(==|!=)\s*['"]?([^'")]*)['"]?\)\]|\['([^']+)'\]|\[(\*|-?\d+)\]/g,
  )) {
    const [, name, filter, operator, wanted, quoted, index] = step
    const key = name ?? quoted
    if (key !== undefined) {
      const plain = key.replace(/\\\./g, '.')
      found = found.flatMap((v) =>
        typeof v === 'object' && v !== null && (v as any)[plain] !== undefined ? [(v as any)[plain]] : [],
      )
    } else if (filter !== undefined) {
      found = found.flatMap((v) =>
        Array.isArray(v)
          ? v.filter((item) => (String(readJsonPath(item, `.${filter}`)[0]) === wanted) === (operator === '=='))
          : [],
      )
    } else if (index === '*') {
      found = found.flatMap((v) => (Array.isArray(v) ? v : typeof v === 'object' && v !== null ? Object.values(v) : []))
    } else if (index !== undefined) {
      found = found.flatMap((v) => (Array.isArray(v) && v.at(Number(index)) !== undefined ? [v.at(Number(index))] : []))
    }
  }
  return found
}
