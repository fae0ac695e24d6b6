/** Kubernetes' `$(VAR)` expansion: unknown names stay as written, `$$` escapes. */
export function expand(text: string, lookup: (name: string) => string | undefined): string {
  return text.replace(/\$(?:\$|\(([^)]*)\))/g, (whole, name: string | undefined) => {
    if (whole === '$$') return '$'
    return lookup(name ?? '') ?? whole
  })
}
